//! The text of `--help`, made from the table.

use clap::{Arg, Command};

use crate::table::PARAMETERS;
use crate::values::Config;

/// What `shoal --help` prints.
pub fn help() -> String {
    let default = Config::default();
    let options = PARAMETERS.iter().map(|parameter| {
        let value = parameter.get(&default);
        let value = String::from_utf8_lossy(&value);
        let summary = parameter.summary;
        let text =
            if value.is_empty() { summary.to_owned() } else { format!("{summary} [{value}]") };
        Arg::new(parameter.name).long(parameter.name).value_name("VALUE").help(text)
    });
    let file = Arg::new("FILE").help("Configuration: *.yaml, *.yml, or the language of redis.conf");
    Command::new("shoal")
        .about("A Redis-protocol server for multicore Linux.")
        .override_usage(
            "shoal [FILE] [--NAME VALUE ...]...\n       \
             shoal [FILE] [--NAME VALUE ...]... -     (more redis.conf lines from stdin)\n       \
             shoal -v | --version\n       \
             shoal -h | --help",
        )
        .arg(file)
        .args(options)
        .disable_help_flag(true)
        .render_help()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::help;
    use crate::table::PARAMETERS;

    #[test]
    fn every_parameter_is_in_the_help() {
        let help = help();
        for parameter in PARAMETERS {
            assert!(help.contains(&format!("--{} <VALUE>", parameter.name)), "{}", parameter.name);
        }
        assert!(help.starts_with("A Redis-protocol server"), "{help}");
        assert!(help.contains("shoal [FILE]"));
    }
}
