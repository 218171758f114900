//! LOLWUT: a shoal of fish, another one every time, and the version.

use commands::Outcome;
use commands::args::integer;
use resp::{Args, ReplyWriter};
use stdx::prng::Prng;

use crate::SessionCx;
use crate::commands::words::is;

const COLUMNS: u64 = 64;
const ROWS: u64 = 12;
const FISH: u64 = 18;

/// Fish that swim to the right, and the same that swim to the left.
const SHAPES: [[&str; 2]; 4] =
    [["><>", "<><"], ["><(\">", "<\")><"], [">))'>", "<'((<"], ["><(((o>", "<o)))><"]];

/// REDIS: `LOLWUT VERSION <n>` wants a number, whatever comes of it, and the versions that draw
/// want sizes in numbers.
pub(super) fn lolwut(
    cx: &mut SessionCx<'_>,
    args: Args<'_>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    if let (Some(word), Some(version)) = (args.get(1), args.get(2))
        && is(word, "VERSION")
    {
        let sizes = match integer(version)? {
            5 => 3,
            6 => 2,
            _ => 0,
        };
        args.tail(3).iter().take(sizes).try_for_each(|size| integer(size).map(drop))?;
    }
    let seed = cx.front.mono_ns ^ cx.front.now_ms.unsigned_abs() ^ cx.client.id << 32;
    let mut text = shoal(&mut Prng::new(seed));
    text.push_str("\nShoal ver. ");
    text.push_str(env!("CARGO_PKG_VERSION"));
    text.push('\n');
    writer.verbatim(b"txt", text.as_bytes());
    Ok(())
}

/// Most of a shoal swims one way; a few know better.
fn shoal(prng: &mut Prng) -> String {
    let mut water = vec![vec![b' '; COLUMNS as usize]; ROWS as usize];
    let way = prng.below(2) as usize;
    for _ in 0..FISH {
        let turned = usize::from(prng.below(9) == 0);
        let fish = SHAPES[prng.below(SHAPES.len() as u64) as usize][way ^ turned].as_bytes();
        let row = prng.below(ROWS) as usize;
        let column = prng.below(COLUMNS - fish.len() as u64) as usize;
        let place = &mut water[row][column..column + fish.len()];
        if place.iter().all(|&byte| byte == b' ') {
            place.copy_from_slice(fish);
        }
    }
    let lines = water.iter().map(|row| String::from_utf8_lossy(row).trim_end().to_owned() + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;

    #[test]
    fn every_shoal_ends_with_the_version() {
        let mut bench = Bench::new();
        let ending = format!("\nShoal ver. {}\n\r\n", env!("CARGO_PKG_VERSION"));
        for line in ["LOLWUT", "LOLWUT VERSION 5", "LOLWUT 1 2 3", "LOLWUT VERSION"] {
            assert!(bench.ask(line).ends_with(&ending), "{line}");
        }
        let refused = "-ERR value is not an integer or out of range\r\n";
        assert_eq!(bench.ask("LOLWUT VERSION x"), refused);
        assert_eq!(bench.ask("LOLWUT VERSION 5 a"), refused);
        assert!(bench.ask("LOLWUT VERSION 7 a").ends_with(&ending));
        bench.ask("HELLO 3");
        assert!(bench.ask("LOLWUT").contains("\r\ntxt:"));
    }
}
