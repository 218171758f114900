//! LATENCY: spikes above `latency-monitor-threshold`, by event, per core.

use std::collections::{BTreeMap, VecDeque};

/// Samples kept per event, as Redis keeps them.
const SAMPLES_MAX: usize = 160;

/// One spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spike {
    /// Seconds since 1970.
    pub at_s: i64,
    /// Milliseconds.
    pub latency_ms: u64,
}

/// The spikes of one event.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// The latest ones, oldest first; at most one per second, the worst of it.
    pub spikes: VecDeque<Spike>,
    /// The worst of all times, milliseconds.
    pub max_ms: u64,
}

impl Series {
    /// Puts two cores' spikes in order; of two in one second the worse one stays.
    fn join(&mut self, other: &Self) {
        self.max_ms = self.max_ms.max(other.max_ms);
        let mut seconds: BTreeMap<i64, u64> = BTreeMap::new();
        for spike in self.spikes.iter().chain(&other.spikes) {
            let worst = seconds.entry(spike.at_s).or_default();
            *worst = spike.latency_ms.max(*worst);
        }
        let surplus = seconds.len().saturating_sub(SAMPLES_MAX);
        let spikes = seconds.into_iter().skip(surplus);
        self.spikes = spikes.map(|(at_s, latency_ms)| Spike { at_s, latency_ms }).collect();
    }
}

/// One core's spikes.
#[derive(Clone, Debug, Default)]
pub struct LatencyMonitor {
    /// By event (`command`, `fast-command`, `expire-cycle`).
    pub events: BTreeMap<&'static str, Series>,
}

impl LatencyMonitor {
    /// The spikes of one event.
    #[must_use]
    pub fn series(&self, event: &[u8]) -> Option<&Series> {
        self.events.get(std::str::from_utf8(event).ok()?)
    }

    /// Adds what another core has seen.
    pub fn join(&mut self, other: Self) {
        for (event, series) in other.events {
            self.events.entry(event).or_default().join(&series);
        }
    }

    /// Adds a spike.
    pub fn add(&mut self, event: &'static str, at_s: i64, latency_ms: u64) {
        let series = self.events.entry(event).or_default();
        series.max_ms = series.max_ms.max(latency_ms);
        if let Some(last) = series.spikes.back_mut().filter(|last| last.at_s == at_s) {
            last.latency_ms = last.latency_ms.max(latency_ms);
            return;
        }
        if series.spikes.len() == SAMPLES_MAX {
            series.spikes.pop_front();
        }
        series.spikes.push_back(Spike { at_s, latency_ms });
    }
}
