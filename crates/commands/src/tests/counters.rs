//! Strings that are numbers.

use super::script;

#[test]
fn integers() {
    script(
        "INCR a -> 1
         INCRBY a 41 -> 42
         DECR a -> 41
         DECRBY a 1 -> 40
         DECRBY a -2 -> 42
         OBJECT ENCODING a -> \"int\"
         SET a 5 EX 10
         INCR a -> 6
         TTL a -> 10
         SET a abc
         INCR a -> ERR value is not an integer or out of range
         INCRBY a x -> ERR value is not an integer or out of range
         SET a 01
         INCR a -> ERR value is not an integer or out of range
         SET a \"\"
         INCR a -> ERR value is not an integer or out of range",
    );
}

#[test]
fn integers_do_not_overflow() {
    script(
        "SET a 9223372036854775806
         INCR a -> 9223372036854775807
         INCR a -> ERR increment or decrement would overflow
         DECRBY a -1 -> ERR increment or decrement would overflow
         DECRBY a -9223372036854775808 -> ERR decrement would overflow
         SET a -9223372036854775808
         DECR a -> ERR increment or decrement would overflow
         INCRBY a 9223372036854775807 -> -1",
    );
}

/// What APPEND and SETRANGE have opened for editing is still a number to INCR.
#[test]
fn edited_strings_count() {
    script(
        "APPEND a 1 -> 1
         OBJECT ENCODING a -> \"int\"
         APPEND a 2 -> 2
         OBJECT ENCODING a -> \"raw\"
         INCR a -> 13
         OBJECT ENCODING a -> \"int\"
         SETRANGE b 0 7 -> 1
         OBJECT ENCODING b -> \"raw\"
         INCR b -> 8",
    );
}

#[test]
fn floats() {
    script(
        "SET a 0.1
         INCRBYFLOAT a 0.2 -> \"0.3\"
         INCRBYFLOAT a 5.0e3 -> \"5000.29999999999999982\"
         INCRBYFLOAT b 3 -> \"3\"
         OBJECT ENCODING b -> \"embstr\"
         INCR b -> 4
         OBJECT ENCODING b -> \"int\"
         SET c 10 EX 10
         INCRBYFLOAT c -0.5 -> \"9.5\"
         TTL c -> 10
         INCRBYFLOAT c x -> ERR value is not a valid float
         INCRBYFLOAT c inf -> ERR increment would produce NaN or Infinity
         SET c x
         INCRBYFLOAT c 1 -> ERR value is not a valid float",
    );
}
