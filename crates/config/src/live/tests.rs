//! CONFIG GET and CONFIG SET, beside what Redis 7.0.15 answered (`config_set.golden`).

use proptest::prelude::*;

use super::SetError;
use crate::choice::Permission;
use crate::parameter::Mutability;
use crate::sources::words;
use crate::table::PARAMETERS;
use crate::values::Config;

fn set(config: &mut Config, pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<(&[u8], &[u8])> =
        pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    match config.set_many(&pairs, true) {
        Ok(changed) => {
            let names: Vec<&str> = changed.iter().map(|parameter| parameter.name).collect();
            format!("OK {}", names.join(" "))
        }
        Err(error) => String::from_utf8(error.reply()).unwrap(),
    }
}

fn get(config: &Config, patterns: &[&str]) -> Vec<String> {
    let patterns: Vec<&[u8]> = patterns.iter().map(|pattern| pattern.as_bytes()).collect();
    let found = config.get_matching(&patterns).into_iter();
    found.map(|(name, _)| String::from_utf8(name).unwrap()).collect()
}

#[test]
fn single_settings_answer_as_redis_does() {
    let mut config = Config { dir: Some("/srv/data".into()), ..Config::default() };
    let golden = include_str!("config_set.golden");
    let mut count = 0;
    for row in golden.lines().filter(|row| !row.starts_with('#')) {
        let columns = words::split(row.as_bytes()).unwrap();
        let [name, value, reply, after] = columns.as_slice() else { panic!("{row}") };
        let ours = match config.set_many(&[(name.as_slice(), value.as_slice())], true) {
            Ok(_) => b"OK".to_vec(),
            Err(error) => error.reply(),
        };
        assert_eq!(ours.escape_ascii().to_string(), reply.escape_ascii().to_string(), "{row}");
        let ours = config.get_matching(&[name.as_slice()]).pop().unwrap_or_default().1;
        assert_eq!(ours.escape_ascii().to_string(), after.escape_ascii().to_string(), "{row}");
        count += 1;
    }
    assert!(count > 130, "only {count} rows");
}

#[test]
fn the_first_wrong_name_is_reported_before_any_wrong_value() {
    let refused = |name: &str, reason: &str| {
        format!("ERR CONFIG SET failed (possibly related to argument '{name}') - {reason}")
    };
    let immutable = "can't set immutable config";
    let not_integer = "argument couldn't be parsed into an integer";
    let unknown = "ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'";
    // Each asked of Redis 7.0.15.
    let cases: [(&[(&str, &str)], String); 10] = [
        (&[("timeout", "1"), ("timeout", "2")], refused("timeout", "duplicate parameter")),
        (&[("timeout", "1"), ("TIMEOUT", "2")], refused("TIMEOUT", "duplicate parameter")),
        (&[("timeout", "1"), ("nosuch", "2")], unknown.into()),
        (&[("nosuch", "1"), ("nosuch", "1")], unknown.into()),
        (&[("timeout", "x"), ("hz", "5")], refused("timeout", not_integer)),
        (&[("hz", "7"), ("timeout", "x")], refused("timeout", not_integer)),
        (&[("databases", "4"), ("nosuch", "3")], refused("databases", immutable)),
        (&[("timeout", "x"), ("databases", "1")], refused("databases", immutable)),
        (&[("databases", "1"), ("databases", "2")], refused("databases", immutable)),
        (
            &[("timeout", "1"), ("timeout", "2"), ("nosuch", "2")],
            refused("timeout", "duplicate parameter"),
        ),
    ];
    for (pairs, reply) in cases {
        let mut config = Config::default();
        assert_eq!(set(&mut config, pairs), reply);
        assert_eq!(config, Config::default(), "{pairs:?} changed something");
    }
}

#[test]
fn only_what_has_another_value_counts_as_changed() {
    let mut config = Config::default();
    let pairs = [("timeout", "5"), ("hz", "10"), ("maxclients", "7")];
    assert_eq!(set(&mut config, &pairs), "OK timeout maxclients");
    assert_eq!(set(&mut config, &pairs), "OK ");
}

