//! How many processors we may use, and which.
//!
//! Two limits count: the affinity mask of the process, and the quota of its control groups (which a
//! container's `--cpus` sets), rounded up.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

const CGROUP_ROOT: &str = "/sys/fs/cgroup";

/// The processors in the affinity mask of the calling thread, by number.
pub fn allowed() -> io::Result<Vec<usize>> {
    let mask = sched_getaffinity(None)?;
    Ok((0..CpuSet::MAX_CPU).filter(|cpu| mask.is_set(*cpu)).collect())
}

/// How many processors this process may keep busy: at least one.
pub fn usable() -> io::Result<usize> {
    let allowed = allowed()?.len();
    Ok(quota().map_or(allowed, |quota| quota.min(allowed)).max(1))
}

/// Which processor each of `cores` cores is to be pinned to, if it is to be pinned at all: when
/// there are as many cores as usable processors and no quota below them, or when it was asked for.
pub fn placement(cores: usize, is_forced: bool) -> io::Result<Option<Vec<usize>>> {
    let allowed = allowed()?;
    let is_natural = cores == allowed.len() && usable()? == cores;
    if !is_forced && !is_natural {
        return Ok(None);
    }
    Ok(Some(allowed.iter().copied().cycle().take(cores).collect()))
}

/// Ties the calling thread to one processor.
pub fn pin_to(cpu: usize) -> io::Result<()> {
    let mut mask = CpuSet::new();
    mask.set(cpu);
    Ok(sched_setaffinity(None, &mask)?)
}

/// The quota of the control groups of this process in processors, rounded up; none if unlimited.
fn quota() -> Option<usize> {
    quota_of(&fs::read_to_string("/proc/self/cgroup").ok()?, Path::new(CGROUP_ROOT))
}

/// The smallest quota that a line of `/proc/self/cgroup` leads to, its ancestors included.
fn quota_of(cgroups: &str, root: &Path) -> Option<usize> {
    cgroups.lines().filter_map(|line| line_quota(line, root)).min()
}

/// `hierarchy:controllers:path`; the controllers are empty in version 2.
fn line_quota(line: &str, root: &Path) -> Option<usize> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (controllers, group) = (fields.next()?, fields.next()?);
    if controllers.is_empty() {
        return smallest(root, group, |folder| quota_v2(&read(folder, "cpu.max")?));
    }
    if !controllers.split(',').any(|controller| controller == "cpu") {
        return None;
    }
    [controllers, "cpu"].iter().find_map(|name| smallest(&root.join(name), group, quota_v1))
}

/// The smallest quota of a group and its ancestors. Inside a container the path may name a group of
/// the host that is not visible; then the root of the mount is what counts.
fn smallest(root: &Path, group: &str, quota_in: impl Fn(&Path) -> Option<usize>) -> Option<usize> {
    let folder: PathBuf = root.join(group.trim_start_matches('/'));
    folder.ancestors().take_while(|folder| folder.starts_with(root)).filter_map(quota_in).min()
}

fn read(folder: &Path, file: &str) -> Option<String> {
    fs::read_to_string(folder.join(file)).ok()
}

/// `cpu.max` is `QUOTA PERIOD` in microseconds, or `max PERIOD`.
fn quota_v2(text: &str) -> Option<usize> {
    let mut words = text.split_whitespace();
    processors(words.next()?, words.next()?)
}

/// Two files; a quota of -1 is none.
fn quota_v1(folder: &Path) -> Option<usize> {
    processors(read(folder, "cpu.cfs_quota_us")?.trim(), read(folder, "cpu.cfs_period_us")?.trim())
}

fn processors(quota: &str, period: &str) -> Option<usize> {
    let (quota, period): (u64, u64) = (quota.parse().ok()?, period.parse().ok()?);
    if period == 0 {
        return None;
    }
    usize::try_from(quota.div_ceil(period)).ok().filter(|processors| *processors > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_rounded_up() {
        assert_eq!(quota_v2("100000 100000\n"), Some(1));
        assert_eq!(quota_v2("150000 100000\n"), Some(2));
        assert_eq!(quota_v2("50000 100000"), Some(1));
        assert_eq!(quota_v2("max 100000\n"), None);
        assert_eq!(quota_v2(""), None);
        assert_eq!(quota_v2("5 0"), None);
        assert_eq!(processors("-1", "100000"), None);
        assert_eq!(processors("0", "100000"), None);
    }

    /// A folder of control group files that goes away with the test.
    fn cgroup_files(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("cpus-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn version_2_asks_the_group_and_its_ancestors() {
        let root = cgroup_files(
            "v2",
            &[("a/cpu.max", "200000 100000"), ("a/b/cpu.max", "max 100000"), ("c/x", "")],
        );
        assert_eq!(quota_of("0::/a/b\n", &root), Some(2));
        assert_eq!(quota_of("0::/c\n", &root), None);
        assert_eq!(quota_of("0::/../not/here\n", &root), None);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn version_1_asks_the_cpu_controller_alone() {
        let root = cgroup_files(
            "v1",
            &[
                ("cpu,cpuacct/d/cpu.cfs_quota_us", "300000\n"),
                ("cpu,cpuacct/d/cpu.cfs_period_us", "100000\n"),
                ("cpuset/d/cpu.cfs_quota_us", "100000\n"),
                ("cpuset/d/cpu.cfs_period_us", "100000\n"),
            ],
        );
        let cgroups = "5:cpuset:/d\n4:cpu,cpuacct:/d\n1:name=systemd:/d\n0::/\n";
        assert_eq!(quota_of(cgroups, &root), Some(3));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn this_machine_has_a_processor_for_us() {
        let allowed = allowed().unwrap();
        assert!((1..=allowed.len()).contains(&usable().unwrap()));
        let forced = placement(allowed.len() * 2, true).unwrap().unwrap();
        assert_eq!(forced[0], forced[allowed.len()], "more cores than processors share them");
        assert_eq!(placement(allowed.len() + 1, false).unwrap(), None);
    }

    #[test]
    fn a_pinned_thread_may_use_one_processor() {
        let cpu = *allowed().unwrap().last().unwrap();
        let pinned = std::thread::Builder::new().spawn(move || {
            pin_to(cpu).unwrap();
            allowed().unwrap()
        });
        assert_eq!(pinned.unwrap().join().unwrap(), [cpu]);
    }
}
