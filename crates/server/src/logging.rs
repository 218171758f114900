//! The server's log: lines as Redis writes them.
//!
//! They go to standard output or to `logfile`, down to `loglevel`.
//!
//! ```text
//! 4711:M 20 Nov 2026 12:21:05.339 * Ready to accept connections
//! pid  role  UTC, milliseconds    mark of the level: . debug  - verbose  * notice  # warning
//! ```

use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::sync::{Mutex, OnceLock};

use config::{Config, LogLevel};
use runtime::{Clock as _, SystemClock};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::fmt::{FmtContext, layer};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Registry, registry, reload};

/// The way to the level of the running log.
static LEVEL: OnceLock<reload::Handle<LevelFilter, Registry>> = OnceLock::new();

/// Opens the log for the whole process.
pub(crate) fn start(config: &Config) -> io::Result<()> {
    let writer = match &config.logfile {
        None => BoxMakeWriter::new(io::stdout),
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            BoxMakeWriter::new(Mutex::new(file))
        }
    };
    let (level, handle) = reload::Layer::new(filter(config.loglevel));
    let lines = layer().event_format(Lines { pid: std::process::id() }).with_writer(writer);
    registry().with(level).with(lines.with_ansi(false)).try_init().map_err(io::Error::other)?;
    // Only one log can be begun, so nothing is there yet.
    let _ = LEVEL.set(handle);
    Ok(())
}

/// Changes how much the log says. Without a log there is nothing to change.
pub(crate) fn set_level(level: LogLevel) {
    if let Some(handle) = LEVEL.get()
        && handle.with_current(|current| *current != filter(level)).unwrap_or(false)
    {
        // The log lives as long as the process.
        let _ = handle.modify(|current| *current = filter(level));
    }
}

/// Redis' four levels and those of the log's own that they stand for.
fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Debug => LevelFilter::TRACE,
        LogLevel::Verbose => LevelFilter::DEBUG,
        LogLevel::Notice => LevelFilter::INFO,
        LogLevel::Warning => LevelFilter::WARN,
    }
}

fn mark(level: Level) -> char {
    match level {
        Level::TRACE => '.',
        Level::DEBUG => '-',
        Level::INFO => '*',
        Level::WARN | Level::ERROR => '#',
    }
}

/// Writes an event as a line.
struct Lines {
    pid: u32,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let moment = Moment(SystemClock.now().unix_ms);
        write!(writer, "{}:M {moment} {} ", self.pid, mark(*event.metadata().level()))?;
        context.field_format().format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

/// A moment, milliseconds since 1970, shown as `20 Nov 2026 12:21:05.339`.
struct Moment(i64);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const MS_PER_DAY: i64 = 86_400_000;

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.0.div_euclid(MS_PER_DAY));
        let ms = self.0.rem_euclid(MS_PER_DAY);
        let (seconds, ms) = (ms / 1000, ms % 1000);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let month = MONTHS[month];
        write!(out, "{day:02} {month} {year:04} {hours:02}:{minutes:02}:{seconds:02}.{ms:03}")
    }
}

/// Year, month from 0 and day from 1 of a day, counted from 1 January 1970.
///
/// Years are counted from March here, so that the leap day is the last one of its year; 400 years
/// are an era of always the same length.
fn date(days: i64) -> (i64, usize, i64) {
    const DAYS_PER_ERA: i64 = 146_097;
    const DAYS_FROM_MARCH_0_TO_1970: i64 = 719_468;
    let days = days + DAYS_FROM_MARCH_0_TO_1970;
    let (era, day) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months from March on have 153 days, whichever five they are.
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let is_next_year = month >= 10;
    let year = era * 400 + year + i64::from(is_next_year);
    let month = if is_next_year { month - 10 } else { month + 2 };
    (year, month as usize, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn moments_are_written_as_redis_writes_them() {
        let cases = [
            (0, "01 Jan 1970 00:00:00.000"),
            (-1, "31 Dec 1969 23:59:59.999"),
            (951_782_400_000, "29 Feb 2000 00:00:00.000"),
            (951_868_800_000, "01 Mar 2000 00:00:00.000"),
            (1_795_177_265_339, "20 Nov 2026 12:21:05.339"),
            (4_107_542_399_999, "28 Feb 2100 23:59:59.999"),
            (4_107_542_400_000, "01 Mar 2100 00:00:00.000"),
        ];
        for (ms, text) in cases {
            assert_eq!(Moment(ms).to_string(), text);
        }
    }
}
