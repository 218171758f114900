//! The longest common subsequence.

use super::script;

#[test]
fn lcs() {
    script(
        "MSET a ohmytext b mynewtext
         LCS a b -> \"mytext\"
         LCS a b LEN -> 6
         LCS a b IDX -> [\"matches\" [[[4 7] [5 8]] [[2 3] [0 1]]] \"len\" 6]
         LCS a b IDX MINMATCHLEN 4 -> [\"matches\" [[[4 7] [5 8]]] \"len\" 6]
         LCS a b IDX WITHMATCHLEN -> [\"matches\" [[[4 7] [5 8] 4] [[2 3] [0 1] 2]] \"len\" 6]
         LCS a b IDX MINMATCHLEN -5 -> [\"matches\" [[[4 7] [5 8]] [[2 3] [0 1]]] \"len\" 6]
         LCS a none -> \"\"
         LCS none none2 IDX -> [\"matches\" [] \"len\" 0]
         LCS a a IDX -> [\"matches\" [[[0 7] [0 7]]] \"len\" 8]
         MSET a 12345 b 2345
         LCS a b -> \"2345\"",
    );
}

/// Where both directions are as good, the walk goes along the second string.
#[test]
fn ties_are_broken_as_redis_does() {
    script(
        "MSET a aXbXc b aYbYc
         LCS a b IDX -> [\"matches\" [[[4 4] [4 4]] [[2 2] [2 2]] [[0 0] [0 0]]] \"len\" 3]
         MSET a ab b ba
         LCS a b IDX -> [\"matches\" [[[1 1] [0 0]]] \"len\" 1]",
    );
}

#[test]
fn options_are_checked() {
    script(
        "MSET a x b y
         LCS a b FOO -> ERR syntax error
         LCS a b MINMATCHLEN -> ERR syntax error
         LCS a b MINMATCHLEN x -> ERR value is not an integer or out of range
         LCS a b LEN IDX FOO -> ERR syntax error
         LCS a b LEN IDX -> ERR If you want both the length and indexes, please just use IDX.",
    );
}

#[test]
fn strings_beyond_the_limit_are_refused() {
    let too_large = "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";
    script(&format!(
        "SETRANGE a 11599 x
         SETRANGE b 11599 x
         LCS a b LEN -> {too_large}"
    ));
}
