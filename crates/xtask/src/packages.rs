//! Debian packages, downloaded and unpacked without installing anything and without root.
//!
//! **Steps**: write a source list for the wanted suite from the machine's own one; update it into
//! state of our own; follow the dependencies on libraries; download, unpack side by side, and put
//! a program `run` beside them that starts an executable with exactly these libraries. The
//! machine's own package lists and installed packages stay as they are.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell;

/// Starts a program of the unpacked packages by their own loader with their own libraries, so that
/// the release of the machine does not matter.
const RUN: &str = r#"#!/bin/sh
# Runs one of the packages' programs with the packages' own libraries.
root="$(dirname "$(readlink -f "$0")")/root"
program="$1"
shift
libraries=
for folder in "$root"/usr/lib/*-linux-gnu "$root"/lib/*-linux-gnu; do
    if [ -d "$folder" ]; then libraries="$libraries$folder:"; fi
done
for loader in "$root"/lib*/ld-linux-*.so.? "$root"/usr/lib*/ld-linux-*.so.?; do
    if [ -x "$loader" ]; then
        exec "$loader" --library-path "$libraries" "$root/usr/bin/$program" "$@"
    fi
done
echo "$0: no loader under $root" >&2
exit 127
"#;

/// One suite of a Debian mirror, seen through apt with state of our own.
pub(crate) struct Depot {
    folder: PathBuf,
}

impl Depot {
    /// Brings the package lists of the suite into `folder`.
    pub(crate) fn open(folder: &Path, suite: &str) -> Result<Self, String> {
        let depot = Self { folder: folder.join(suite) };
        for place in ["lists/partial", "archives/partial"] {
            fs::create_dir_all(depot.folder.join(place)).map_err(|error| error.to_string())?;
        }
        let sources = sources_for(suite, &machine_sources()?)?;
        let list = depot.folder.join("suite.sources");
        fs::write(list, sources).map_err(|error| error.to_string())?;
        shell::read(depot.apt("apt-get").arg("update"))
            .map_err(|error| format!("the package lists of {suite} cannot be had: {error}"))?;
        Ok(depot)
    }

    /// Unpacks the packages and the libraries they need under `to/root` and writes `to/run`.
    pub(crate) fn unpack(&self, packages: &[&str], to: &Path) -> Result<(), String> {
        let archives = self.folder.join("archives");
        let names = self.with_libraries(packages)?;
        let mut download = self.apt("apt-get");
        shell::read(download.arg("download").args(&names).current_dir(&archives))?;
        let root = to.join("root");
        fs::create_dir_all(&root).map_err(|error| error.to_string())?;
        for name in &names {
            let archive = archive_of(name, &archives)?;
            shell::read(Command::new("dpkg").arg("-x").arg(archive).arg(&root))?;
        }
        let run = to.join("run");
        let written = fs::write(&run, RUN)
            .and_then(|()| fs::set_permissions(&run, fs::Permissions::from_mode(0o755)));
        written.map_err(|error| format!("{}: {error}", run.display()))
    }

    /// The packages and, transitively, the libraries they depend on. What else they name (users to
    /// add, services to start) is of no use to a program that is only unpacked.
    fn with_libraries(&self, packages: &[&str]) -> Result<BTreeSet<String>, String> {
        let mut names: BTreeSet<String> = packages.iter().map(|&name| name.to_owned()).collect();
        let mut unasked: Vec<String> = names.iter().cloned().collect();
        while !unasked.is_empty() {
            let text = shell::read(self.apt("apt-cache").arg("depends").args(&unasked))?;
            unasked = dependencies(&text)
                .filter(|name| name.starts_with("lib") && names.insert((*name).to_owned()))
                .map(str::to_owned)
                .collect();
        }
        Ok(names)
    }

    fn apt(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let place =
            |option: &str, name: &str| format!("{option}={}", self.folder.join(name).display());
        command
            .args(["-o", &place("Dir::Etc::sourcelist", "suite.sources")])
            .args(["-o", "Dir::Etc::sourceparts=/dev/null"])
            .args(["-o", &place("Dir::State::lists", "lists")])
            .args(["-o", &place("Dir::Cache", ".")])
            // Downloads into a checkout: the user apt would drop to may not write there.
            .args(["-o", "APT::Sandbox::User=root"])
            .args(["-o", "Acquire::Languages=none"]);
        command
    }
}

