//! The generator, tested on its own and with the oracle on both sides.

use super::*;
use crate::compare::{differences, play};
use crate::script::Payload;
use crate::{Launch, Protocol};

const ALL: &[&[Form]] =
    &[STRINGS, BITMAPS, HYPERLOGLOGS, LISTS, SETS, HASHES, SORTED_SETS, GEO, GENERIC, OTHER_TYPES];

#[test]
fn equal_seeds_give_equal_scripts() {
    let texts = |seed| {
        let script = Generator::new(seed, ALL).script(500);
        script.into_iter().map(|step| step.text).collect::<Vec<_>>()
    };
    assert_eq!(texts(7), texts(7));
    assert_ne!(texts(7), texts(8));
}

#[test]
fn every_form_can_be_filled() {
    for form in ALL.iter().copied().flatten() {
        let mut generator = Generator::new(1, &[std::slice::from_ref(form)]);
        for step in generator.script(50) {
            let Some(Payload::Words(words)) = step.sends else { panic!("{}", form.line) };
            assert!(!words.is_empty(), "{}", form.line);
        }
    }
}

#[test]
fn many_lines_succeed_and_many_fail() {
    let script = Generator::new(3, ALL).script(4000);
    let server = Launch::oracle().start();
    let transcript = play(server.address(), Protocol::Resp2, &script);
    let errors = transcript.iter().flatten().filter(|outcome| match outcome {
        crate::client::Outcome::Reply(bytes) => bytes.starts_with(b"-"),
        _ => false,
    });
    let errors = errors.count();
    assert!((800..2800).contains(&errors), "{errors} errors in 4000 lines");
}

#[test]
fn the_oracle_agrees_with_itself() {
    for protocol in [Protocol::Resp2, Protocol::Resp3] {
        let mut script = Generator::new(11, ALL).script(3000);
        script.extend(inspection());
        let transcripts = [0; 2].map(|_| {
            let server = Launch::oracle().start();
            play(server.address(), protocol, &script)
        });
        assert_eq!(differences(&script, &transcripts[0], &transcripts[1]), None);
    }
}
