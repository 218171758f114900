//! The parameters that are lists of plain words: `bind` and `latency-tracking-info-percentiles`.

use std::borrow::Cow;

use crate::parameter::{Line, Reason};
use crate::values::Config;

/// LIMIT: Redis listens on no more addresses.
const BIND_ADDRESSES_MAX: usize = 16;

pub(crate) fn bind_text(config: &Config) -> String {
    config.bind.join(" ")
}

/// Whether the addresses exist is found out by listening on them.
pub(crate) fn set_bind(config: &mut Config, words: &[&[u8]]) -> Result<(), Reason> {
    if words.len() > BIND_ADDRESSES_MAX {
        return Err(Cow::Borrowed("Too many bind addresses specified."));
    }
    let to_address = |word: &&[u8]| String::from_utf8(word.to_vec()).ok().filter(|w| !w.is_empty());
    config.bind = words
        .iter()
        .map(to_address)
        .collect::<Option<_>>()
        .ok_or(Cow::Borrowed("Failed to bind to specified addresses."))?;
    Ok(())
}

pub(crate) fn bind_lines(config: &Config, default: &Config) -> Vec<Line> {
    words_line(config.bind.clone(), config.bind == default.bind)
}

pub(crate) fn percentiles_text(config: &Config) -> String {
    percentile_words(config).join(" ")
}

pub(crate) fn set_percentiles(config: &mut Config, words: &[&[u8]]) -> Result<(), Reason> {
    let mut percentiles = Vec::with_capacity(words.len());
    for word in words {
        percentiles.push(parse_percentile(word)?);
    }
    config.latency_tracking_info_percentiles = percentiles;
    Ok(())
}

pub(crate) fn percentiles_lines(config: &Config, default: &Config) -> Vec<Line> {
    let is_default =
        config.latency_tracking_info_percentiles == default.latency_tracking_info_percentiles;
    words_line(percentile_words(config), is_default)
}

fn parse_percentile(word: &[u8]) -> Result<f64, Reason> {
    match stdx::number::parse_f64(word) {
        Some(percentile) if (0.0..=100.0).contains(&percentile) => Ok(percentile),
        Some(_) => Err(Cow::Borrowed(
            "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]",
        )),
        None => Err(Cow::Borrowed("Invalid latency-tracking-info-percentiles parameters")),
    }
}

/// REDIS: at most six digits after the point, without trailing zeros.
fn percentile_words(config: &Config) -> Vec<String> {
    let format = |percentile: &f64| {
        format!("{percentile:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    config.latency_tracking_info_percentiles.iter().map(format).collect()
}

/// A list on one line; the empty list is one empty word.
fn words_line(words: Vec<String>, is_default: bool) -> Vec<Line> {
    let mut words: Vec<Vec<u8>> = words.into_iter().map(String::into_bytes).collect();
    if words.is_empty() {
        words.push(Vec::new());
    }
    vec![Line { words, is_default }]
}
