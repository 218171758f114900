//! Tests of LATENCY on a bench.

use crate::commands::harness::{Bench, NOW_MS};

const NOW_S: i64 = NOW_MS / 1000;

/// Spikes on both cores: three seconds of `command`, one of `fast-command`.
fn with_spikes() -> Bench {
    let mut bench = Bench::new();
    let [first, second] = &mut bench.cores[..] else { panic!("there are two cores") };
    first.front.latency.add("command", NOW_S - 9, 100);
    first.front.latency.add("command", NOW_S - 3, 30);
    second.front.latency.add("command", NOW_S - 6, 200);
    second.front.latency.add("command", NOW_S - 3, 50);
    second.front.latency.add("fast-command", NOW_S, 7);
    bench
}

#[test]
fn series_of_all_cores_are_one() {
    let mut bench = with_spikes();
    let (a, b, c) = (NOW_S - 9, NOW_S - 6, NOW_S - 3);
    assert_eq!(
        bench.ask("LATENCY HISTORY command"),
        format!("*3\r\n*2\r\n:{a}\r\n:100\r\n*2\r\n:{b}\r\n:200\r\n*2\r\n:{c}\r\n:50\r\n")
    );
    assert_eq!(
        bench.ask("LATENCY LATEST"),
        format!(
            "*2\r\n*4\r\n$7\r\ncommand\r\n:{c}\r\n:50\r\n:200\r\n\
             *4\r\n$12\r\nfast-command\r\n:{NOW_S}\r\n:7\r\n:7\r\n"
        )
    );
    assert_eq!(bench.ask("LATENCY HISTORY nosuch"), "*0\r\n");
}

#[test]
fn graphs_need_samples() {
    let mut bench = with_spikes();
    let title = "command - high 200 ms, low 50 ms (all time high 200 ms)\n";
    assert!(bench.ask("LATENCY GRAPH command").contains(title));
    let refused = "-ERR No samples available for event 'COMMAND'\r\n";
    assert_eq!(bench.ask("LATENCY GRAPH COMMAND"), refused);
}

#[test]
fn reset_counts_events_not_cores() {
    let mut bench = with_spikes();
    assert_eq!(bench.ask("LATENCY RESET command command nosuch"), ":1\r\n");
    assert!(bench.ask("LATENCY LATEST").starts_with("*1\r\n"));
    assert_eq!(bench.ask("LATENCY RESET"), ":1\r\n");
    assert_eq!(bench.ask("LATENCY LATEST"), "*0\r\n");
}

#[test]
fn the_doctor_reports() {
    let mut bench = with_spikes();
    bench.ask("CONFIG SET latency-monitor-threshold 1");
    let report = bench.ask("LATENCY DOCTOR");
    assert!(report.contains(
        "1. command: 3 latency spikes (average 116ms, mean deviation 55ms, period 3.00 sec). \
         Worst all time event 200ms.\n2. fast-command: 1 latency spikes (average 7ms, "
    ));
    assert!(report.contains("Please use 'CONFIG SET slowlog-log-slower-than 1000'."));
    bench.ask("CONFIG SET slowlog-log-slower-than -1");
    assert!(bench.ask("LATENCY DOCTOR").contains("Try to enable the Slow Log Redis feature"));
    bench.ask("CONFIG SET slowlog-log-slower-than 10");
    assert!(!bench.ask("LATENCY DOCTOR").contains("slowlog-log-slower-than"));
}

#[test]
fn the_doctor_has_nothing_to_do() {
    let mut bench = Bench::new();
    assert!(bench.ask("LATENCY DOCTOR").starts_with("$288\r\nI'm sorry, Dave, I can't do that."));
    bench.ask("CONFIG SET latency-monitor-threshold 1");
    assert!(bench.ask("LATENCY DOCTOR").starts_with("$196\r\nDave, no latency spike was"));
}

#[test]
fn histograms_of_all_cores_are_one() {
    let mut bench = Bench::new();
    for core in &mut bench.cores {
        let id = core.front.table.lookup(b"get").unwrap();
        core.front.stats.ran(id, 1, 1_500, true);
        core.front.stats.ran(id, 1, 20_000, true);
    }
    let get = "$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:4\r\n$14\r\nhistogram_usec\r\n\
        *4\r\n:2\r\n:2\r\n:33\r\n:4\r\n";
    assert_eq!(bench.ask("LATENCY HISTOGRAM get nosuch"), format!("*2\r\n{get}"));
    assert_eq!(bench.ask("LATENCY HISTOGRAM GET get"), format!("*4\r\n{get}{get}"));
    assert!(
        bench.ask("LATENCY HISTOGRAM latency").starts_with("*2\r\n$17\r\nlatency|histogram\r\n")
    );
    assert!(bench.ask("LATENCY HISTOGRAM").starts_with("*4\r\n"));
    bench.ask("HELLO 3");
    let reply = bench.ask("LATENCY HISTOGRAM get");
    assert!(reply.starts_with("%1\r\n$3\r\nget\r\n%2\r\n$5\r\ncalls\r\n:4\r\n"), "{reply}");
}
