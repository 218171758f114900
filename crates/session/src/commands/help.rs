//! The HELP subcommands.

use resp::{Args, ReplyWriter};

/// Writes the lines about a container's subcommands; HELP itself comes last.
pub(super) fn write(args: Args<'_>, lines: &[&str], writer: &mut ReplyWriter<'_>) {
    let container = String::from_utf8_lossy(args.at(0)).to_ascii_uppercase();
    writer.array(lines.len() + 3);
    let title = "<subcommand> [<arg> [value] [opt] ...]. Subcommands are:";
    writer.simple(&format!("{container} {title}"));
    for line in lines {
        writer.simple(line);
    }
    writer.simple("HELP");
    writer.simple("    Prints this help.");
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;
    use crate::table;

    #[test]
    fn help_names_every_subcommand_and_nothing_else() {
        let mut bench = Bench::new();
        let mut containers = 0;
        for id in table().commands().filter(|&id| table().subcommands(id).next().is_some()) {
            let name = table().get(id).spec.name;
            if name == "OBJECT" {
                continue; // A data command has its own way of answering HELP.
            }
            containers += 1;
            let help = bench.ask(&format!("{} help", name.to_lowercase()));
            let lines: Vec<&str> = help.split("\r\n").collect();
            assert_eq!(lines[0], format!("*{}", lines.len() - 2), "{name}");
            let title = "<subcommand> [<arg> [value] [opt] ...]. Subcommands are:";
            assert_eq!(lines[1], format!("+{name} {title}"));
            let is_title = |line: &&&str| line.starts_with('+') && !line.starts_with("+ ");
            let mut named: Vec<&str> = lines[2..]
                .iter()
                .filter(is_title)
                .map(|line| line[1..].split(' ').next().unwrap())
                .filter(|word| *word != "(no")
                .collect();
            named.sort_unstable();
            named.dedup();
            let mut there: Vec<&str> =
                table().subcommands(id).map(|id| table().get(id).spec.name).collect();
            there.sort_unstable();
            assert_eq!(named, there, "{name}");
        }
        assert_eq!(containers, 7);
    }
}
