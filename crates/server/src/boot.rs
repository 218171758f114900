//! From a command line to a running house.
//!
//! **Steps**
//! 1. Read the configuration; leave the terminal if asked to; go to `dir`; open the log.
//! 2. Count cores and shards, raise the limit of open files, bind the sockets.
//! 3. Choose the runtime, start a thread per core, wait until all have stopped.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use config::{CommandLine, Config, Files, Loaded, Pin, Runtime, Sources};
use keyspace::KeyHasher;
use runtime::listen::reason;
use runtime::{Clock as _, ListenSpec, Listeners, MeshEnd, Plan, SystemClock, UnixSpec, Waker};
use session::House;
use stdx::prng::Prng;
use txn::{Numbers, Placement};

use crate::core::{Core, Parts};
use crate::facts::{FileOnDisk, SystemFacts};
use crate::mailbox::{CallLimits, Corridor};
use crate::{daemon, open_files};

/// Envelopes that a corridor holds. A sender whose corridor is full keeps filling the next
/// envelope.
const CORRIDOR_CAPACITY: usize = 256;

/// Everything that can keep the server from starting or end it early, in words for the operator.
type Failure = Box<dyn std::error::Error>;

/// Runs the server as the command line asks. Answers the exit status of the process.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = args.into_iter().collect();
    let done = match CommandLine::parse(words.iter().cloned()) {
        Ok(CommandLine::Help) => say(&config::help()),
        Ok(CommandLine::Version) => say(&version()),
        Ok(CommandLine::Serve(sources)) => serve(&sources, &words),
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

/// Serves, or leaves behind a process that does.
fn serve(sources: &Sources, words: &[OsString]) -> Result<(), Failure> {
    let files = OnDisk::default();
    let mut loaded = config::load(sources, &files)?;
    if loaded.config.daemonize {
        if !daemon::is_detached() {
            return Ok(daemon::start(words, files.stdin.get().map(Vec::as_slice))?);
        }
        daemon::detach();
    }
    // Before the process goes elsewhere: the path may be relative.
    loaded.file = loaded.file.map(fs::canonicalize).transpose()?;
    go_to_dir(&mut loaded.config)?;
    crate::logging::start(&loaded.config)?;
    if loaded.config.disable_thp
        && let Err(error) = runtime::process::disable_transparent_huge_pages()
    {
        tracing::warn!("Transparent huge pages stay on: {error}");
    }
    let ended = run(loaded);
    if let Err(error) = &ended {
        tracing::error!("{error}");
    }
    ended
}

/// Changes into `dir`; without one, where the process is becomes the value of `dir`.
fn go_to_dir(config: &mut Config) -> Result<(), Failure> {
    if let Some(dir) = &config.dir {
        std::env::set_current_dir(dir)
            .map_err(|error| format!("Can't chdir to '{}': {}", dir.display(), reason(&error)))?;
    }
    config.dir = Some(std::env::current_dir()?);
    Ok(())
}

/// Runs the server until it is told to stop.
fn run(loaded: Loaded) -> Result<(), Failure> {
    let Loaded { mut config, file, warnings } = loaded;
    introduce(file.as_deref());
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let cores = match config.cores {
        0 => runtime::cpus::usable()?,
        cores => cores as usize,
    };
    let shards = if config.shards == 0 { cores } else { config.shards as usize };
    config.maxclients = open_files::make_room(config.maxclients, cores)?;
    let listeners = listen(&config, cores)?;
    let choice = choose_runtime(config.runtime, cores)?;
    let pins = pins(&config, cores)?;
    tracing::info!(cores, shards, "Running mode=standalone, port={}.", config.port);
    let traces = Traces::leave(&config);
    let parts = parts(config, file, cores, shards, choice)?;
    let wakers = Waker::per_core(cores)?;
    crate::signals::watch(Arc::clone(&parts.house), wakers.clone())?;
    let plan = Plan { listeners, corridor_capacity: CORRIDOR_CAPACITY, pins, wakers };
    tracing::info!("Ready to accept connections");
    let build = move |end: MeshEnd<Corridor>| Core::new(&parts, end);
    let ended = match choice {
        Chosen::Glommio => runtime_glommio::run(plan, build),
        Chosen::Epoll => runtime_epoll::run(plan, build),
    };
    traces.remove();
    tracing::warn!("Shoal is now ready to exit, bye bye...");
    Ok(ended?)
}

fn introduce(file: Option<&Path>) {
    let (version, pid) = (env!("CARGO_PKG_VERSION"), std::process::id());
    tracing::warn!("Shoal is starting");
    tracing::warn!("Shoal version={version}, bits=64, pid={pid}, just started");
    match file {
        Some(path) => tracing::warn!("Configuration loaded from {}", path.display()),
        None => tracing::warn!(
            "Warning: no config file specified. In order to specify a config file use \
             shoal /path/to/redis.conf"
        ),
    }
}

/// Where a process in the background leaves its id if nothing else is said.
const PIDFILE_OF_DAEMON: &str = "/var/run/redis.pid";

/// Files that are there as long as the server runs.
struct Traces(Vec<PathBuf>);

impl Traces {
    /// Writes the process id to `pidfile`. REDIS: where that is impossible the server runs all the
    /// same.
    fn leave(config: &Config) -> Self {
        let mut paths = Vec::from_iter(config.unixsocket.clone());
        let default = config.daemonize.then(|| PathBuf::from(PIDFILE_OF_DAEMON));
        if let Some(path) = config.pidfile.clone().or(default) {
            match fs::write(&path, format!("{}\n", std::process::id())) {
                Ok(()) => paths.push(path),
                Err(error) => {
                    tracing::warn!(
                        "Failed to write PID file '{}': {}",
                        path.display(),
                        reason(&error)
                    );
                }
            }
        }
        Self(paths)
    }

    fn remove(self) {
        for path in self.0 {
            // A missing file at the end is as good as a removed one.
            let _ = fs::remove_file(path);
        }
    }
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
            Err(format!("runtime glommio was asked for, but io_uring is not available: {reason}")
                .into())
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
    file: Option<PathBuf>,
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
    house.facts = Box::new(SystemFacts::new(cores));
    Ok(Parts {
        house: Arc::new(house),
        config,
        placement: Placement::contiguous(shards, cores),
        hasher: KeyHasher::with_seed(prng.next_u64()),
        numbers: Numbers::default(),
        seed: prng.next_u64(),
        call_limits: CallLimits::default(),
    })
}

/// Configuration files on disk.
#[derive(Default)]
struct OnDisk {
    /// What came from standard input, if it was read: it comes only once.
    stdin: OnceLock<Vec<u8>>,
}

impl Files for OnDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_stdin(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text)?;
        Ok(self.stdin.get_or_init(|| text).clone())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect()
    }
}
