//! The commented examples in `config/` say every parameter and nothing but the defaults.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use config::{CommandLine, Config, Files, Loaded, PARAMETERS, load};

struct Examples;

impl Files for Examples {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match path.to_str() {
            Some("shoal.conf") => Ok(include_bytes!("../../../config/shoal.conf").to_vec()),
            Some("shoal.yaml") => Ok(include_bytes!("../../../config/shoal.yaml").to_vec()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn read_stdin(&self) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<OsString>> {
        Ok(Vec::new())
    }
}

fn parse(name: &str) -> CommandLine {
    CommandLine::parse([OsString::from(name)]).expect("a file's name is a command line")
}

fn load_example(name: &str) -> Loaded {
    let CommandLine::Serve(sources) = parse(name) else {
        panic!("{name} is a file");
    };
    load(&sources, &Examples).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn examples_are_the_defaults() {
    for name in ["shoal.conf", "shoal.yaml"] {
        let loaded = load_example(name);
        assert_eq!(loaded.config, Config::default(), "{name}");
        assert_eq!(loaded.warnings, [""; 0], "{name}");
    }
}

#[test]
fn examples_name_every_parameter() {
    for (example, separator) in [("shoal.conf", " "), ("shoal.yaml", ":")] {
        let text = String::from_utf8(Examples.read(Path::new(example)).unwrap()).unwrap();
        for parameter in PARAMETERS {
            let start = format!("{}{separator}", parameter.name);
            let is_there = |line: &str| line.strip_prefix("# ").unwrap_or(line).starts_with(&start);
            assert!(text.lines().any(is_there), "{} is missing in {example}", parameter.name);
        }
    }
}
