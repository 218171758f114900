//! A table as a picture: one group of bars for every row, one bar for every server.

use std::fmt::Write as _;

use super::report::Table;

const BAR: usize = 14;
const GAP: usize = 12;
const LEFT: usize = 230;
const LENGTH: f64 = 480.0;
const TOP: usize = 50;
const COLOURS: [&str; 4] = ["#0b6e99", "#c9563c", "#e0a458", "#8a9a5b"];

/// The table as SVG. Bars are as long as their figures, and the longest fills the width.
pub(super) fn bars(table: &Table) -> String {
    let servers = table.servers.len();
    let group = servers * BAR + GAP;
    let height = TOP + table.rows.len() * group + 10;
    let width = LEFT + LENGTH as usize + 70;
    let figures = table.rows.iter().flat_map(|row| row.figures.iter().flatten());
    let most = figures.copied().fold(f64::MIN_POSITIVE, f64::max);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" \
         fill=\"white\"/>\n<text x=\"10\" y=\"18\" font-size=\"13\">{}</text>\n",
        table.title
    );
    for (place, name) in table.servers.iter().enumerate() {
        let (x, colour) = (LEFT + place * 110, COLOURS[place % COLOURS.len()]);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"28\" width=\"10\" height=\"10\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"37\">{name}</text>",
            x + 14
        );
    }
    for (index, row) in table.rows.iter().enumerate() {
        let top = TOP + index * group;
        let middle = top + servers * BAR / 2 + 4;
        let _ = writeln!(svg, "<text x=\"10\" y=\"{middle}\">{}</text>", row.what);
        for (place, figure) in row.figures.iter().enumerate() {
            let Some(figure) = figure else { continue };
            let (y, length) = (top + place * BAR, figure / most * LENGTH);
            let colour = COLOURS[place % COLOURS.len()];
            let _ = writeln!(
                svg,
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{length:.1}\" height=\"{}\" \
                 fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{}\">{figure:.*}</text>",
                BAR - 2,
                LEFT as f64 + length + 4.0,
                y + BAR - 4,
                table.digits
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::super::report::{Row, Target};
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_width() {
        let row = |figures: &[f64]| Row {
            what: "zipf".into(),
            figures: figures.iter().copied().map(Some).collect(),
            target: Target::Shown,
            spread: 0.0,
        };
        let rows = vec![row(&[20.0, 40.0]), row(&[10.0, 5.0])];
        let (title, servers) = ("Hits".to_owned(), vec!["shoal", "redis"]);
        let svg = bars(&Table { title, servers, digits: 1, more_is_better: true, rows });
        for part in ["width=\"480.0\"", "width=\"240.0\"", "width=\"120.0\"", ">40.0<", ">shoal<"] {
            assert!(svg.contains(part), "{part} is not in {svg}");
        }
    }
}
