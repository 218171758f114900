//! The one table of all commands: the data families and the session families joined.

use std::sync::OnceLock;

use command::{Command, CommandTable};

use crate::Run;

/// Every command that this server has.
pub type Table = CommandTable<Run>;

/// The table, built once per process.
#[must_use]
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut families = vec![joined(commands::FAMILIES)];
        families.extend_from_slice(crate::commands::FAMILIES);
        CommandTable::new(&families)
    })
}

/// Data commands as commands of the joined table. They live as long as the process, like every
/// declaration.
fn joined(families: &[&[commands::Command]]) -> &'static [Command<Run>] {
    let all = families.iter().copied().flatten().map(join).collect::<Vec<_>>();
    Box::leak(all.into_boxed_slice())
}

fn join(command: &commands::Command) -> Command<Run> {
    Command {
        spec: command.spec,
        run: command.run.map(Run::Data),
        subcommands: joined(&[command.subcommands]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_keeps_the_invariants() {
        assert_eq!(command::check::violations(table()), Vec::<String>::new());
    }
}
