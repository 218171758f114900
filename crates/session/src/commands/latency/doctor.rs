//! LATENCY DOCTOR: the spikes in words, and what might help.

use commands::Outcome;
use resp::{Args, ReplyWriter};

use super::joined;
use crate::latency::Series;
use crate::{CorePart, Front, LatencyMonitor, SessionCx};

const DISABLED: &str = "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this \
    Redis instance. You may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order \
    to enable it. If we weren't in a deep space mission I'd suggest to take a look at \
    https://redis.io/topics/latency-monitor.\n";
const HEALTHY: &str = "Dave, no latency spike was observed during the lifetime of this Redis \
    instance, not in the slightest bit. I honestly think you ought to sit down calmly, take a \
    stress pill, and think things over.\n";
const SICK: &str = "Dave, I have observed latency spikes in this Redis instance. You don't mind \
    talking about it, do you Dave?\n\n";
const HELPLESS: &str = "\nWhile there are latency events logged, I'm not able to suggest any easy \
    fix. Please use the Redis community to get some help, providing this report in your help \
    request.\n";
const INSPECT_SLOW_LOG: &str = "- Check your Slow Log to understand what are the commands you are \
    running which are too slow to execute. Please check https://redis.io/commands/slowlog for more \
    information.\n";
const LARGE_OBJECTS: &str = "- Deleting, expiring or evicting (because of maxmemory policy) large \
    objects is a blocking operation. If you have very large objects that are often deleted, \
    expired, or evicted, try to fragment those objects into multiple smaller objects.\n";
const NO_CPU: &str = "- Even commands that do little were slow, so this server waited for a CPU. \
    Lower the load of the machine, give the server CPUs of its own, and see with 'redis-cli \
    --intrinsic-latency 100' what the machine can do at best.\n";

pub(super) fn fold(
    cx: &mut SessionCx<'_>,
    _: Args<'_>,
    all: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    writer.verbatim(b"txt", report(cx.front, &joined(all)).as_bytes());
    Ok(())
}

fn report(front: &Front, monitor: &LatencyMonitor) -> String {
    if monitor.events.is_empty() {
        let is_on = front.config.latency_monitor_threshold > 0;
        return if is_on { HEALTHY } else { DISABLED }.to_owned();
    }
    let mut text = SICK.to_owned();
    for (index, (event, series)) in monitor.events.iter().enumerate() {
        text.push_str(&line(index + 1, event, series, front.now_ms / 1000));
    }
    let advice = advice(front, monitor);
    if advice.is_empty() {
        text.push_str(HELPLESS);
    } else {
        text.push_str("\nI have a few advices for you:\n\n");
        text.push_str(&advice);
    }
    text
}

fn line(number: usize, event: &str, series: &Series, now_s: i64) -> String {
    let count = series.spikes.len().max(1) as u64;
    let latencies = series.spikes.iter().map(|spike| spike.latency_ms);
    let average = latencies.clone().sum::<u64>() / count;
    let deviation = latencies.map(|latency| latency.abs_diff(average)).sum::<u64>() / count;
    let oldest_s = series.spikes.front().map_or(now_s, |spike| spike.at_s);
    let period_s = ((now_s - oldest_s) / count as i64).max(1);
    let max = series.max_ms;
    format!(
        "{number}. {event}: {count} latency spikes (average {average}ms, mean deviation \
         {deviation}ms, period {period_s}.00 sec). Worst all time event {max}ms.\n"
    )
}

fn advice(front: &Front, monitor: &LatencyMonitor) -> String {
    let mut text = String::new();
    if monitor.events.contains_key("command") {
        text.push_str(&slow_log_advice(front));
        text.push_str(INSPECT_SLOW_LOG);
        text.push_str(LARGE_OBJECTS);
    }
    if monitor.events.contains_key("fast-command") {
        text.push_str(NO_CPU);
    }
    text
}

/// The slow log should see whatever the monitor sees.
fn slow_log_advice(front: &Front) -> String {
    let threshold_us = front.config.latency_monitor_threshold.saturating_mul(1000);
    match front.config.slowlog_log_slower_than {
        ..0 => format!(
            "- There are latency issues with potentially slow commands you are using. Try to \
             enable the Slow Log Redis feature using the command 'CONFIG SET \
             slowlog-log-slower-than {threshold_us}'. If the Slow log is disabled Redis is not \
             able to log slow commands execution for you.\n"
        ),
        slower_than if slower_than.unsigned_abs() > threshold_us => format!(
            "- Your current Slow Log configuration only logs events that are slower than your \
             configured latency monitor threshold. Please use 'CONFIG SET \
             slowlog-log-slower-than {threshold_us}'.\n"
        ),
        _ => String::new(),
    }
}
