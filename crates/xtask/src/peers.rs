//! The packaged servers that Shoal is compared with, and where each comes from.

use std::fs;

use testkit::oracle::Packaged;

use crate::packages::Depot;
use crate::shell;

/// A packaged server: in which Debian suite, which packages, and what it must say it is.
struct Origin {
    which: Packaged,
    suite: &'static str,
    packages: &'static [&'static str],
    version: &'static str,
}

const ORACLE: Origin = Origin {
    which: Packaged::Oracle,
    suite: "bookworm",
    packages: &["redis-server", "redis-tools", "redis-sentinel"],
    version: "v=7.0.15",
};

const NEWER: [Origin; 2] = [
    Origin {
        which: Packaged::Redis8,
        suite: "sid",
        packages: &["redis-server", "redis-tools"],
        version: "v=8.",
    },
    Origin {
        which: Packaged::Valkey,
        suite: "sid",
        packages: &["valkey-server", "valkey-tools"],
        version: "v=9.",
    },
];

/// Fetches the oracle, unless it is there.
pub(crate) fn oracle() -> Result<(), String> {
    fetch(&ORACLE)
}

/// Fetches the newer servers, unless they are there: the one that is asked about what the oracle
/// does not know yet, and the one to and from which values travel as well.
pub(crate) fn newer() -> Result<(), String> {
    NEWER.iter().try_for_each(fetch)
}

fn fetch(origin: &Origin) -> Result<(), String> {
    let name = origin.which.name();
    if let Some(run) = origin.which.find() {
        let version = verified(origin)?;
        println!("{name} is there: {} ({version})", run.display());
        return Ok(());
    }
    let folder = origin.which.folder();
    println!("fetching {name} from Debian {} into {}", origin.suite, folder.display());
    let depot = Depot::open(&shell::root().join("target/packages"), origin.suite)?;
    depot.unpack(origin.packages, &folder)?;
    let verdict = verified(origin);
    match &verdict {
        Ok(version) => println!("{version}"),
        // A half of a server must not be found by the next run.
        Err(_) => drop(fs::remove_dir_all(&folder)),
    }
    verdict.map(drop)
}

fn verified(origin: &Origin) -> Result<String, String> {
    let mut server = origin.which.command(origin.which.server());
    let version = shell::read(server.arg("--version"))?.trim().to_owned();
    if version.contains(origin.version) {
        return Ok(version);
    }
    let name = origin.which.name();
    Err(format!("{name} should be {}, but it says: {version}", origin.version))
}
