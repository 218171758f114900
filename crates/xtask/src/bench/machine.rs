//! The machine the figures belong to, and whether it was quiet.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::shell;

/// More than this part of the time stolen by neighbours makes a run worthless.
const STOLEN_AT_MOST: f64 = 0.02;
/// More than this part of the machine busy before the run began does the same.
const BUSY_AT_MOST: f64 = 0.05;

/// Whether servers and clients can be pinned: two cores at least, and a program that does it.
pub(super) fn can_pin() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let probe = Command::new("taskset").args(["-c", "0,1", "true"]).output();
        cpus() >= 2 && probe.is_ok_and(|done| done.status.success())
    })
}

fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The machine's CPU time since it started, in ticks.
#[derive(Clone, Copy, Debug)]
struct Jiffies {
    total: u64,
    idle: u64,
    stolen: u64,
}

impl Jiffies {
    /// Reads the counters now.
    fn read() -> Self {
        Self::parse(&fs::read_to_string("/proc/stat").unwrap_or_default())
    }

    fn parse(stat: &str) -> Self {
        let line = stat.lines().next().unwrap_or_default();
        let ticks: Vec<u64> =
            line.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
        // user nice system idle iowait irq softirq steal; what follows is in the first ones.
        Self {
            total: ticks.iter().take(8).sum(),
            idle: ticks.iter().skip(3).take(2).sum(),
            stolen: ticks.get(7).copied().unwrap_or_default(),
        }
    }

    fn stolen_since(&self, before: &Self) -> f64 {
        self.stolen.saturating_sub(before.stolen) as f64 / self.total_since(before)
    }

    fn busy_since(&self, before: &Self) -> f64 {
        1.0 - self.idle.saturating_sub(before.idle) as f64 / self.total_since(before)
    }

    fn total_since(&self, before: &Self) -> f64 {
        self.total.saturating_sub(before.total).max(1) as f64
    }
}

/// The machine before a run: what it was doing already, and its counters.
#[derive(Debug)]
pub(super) struct Before {
    jiffies: Jiffies,
    busy: f64,
    begin: Instant,
}

impl Before {
    /// Watches the machine for a moment.
    pub(super) fn watch() -> Self {
        let before = Jiffies::read();
        std::thread::sleep(Duration::from_secs(1));
        let jiffies = Jiffies::read();
        let busy = jiffies.busy_since(&before);
        if busy > BUSY_AT_MOST {
            eprintln!("this machine is busy: the figures will not be worth much");
        }
        Self { jiffies, busy, begin: Instant::now() }
    }
}

/// What is to be known about the machine, as lines of a list.
pub(super) fn facts(before: &Before) -> Vec<String> {
    let stolen = Jiffies::read().stolen_since(&before.jiffies);
    let busy = before.busy;
    let mut facts = vec![
        format!("{} CPUs, {}", cpus(), cpu_model()),
        format!("kernel {}", read_line("/proc/sys/kernel/osrelease")),
        format!("{}, measured in {} s", date(), before.begin.elapsed().as_secs()),
        format!("{:.0} % busy before the run began", busy * 100.0),
        format!("{:.1} % of the CPU time was stolen by neighbours", stolen * 100.0),
    ];
    if stolen > STOLEN_AT_MOST || busy > BUSY_AT_MOST {
        facts.push("**too noisy**: do not trust these figures, run again".into());
    }
    if !can_pin() {
        facts.push("nothing could be pinned: the rows for one core are not comparable".into());
    }
    facts
}

fn cpu_model() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    model.map_or("unknown", |text| text.trim_start_matches(['\t', ' ', ':'])).to_owned()
}

fn read_line(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

fn date() -> String {
    let date = shell::read(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]));
    date.map_or_else(|_| "date unknown".into(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_parts_of_all_time() {
        let before = Jiffies::parse("cpu  10 0 10 70 0 0 0 10 5 0\n");
        let after = Jiffies::parse("cpu  60 0 30 170 0 0 0 40 9 0\n");
        assert_eq!((before.total, before.stolen), (100, 10));
        assert!((after.stolen_since(&before) - 0.15).abs() < 1e-9);
        assert!((after.busy_since(&before) - 0.5).abs() < 1e-9);
    }
}
