//! MEMORY.

use testkit::normalise::SAME_KIND;
use testkit::{Reply, script};

use crate::ways::{HELP, NUMBERS_ASIDE};
use crate::{check, each_shoal};

#[test]
fn questions() {
    check(&script![
        "MEMORY",
        "MEMORY FOO",
        "MEMORY HELP" => HELP,
        "MEMORY USAGE",
        "SET a 1",
        "MEMORY USAGE a" => SAME_KIND,
        "MEMORY USAGE none",
        "MEMORY USAGE a SAMPLES",
        "MEMORY USAGE a SAMPLES abc",
        "MEMORY USAGE a SAMPLES -1",
        "MEMORY USAGE a SAMPLES 0" => SAME_KIND,
        "MEMORY USAGE a SAMPLES 5" => SAME_KIND,
        "MEMORY USAGE a FOO 5",
        "MEMORY USAGE a SAMPLES 5 x",
        "MEMORY STATS a",
        "MEMORY DOCTOR" => SAME_KIND,
        "MEMORY DOCTOR a",
        "MEMORY MALLOC-STATS a",
        "MEMORY PURGE",
        "MEMORY PURGE a",
        "MEMORY DOCTOR a" => NUMBERS_ASIDE,
    ]);
}

#[test]
fn a_bigger_value_uses_more() {
    each_shoal(|server| {
        let mut client = server.client();
        let mut last = 0;
        for bytes in [1, 100, 1000, 10_000, 1_000_000] {
            assert_eq!(client.cmd(&["SET", "k", &"v".repeat(bytes)]), Reply::ok());
            let usage = client.line("MEMORY USAGE k").int();
            assert!(usage >= last + i64::try_from(bytes).unwrap() / 2, "{bytes}: {usage}");
            last = usage;
        }
    });
}

#[test]
fn stats_name_what_is_known() {
    each_shoal(|server| {
        let mut client = server.client();
        client.line("MSET a 1 b 2 c 3");
        client.hello3();
        let Reply::Map(stats) = client.line("MEMORY STATS") else { panic!("a map") };
        let value = |name: &str| {
            let found = stats.iter().find(|(field, _)| field.text() == name);
            found.unwrap_or_else(|| panic!("{name}")).1.clone()
        };
        for name in ["peak.allocated", "total.allocated", "startup.allocated", "clients.normal"] {
            assert!(value(name).int() >= 0, "{name}");
        }
        assert_eq!(value("keys.count").int(), 3);
        assert!(value("peak.allocated").int() >= value("total.allocated").int());
    });
}

/// As Redis answers where it is built without jemalloc.
#[test]
fn malloc_stats_are_not_known() {
    let text = "Stats not supported for the current allocator";
    each_shoal(|server| assert_eq!(server.client().line("MEMORY MALLOC-STATS"), Reply::bulk(text)));
}