/// The machine's own source lists, one text.
fn machine_sources() -> Result<String, String> {
    let folder = Path::new("/etc/apt/sources.list.d");
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    files.extend(fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()));
    let texts: Vec<String> =
        files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    if texts.is_empty() {
        return Err("no apt source list on this machine: a Debian system is needed".into());
    }
    Ok(texts.join("\n\n"))
}

/// The stanzas of the machine's Debian mirror, asking for the wanted suite.
fn sources_for(suite: &str, machine: &str) -> Result<String, String> {
    let stanzas = machine.split("\n\n").flat_map(one_line_entries);
    let asking: BTreeSet<String> = stanzas.filter_map(|stanza| retarget(&stanza, suite)).collect();
    if asking.is_empty() {
        return Err("no Debian mirror in this machine's apt source lists".into());
    }
    Ok(asking.into_iter().collect::<Vec<_>>().join("\n\n"))
}

/// A stanza as it is, or the `deb URI SUITE ...` lines of the older form as stanzas.
fn one_line_entries(stanza: &str) -> Vec<String> {
    if stanza.lines().any(|line| line.starts_with("URIs:")) {
        return vec![stanza.to_owned()];
    }
    let lines = stanza.lines().filter_map(|line| line.strip_prefix("deb "));
    lines
        .filter_map(|line| {
            let (options, entry) = match line.trim().strip_prefix('[') {
                Some(rest) => rest.split_once(']')?,
                None => ("", line),
            };
            let key = options.split_whitespace().find_map(|word| word.strip_prefix("signed-by="));
            let key = key.map(|key| format!("\nSigned-By: {key}")).unwrap_or_default();
            let mut words = entry.split_whitespace();
            let (uri, suite) = (words.next()?, words.next()?);
            Some(format!("Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main{key}"))
        })
        .collect()
}

/// The stanza asking for another suite, if it names a Debian mirror's main archive.
fn retarget(stanza: &str, suite: &str) -> Option<String> {
    let field = |name: &str| stanza.lines().find_map(|line| line.strip_prefix(name));
    let archive = field("URIs:")?.trim().trim_end_matches('/').ends_with("/debian");
    let lines = stanza.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let lines = lines.map(|line| match line.split_once(':') {
        Some(("Suites", _)) => format!("Suites: {suite}"),
        Some(("Types", _)) => "Types: deb".into(),
        Some(("Components", _)) => "Components: main".into(),
        _ => line.to_owned(),
    });
    archive.then(|| lines.collect::<Vec<_>>().join("\n"))
}

/// The names of packages that `apt-cache depends` says must be there.
fn dependencies(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (kind, name) = line.trim_start_matches([' ', '|']).split_once(": ")?;
        matches!(kind, "Depends" | "PreDepends").then_some(name.trim())
    })
}

/// The downloaded file of a package.
fn archive_of(package: &str, archives: &Path) -> Result<PathBuf, String> {
    let start = format!("{package}_");
    let files = fs::read_dir(archives).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = files
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&start))
        .map(|entry| entry.path())
        .collect();
    // Several versions may lie there from earlier days; the newest download counts.
    found.sort_by_key(|path| path.metadata().and_then(|facts| facts.modified()).ok());
    found.pop().ok_or_else(|| format!("{package} was not downloaded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODERN: &str = "Types: deb deb-src\n# a note\nURIs: http://mirror.test/debian\n\
        Suites: bookworm bookworm-updates\nComponents: main contrib\nSigned-By: /k.gpg\n\n\
        Types: deb\nURIs: http://other.test/node\nSuites: nodistro\nComponents: main\n";

    #[test]
    fn only_the_archive_is_asked_and_for_the_wanted_suite() {
        let text = sources_for("sid", MODERN).unwrap();
        let expected = "Types: deb\nURIs: http://mirror.test/debian\nSuites: sid\n\
            Components: main\nSigned-By: /k.gpg";
        assert_eq!(text, expected);
        assert!(sources_for("sid", "Types: deb\nURIs: http://other.test/node\n").is_err());
    }

    #[test]
    fn one_line_lists_are_understood() {
        let old = "deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian/ trixie main\n";
        let text = sources_for("bookworm", old).unwrap();
        assert!(text.contains("Suites: bookworm") && text.contains("Signed-By: /k.gpg"), "{text}");
    }

    #[test]
    fn dependencies_are_read_and_suggestions_are_not() {
        let text = "redis-server\n  PreDepends: init\n |Depends: liba\n  Depends: <virtual>\n  \
            Suggests: libb\n  Depends: libc6\n";
        let names: Vec<_> = dependencies(text).collect();
        assert_eq!(names, ["init", "liba", "<virtual>", "libc6"]);
    }
}
