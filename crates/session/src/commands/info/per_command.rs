//! INFO's sections with a line for each command, or each kind of error.

use super::Lines;
use crate::Front;
use crate::commands::survey::Survey;

pub(super) fn commandstats(lines: &mut Lines, front: &Front, survey: &Survey) {
    for id in front.table.all() {
        let stats = &survey.stats.commands[id.index()];
        if stats.calls == 0 && stats.rejected == 0 && stats.failed == 0 {
            continue;
        }
        let usec = stats.nanoseconds / 1000;
        let each = if stats.calls == 0 { 0.0 } else { usec as f64 / stats.calls as f64 };
        let (calls, rejected, failed) = (stats.calls, stats.rejected, stats.failed);
        let facts = format_args!(
            "calls={calls},usec={usec},usec_per_call={each:.2},\
             rejected_calls={rejected},failed_calls={failed}"
        );
        lines.put(&format!("cmdstat_{}", front.table.full_name(id)), facts);
    }
}

pub(super) fn errorstats(lines: &mut Lines, _: &Front, survey: &Survey) {
    let mut errors: Vec<_> = survey.stats.errors.iter().collect();
    errors.sort_unstable();
    for (code, count) in errors {
        lines.put(&format!("errorstat_{code}"), format_args!("count={count}"));
    }
}

/// Percentiles as `latency-tracking-info-percentiles` wants them, in microseconds.
pub(super) fn latencystats(lines: &mut Lines, front: &Front, survey: &Survey) {
    let percentiles = &front.config.latency_tracking_info_percentiles;
    for id in front.table.all() {
        let Some(histogram) = &survey.stats.commands[id.index()].histogram else { continue };
        let facts: Vec<String> = percentiles
            .iter()
            .map(|percentile| {
                let ns = histogram.value_at_percentile(*percentile);
                format!("p{percentile}={}.{:03}", ns / 1000, ns % 1000)
            })
            .collect();
        let field = format!("latency_percentiles_usec_{}", front.table.full_name(id));
        lines.put(&field, facts.join(","));
    }
}
