//! Parts of strings.

use super::harness::House;
use super::{script, script_on};

#[test]
fn append_and_strlen() {
    script(
        "STRLEN a -> 0
         APPEND a Hello -> 5
         APPEND a World -> 10
         GET a -> \"HelloWorld\"
         STRLEN a -> 10
         SET n -12
         STRLEN n -> 3
         APPEND n 5 -> 4
         GET n -> \"-125\"
         APPEND e \"\" -> 0
         EXISTS e -> 1
         SET v x EX 10
         APPEND v y -> 2
         TTL v -> 10",
    );
}

#[test]
fn getrange() {
    script(
        "SET a HelloWorld
         GETRANGE a 0 4 -> \"Hello\"
         GETRANGE a -5 -1 -> \"World\"
         GETRANGE a 0 -1 -> \"HelloWorld\"
         GETRANGE a 5 100 -> \"World\"
         GETRANGE a 100 200 -> \"\"
         GETRANGE a 4 3 -> \"\"
         GETRANGE a -1 -3 -> \"\"
         GETRANGE a -100 2 -> \"Hel\"
         GETRANGE a -100 -90 -> \"H\"
         GETRANGE a -90 -100 -> \"\"
         GETRANGE a -9223372036854775808 9223372036854775807 -> \"HelloWorld\"
         GETRANGE a x 1 -> ERR value is not an integer or out of range
         GETRANGE none 0 x -> ERR value is not an integer or out of range
         GETRANGE none 0 1 -> \"\"
         SET e \"\"
         GETRANGE e 0 -1 -> \"\"
         SET n 12345
         SUBSTR n 1 3 -> \"234\"",
    );
}

#[test]
fn setrange() {
    script(
        "SET a HelloWorld
         SETRANGE a 5 Redis -> 10
         GET a -> \"HelloRedis\"
         SETRANGE a 12 ! -> 13
         GET a -> \"HelloRedis\\x00\\x00!\"
         SETRANGE b 2 x -> 3
         GET b -> \"\\x00\\x00x\"
         SETRANGE c 5 \"\" -> 0
         EXISTS c -> 0
         SETRANGE a 100 \"\" -> 13
         SETRANGE a -1 x -> ERR offset is out of range
         SETRANGE a x x -> ERR value is not an integer or out of range",
    );
}

#[test]
fn no_string_grows_beyond_the_limit() {
    let too_long = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
    let mut house = House::new(1);
    house.shards[0].string_bytes_max = 10;
    script_on(
        &mut house,
        &format!(
            "SETRANGE a 9 x -> 10
             SETRANGE a 10 x -> {too_long}
             SETRANGE b 10 x -> {too_long}
             SETRANGE b 9223372036854775807 x -> {too_long}
             EXISTS b -> 0
             APPEND a x -> {too_long}
             STRLEN a -> 10
             APPEND c 123456 -> 6
             APPEND c 7890 -> 10
             APPEND c \"\" -> 10
             APPEND c 1 -> {too_long}"
        ),
    );
}