#[test]
fn protected_parameters_open_for_those_permitted() {
    let mut config = Config { enable_protected_configs: Permission::Local, ..Config::default() };
    let pairs: [(&[u8], &[u8]); 1] = [(b"dir", b"/srv")];
    assert!(matches!(config.set_many(&pairs, false), Err(SetError::Refused { .. })));
    assert_eq!(config.set_many(&pairs, true).map(|changed| changed.len()), Ok(1));
    assert_eq!(config.get("dir"), Some(b"/srv".to_vec()));
}

#[test]
fn what_is_fixed_says_why() {
    let mut config = Config::default();
    let reply = set(&mut config, &[("appendonly", "yes")]);
    assert!(
        reply.ends_with(
            "(possibly related to argument 'appendonly') - the append-only log is not supported yet"
        ),
        "{reply}"
    );
    assert_eq!(config.get("save"), Some(Vec::new()));
}

#[test]
fn patterns_are_globs_in_any_case_and_answer_once() {
    let config = Config::default();
    assert_eq!(get(&config, &["HZ", "hz", "hz*"]), ["HZ"]);
    assert_eq!(get(&config, &["HZ*"]), ["hz"]);
    assert_eq!(get(&config, &["[ht]*z", "nosuch"]), ["hz"]);
    assert_eq!(get(&config, &["p[a-p]*"]), ["port", "pidfile", "pin", "pipeline-order"]);
    assert_eq!(get(&config, &["bin?", "bin\\d"]), ["bind"]);
    assert_eq!(get(&config, &["*"]).len(), PARAMETERS.len());
    assert_eq!(get(&config, &["maxmemory-clients"]), [""; 0]);
}

#[test]
fn the_table_is_sound() {
    let default = Config::default();
    for (index, parameter) in PARAMETERS.iter().enumerate() {
        let name = parameter.name;
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
        assert!(parameter.summary.ends_with('.'), "{name}");
        assert!(PARAMETERS[..index].iter().all(|other| other.name != name), "{name} twice");
        let mut config = Config::default();
        assert_eq!(parameter.set(&mut config, &parameter.get(&default)), Ok(()), "{name}");
        assert_eq!(config, default, "{name}");
        if parameter.mutability == Mutability::Immutable {
            assert!(set(&mut config, &[(name, "x")]).ends_with("can't set immutable config"));
        }
    }
}

/// Texts that are legal values of one parameter or another, and some that are not.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string().into_bytes()),
        (0u32..2000).prop_map(|number| number.to_string().into_bytes()),
        "[0-9]{1,4}(k|kb|mb|g|gb)?".prop_map(String::into_bytes),
        "(normal|slave|replica|pubsub) [0-9]{1,9} [0-9]{1,3}mb [0-9]{1,3}"
            .prop_map(String::into_bytes),
        "[0-9]{1,2}(\\.[0-9]{1,9})?( [0-9]{1,2})?".prop_map(String::into_bytes),
        "yes|no|local|auto|glommio|debug|allkeys-lfu".prop_map(String::into_bytes),
        any::<Vec<u8>>(),
    ]
}

proptest! {
    #[test]
    fn what_get_prints_set_accepts_and_keeps(
        index in 0..PARAMETERS.len(),
        before in value(),
        text in value(),
    ) {
        let parameter = &PARAMETERS[index];
        let mut config = Config::default();
        let _ = parameter.set(&mut config, &before);
        let unchanged = config.clone();
        if parameter.set(&mut config, &text).is_err() {
            prop_assert_eq!(&config, &unchanged);
        }
        let printed = parameter.get(&config);
        let mut again = config.clone();
        prop_assert_eq!(parameter.set(&mut again, &printed), Ok(()));
        // A relative directory is a step from where one stands.
        if parameter.name != "dir" {
            prop_assert_eq!(parameter.get(&again), printed);
        }
    }

    #[test]
    fn any_name_and_value_are_answered(name: Vec<u8>, text: Vec<u8>) {
        let mut config = Config::default();
        if let Err(error) = config.set_many(&[(&name, &text)], true) {
            prop_assert!(error.reply().starts_with(b"ERR "));
        }
        config.get_matching(&[&name]);
    }
}
