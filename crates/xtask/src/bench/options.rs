//! What the person asks of `cargo xtask bench`.

use std::path::PathBuf;

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// CPU per command, throughput and latency.
    Speed,
    /// User-space instructions per command.
    Instructions,
    /// Bytes per entry.
    Memory,
    /// Hit ratios of a cache.
    Hits,
    /// Ten thousand connections that do nothing.
    Idle,
}

impl Section {
    const ALL: [Self; 5] = [Self::Speed, Self::Instructions, Self::Memory, Self::Hits, Self::Idle];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Speed => "speed",
            Self::Instructions => "instructions",
            Self::Memory => "memory",
            Self::Hits => "hits",
            Self::Idle => "idle",
        }
    }
}

const USAGE: &str = "usage: cargo xtask bench [SECTION...] [--quick] [--rounds N] [--alone]
                         [--profile release|dist] [--shoal EXECUTABLE] [--runtime NAME]

  sections: speed instructions memory hits idle (all of them if none is named)
  --quick   a fifth of the requests and of the keys
  --alone   Shoal only: no peers, so no ratios";

/// The options, all of them with a value.
#[derive(Debug)]
pub(super) struct Options {
    /// The parts to measure, in this order.
    pub(super) sections: Vec<Section>,
    /// How often every workload goes round.
    pub(super) rounds: usize,
    /// Numbers of requests and keys are divided by this.
    pub(super) divisor: u64,
    /// Whether the peers are measured too.
    pub(super) peers: bool,
    /// The profile Shoal is built in.
    pub(super) profile: String,
    /// An executable to measure instead of one built now.
    pub(super) executable: Option<PathBuf>,
    /// What is given to Shoal as `--runtime`.
    pub(super) runtime: String,
}

impl Options {
    /// Reads the words behind `cargo xtask bench`.
    pub(super) fn parse(words: &[String]) -> Result<Self, String> {
        let mut options = Self {
            sections: Vec::new(),
            rounds: 2,
            divisor: 1,
            peers: true,
            profile: "dist".into(),
            executable: None,
            runtime: "auto".into(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--quick" => options.divisor = 5,
                "--alone" => options.peers = false,
                "--rounds" => {
                    options.rounds = value()?.parse().map_err(|_| USAGE)?;
                }
                "--profile" => options.profile.clone_from(value()?),
                "--shoal" => options.executable = Some(value()?.into()),
                "--runtime" => options.runtime.clone_from(value()?),
                name => match Section::ALL.into_iter().find(|section| section.name() == name) {
                    Some(section) => options.sections.push(section),
                    None => return Err(format!("what is {name}?\n{USAGE}")),
                },
            }
        }
        if options.sections.is_empty() {
            options.sections = Section::ALL.to_vec();
        }
        options.rounds = options.rounds.max(1);
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn words_and_values() {
        let options = parse("memory --quick --rounds 3 --alone").unwrap();
        assert_eq!(options.sections, [Section::Memory]);
        assert_eq!((options.rounds, options.divisor, options.peers), (3, 5, false));
        assert_eq!(parse("").unwrap().sections, Section::ALL);
        assert!(parse("--rounds").unwrap_err().contains("needs a value"));
        assert!(parse("fast").unwrap_err().contains("what is fast?"));
    }
}
