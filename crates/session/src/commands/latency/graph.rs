//! LATENCY GRAPH: a series drawn in characters, time to the right, the age of each spike beneath.
//!
//! ```text
//!   #        each row tells three heights apart: _ o #
//!  _|_
//! o|||_
//!
//! 43210      label, read downwards: 4s, 3s, ...
//! sssss
//! ```

use crate::latency::Series;

const ROWS: u64 = 4;
const LEVELS: [char; 3] = ['_', 'o', '#'];
const COLUMNS_MAX: usize = 80;

struct Bar {
    step: u64,
    label: String,
}

/// The whole answer: a title, a rule, the graph.
pub(super) fn draw(event: &str, series: &Series, now_s: i64) -> String {
    let latencies = series.spikes.iter().map(|spike| spike.latency_ms);
    let high = latencies.clone().max().unwrap_or(0);
    let low = latencies.min().unwrap_or(0);
    let steps = ROWS * LEVELS.len() as u64;
    let bars: Vec<Bar> = series
        .spikes
        .iter()
        .map(|spike| Bar {
            step: ((spike.latency_ms - low) * steps / (high - low).max(1)).min(steps - 1),
            label: age(now_s - spike.at_s),
        })
        .collect();
    let max = series.max_ms;
    let rule = "-".repeat(80);
    let mut text =
        format!("{event} - high {high} ms, low {low} ms (all time high {max} ms)\n{rule}\n");
    for (index, block) in bars.chunks(COLUMNS_MAX).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        draw_block(block, &mut text);
    }
    text
}

fn draw_block(bars: &[Bar], text: &mut String) {
    let levels = LEVELS.len() as u64;
    for row in (0..ROWS).rev() {
        for bar in bars {
            text.push(match bar.step.checked_sub(row * levels) {
                None => ' ',
                Some(height) => LEVELS.get(height as usize).copied().unwrap_or('|'),
            });
        }
        text.push('\n');
    }
    text.push_str(&" ".repeat(bars.len()));
    text.push('\n');
    let labels_len = bars.iter().map(|bar| bar.label.len()).max().unwrap_or(0);
    for place in 0..labels_len {
        let letters = bars.iter().map(|bar| bar.label.chars().nth(place).unwrap_or(' '));
        text.extend(letters);
        text.push('\n');
    }
}

fn age(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::LatencyMonitor;

    /// What Redis 7.0 draws of the same spikes.
    #[test]
    fn a_graph_is_drawn_as_redis_draws_it() {
        let mut monitor = LatencyMonitor::default();
        for (at_s, latency_ms) in [27, 30, 100, 60, 12, 220, 3].into_iter().enumerate() {
            monitor.add("command", at_s as i64, latency_ms);
        }
        let expected = [
            "command - high 220 ms, low 3 ms (all time high 220 ms)",
            &"-".repeat(80),
            "     # ",
            "     | ",
            "  #_ | ",
            "oo||_|_",
            "       ",
            "7654321",
            "sssssss",
            "",
        ];
        assert_eq!(draw("command", &monitor.events["command"], 7), expected.join("\n"));
    }

    #[test]
    fn one_spike_is_low() {
        let mut monitor = LatencyMonitor::default();
        monitor.add("command", 0, 5);
        let drawn = draw("command", &monitor.events["command"], 0);
        assert!(drawn.ends_with("-\n \n \n \n_\n \n0\ns\n"), "{drawn}");
    }

    #[test]
    fn ages_are_short() {
        let ages = [0, 59, 60, 3599, 3600, 86_399, 86_400].map(age);
        assert_eq!(ages, ["0s", "59s", "1m", "59m", "1h", "23h", "1d"]);
    }
}
