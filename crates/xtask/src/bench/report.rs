//! The report: tables of ratios with targets and verdicts, and the machine they belong to.

use std::fmt::Write;

/// What a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// At most this many times the best peer's figure.
    RatioAtMost(f64),
    /// At least this many times the best peer's figure.
    RatioAtLeast(f64),
    /// At most this, whatever the peers do.
    AtMost(f64),
    /// Shown, not judged.
    Shown,
}

/// One row: a figure for every server.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What was done.
    pub(super) what: String,
    /// The figures in the order of the servers, Shoal first; `None` where it was not measured.
    pub(super) figures: Vec<Option<f64>>,
    /// What ours is held against.
    pub(super) target: Target,
    /// How far the rounds lay apart, as a part of the smallest: the worst of the servers.
    pub(super) spread: f64,
}

/// A table: figures of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// What the figures are, with their unit.
    pub(super) title: String,
    /// The names of the servers.
    pub(super) servers: Vec<&'static str>,
    /// Digits after the point.
    pub(super) digits: usize,
    /// Whether a greater figure is the better one.
    pub(super) more_is_better: bool,
    /// The rows.
    pub(super) rows: Vec<Row>,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) tables: Vec<Table>,
    /// Lines about the machine.
    pub(super) machine: Vec<String>,
    /// Lines about what could not be measured as asked.
    pub(super) notes: Vec<String>,
}

/// Rounds further apart than this are called noisy.
const NOISY: f64 = 0.15;

impl Row {
    fn ratio(&self, more_is_better: bool) -> Option<f64> {
        let better =
            |one: f64, other: f64| if more_is_better { one.max(other) } else { one.min(other) };
        let best = self.figures.iter().skip(1).flatten().copied().reduce(better)?;
        Some(self.figures.first().copied().flatten()? / best)
    }

    /// Whether the target is met; `None` where there is none or nothing to hold it against.
    fn met(&self, more_is_better: bool) -> Option<bool> {
        match self.target {
            Target::RatioAtMost(bound) => Some(self.ratio(more_is_better)? <= bound),
            Target::RatioAtLeast(bound) => Some(self.ratio(more_is_better)? >= bound),
            Target::AtMost(bound) => Some(self.figures.first().copied().flatten()? <= bound),
            Target::Shown => None,
        }
    }
}

impl Table {
    fn write(&self, text: &mut String) {
        let columns = self.servers.join(" | ");
        let rule = "---|".repeat(self.servers.len() + 4);
        let _ =
            write!(text, "\n### {}\n\n| | {columns} | ratio | target | |\n|{rule}\n", self.title);
        for row in &self.rows {
            let _ = write!(text, "| {} |", row.what);
            for figure in &row.figures {
                let shown = figure.map_or("-".into(), |figure| format!("{figure:.*}", self.digits));
                let _ = write!(text, " {shown} |");
            }
            let ratio =
                row.ratio(self.more_is_better).map_or("-".into(), |ratio| format!("{ratio:.2}"));
            let _ = writeln!(text, " {ratio} | {} | {} |", row.target_text(), self.verdict(row));
        }
    }

    fn verdict(&self, row: &Row) -> String {
        let verdict = match row.met(self.more_is_better) {
            Some(true) => "PASS",
            Some(false) => "**MISS**",
            None => "",
        };
        if row.spread <= NOISY {
            return verdict.into();
        }
        format!("{verdict} noisy: rounds {:.0} % apart", row.spread * 100.0).trim_start().into()
    }
}

impl Row {
    fn target_text(&self) -> String {
        match self.target {
            Target::RatioAtMost(bound) => format!("<= {bound:.2} x"),
            Target::RatioAtLeast(bound) => format!(">= {bound:.2} x"),
            Target::AtMost(bound) => format!("<= {bound}"),
            Target::Shown => String::new(),
        }
    }
}

impl Report {
    /// The whole report as Markdown.
    pub(super) fn to_markdown(&self) -> String {
        let mut text = String::from("## Bench\n\n");
        for fact in self.machine.iter().chain(&self.notes) {
            let _ = writeln!(text, "- {fact}");
        }
        let rows =
            || self.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        let verdicts: Vec<bool> =
            rows().filter_map(|(table, row)| row.met(table.more_is_better)).collect();
        let met = verdicts.iter().filter(|met| **met).count();
        let noisy = rows().filter(|(_, row)| row.spread > NOISY).count();
        let _ = writeln!(text, "- {met} of {} targets met, {noisy} rows noisy", verdicts.len());
        let _ = writeln!(text, "- ratio: Shoal to the best of the others in the same run");
        for table in &self.tables {
            table.write(&mut text);
        }
        text
    }
}

/// The best of the rounds and how far apart they lay; noise only ever makes a figure worse.
pub(super) fn best(rounds: &[f64], more_is_better: bool) -> (Option<f64>, f64) {
    let least = rounds.iter().copied().reduce(f64::min);
    let most = rounds.iter().copied().reduce(f64::max);
    let spread = match (least, most) {
        (Some(least), Some(most)) if least > 0.0 => most / least - 1.0,
        _ => 0.0,
    };
    (if more_is_better { most } else { least }, spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figures: &[f64], target: Target, spread: f64) -> Row {
        let figures = figures.iter().copied().map(Some).collect();
        Row { what: "SET".into(), figures, target, spread }
    }

    #[test]
    fn ratios_and_verdicts() {
        let less = row(&[9.0, 12.0, 10.0], Target::RatioAtMost(0.9), 0.0);
        assert_eq!((less.ratio(false), less.met(false)), (Some(0.9), Some(true)));
        let more = row(&[15.0, 5.0, 10.0], Target::RatioAtLeast(1.6), 0.0);
        assert_eq!((more.ratio(true), more.met(true)), (Some(1.5), Some(false)));
        let alone = row(&[15.0], Target::RatioAtLeast(1.6), 0.0);
        assert_eq!((alone.ratio(true), alone.met(true)), (None, None));
        assert_eq!(row(&[64.0], Target::AtMost(64.0), 0.0).met(false), Some(true));
    }

    #[test]
    fn the_best_of_the_rounds() {
        assert_eq!(best(&[2.0, 3.0], false), (Some(2.0), 0.5));
        assert_eq!(best(&[2.0, 3.0], true), (Some(3.0), 0.5));
        assert_eq!(best(&[], true), (None, 0.0));
    }

    #[test]
    fn the_report_reads() {
        let rows = vec![
            row(&[9.0, 10.0], Target::RatioAtMost(0.9), 0.2),
            row(&[9.5, 10.0], Target::RatioAtMost(0.9), 0.0),
        ];
        let (title, servers) = ("CPU".to_owned(), vec!["shoal", "redis"]);
        let table = Table { title, servers, digits: 1, more_is_better: false, rows };
        let report = Report { tables: vec![table], ..Report::default() };
        let expected = "- 1 of 2 targets met, 1 rows noisy\n\
            - ratio: Shoal to the best of the others in the same run\n\n\
            ### CPU\n\n| | shoal | redis | ratio | target | |\n|---|---|---|---|---|---|\n\
            | SET | 9.0 | 10.0 | 0.90 | <= 0.90 x | PASS noisy: rounds 20 % apart |\n\
            | SET | 9.5 | 10.0 | 0.95 | <= 0.90 x | **MISS** |\n";
        let text = report.to_markdown();
        assert!(text.ends_with(expected), "{text}");
    }
}
