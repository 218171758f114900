//! HyperLogLogs: replies, and every byte of what is kept.

mod corrupted;
mod form;
mod unions;

use testkit::script::Step;

/// `PFADD key` of elements that are numbers.
fn add(key: &str, numbers: impl IntoIterator<Item = u64>) -> Step {
    let numbers = numbers.into_iter().map(|number| number.to_string());
    let words: Vec<String> =
        ["PFADD".to_owned(), key.to_owned()].into_iter().chain(numbers).collect();
    Step::words(&words)
}

/// All there is to see of a key.
fn look(key: &str) -> [Step; 5] {
    ["GET ?", "PFCOUNT ?", "GET ?", "OBJECT ENCODING ?", "PFDEBUG ENCODING ?"]
        .map(|line| Step::from(line.replace('?', key)))
}
