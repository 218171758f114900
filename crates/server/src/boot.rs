//! From a command line to a running house.
//!
//! **Steps**
//! 1. Read the configuration; go to `dir`; open the log.
//! 2. Count cores and shards, bind the sockets.
//! 3. Choose the runtime, start a thread per core, wait until all have stopped.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use config::{CommandLine, Config, Files, Loaded, Pin, Runtime, Sources};
use keyspace::KeyHasher;
use runtime::{Clock as _, ListenSpec, Listeners, MeshEnd, Plan, SystemClock, UnixSpec, Waker};
use session::House;
use stdx::prng::Prng;
use txn::Placement;

use crate::core::{Core, Parts};
use crate::facts::{FileOnDisk, SystemFacts};
use crate::mailbox::Corridor;

/// Envelopes that a corridor holds. A sender whose corridor is full keeps filling the next envelope.
const CORRIDOR_CAPACITY: usize = 256;

/// Everything that can keep the server from starting or end it early, in words for the operator.
type Failure = Box<dyn std::error::Error>;

/// Runs the server as the command line asks. Answers the exit status of the process.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let done = match CommandLine::parse(args) {
        Ok(CommandLine::Help) => say(&config::help()),
        Ok(CommandLine::Version) => say(&version()),
        Ok(CommandLine::Serve(sources)) => serve(&sources),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be told if standard error is gone too.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn version() -> String {
    format!("Shoal server v={} redis_version=7.4.0 bits=64\n", env!("CARGO_PKG_VERSION"))
}

fn say(text: &str) -> Result<(), Failure> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

fn serve(sources: &Sources) -> Result<(), Failure> {
    let Loaded { config, file, warnings } = config::load(sources, &OnDisk)?;
    let file = file.map(fs::canonicalize).transpose()?;
    if let Some(dir) = &config.dir {
        std::env::set_current_dir(dir)
            .map_err(|error| format!("Can't chdir to '{}': {error}", dir.display()))?;
    }
    crate::logging::start(&config)?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let cores = match config.cores {
        0 => runtime::cpus::usable()?,
        cores => cores as usize,
    };
    let shards = if config.shards == 0 { cores } else { config.shards as usize };
    let listeners = listen(&config, cores)?;
    let choice = choose_runtime(config.runtime, cores)?;
    let pins = pins(&config, cores)?;
    let parts = parts(config, file, cores, shards, choice)?;
    let house = Arc::clone(&parts.house);
    let wakers = Waker::per_core(cores)?;
    crate::signals::watch(Arc::clone(&house), wakers.clone())?;
    let pidfile = parts.config.pidfile.clone();
    if let Some(path) = &pidfile {
        fs::write(path, format!("{}\n", house.pid))?;
    }
    let plan = Plan { listeners, corridor_capacity: CORRIDOR_CAPACITY, pins, wakers };
    tracing::info!(cores, shards, "Ready to accept connections");
    let build = move |end: MeshEnd<Corridor>| Core::new(&parts, end);
    let ended = match choice {
        Chosen::Glommio => runtime_glommio::run(plan, build),
        Chosen::Epoll => runtime_epoll::run(plan, build),
    };
    if let Some(path) = pidfile {
        // A missing file at the end is as good as a removed one.
        let _ = fs::remove_file(path);
    }
    tracing::warn!("Shoal is now ready to exit, bye bye...");
    Ok(ended?)
}

/// The runtime that was chosen.
#[derive(Clone, Copy)]
enum Chosen {
    Glommio,
    Epoll,
}

fn choose_runtime(asked: Runtime, cores: usize) -> Result<Chosen, Failure> {
    let probe = match asked {
        Runtime::Epoll => Err("not asked for".to_owned()),
        Runtime::Auto | Runtime::Glommio => runtime_glommio::io_uring_available(cores),
    };
    match (asked, probe) {
        (_, Ok(())) => {
            tracing::info!("runtime glommio: io_uring is available");
            Ok(Chosen::Glommio)
        }
        (Runtime::Glommio, Err(reason)) => {
            Err(format!("runtime glommio was asked for, but io_uring is not available: {reason}").into())
        }
        (_, Err(reason)) => {
            tracing::info!("runtime epoll: io_uring {reason}");
            Ok(Chosen::Epoll)
        }
    }
}

fn listen(config: &Config, cores: usize) -> Result<Listeners, Failure> {
    let mode = (config.unixsocketperm != 0).then_some(config.unixsocketperm);
    let unix = config.unixsocket.clone().map(|path| UnixSpec { path, mode });
    let spec = ListenSpec {
        bind: config.bind.clone(),
        port: config.port,
        backlog: config.tcp_backlog,
        cores,
        unix,
    };
    let listeners = Listeners::bind(&spec)?;
    for warning in listeners.warnings() {
        tracing::warn!("{warning}");
    }
    if listeners.is_empty() {
        return Err("Configured to not listen anywhere, exiting.".into());
    }
    Ok(listeners)
}

fn pins(config: &Config, cores: usize) -> io::Result<Option<Vec<usize>>> {
    match config.pin {
        Pin::No => Ok(None),
        Pin::Auto => runtime::cpus::placement(cores, false),
        Pin::Yes => runtime::cpus::placement(cores, true),
    }
}

fn parts(
    config: Config,
    file: Option<std::path::PathBuf>,
    cores: usize,
    shards: usize,
    chosen: Chosen,
) -> Result<Parts, Failure> {
    let mut random = [0u8; 8];
    fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    let mut prng = Prng::new(u64::from_ne_bytes(random));
    let mut run_id = String::new();
    while run_id.len() < 40 {
        write!(run_id, "{:016x}", prng.next_u64())?;
    }
    run_id.truncate(40);
    let mut house = House::new(run_id, SystemClock.now().unix_ms, cores, shards);
    house.runtime = match chosen {
        Chosen::Glommio => "glommio",
        Chosen::Epoll => "epoll",
    };
    house.config_text = file.clone().map(|path| Box::new(FileOnDisk(path)) as _);
    house.config_file = file;
    house.facts = Box::new(SystemFacts::new());
    Ok(Parts {
        house: Arc::new(house),
        config,
        placement: Placement::contiguous(shards, cores),
        hasher: KeyHasher::with_seed(prng.next_u64()),
        seed: prng.next_u64(),
    })
}

/// Configuration files on disk.
struct OnDisk;

impl Files for OnDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_stdin(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text)?;
        Ok(text)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect()
    }
}

