//! What the folds have in common: failures, sums, values in the order of the request.

use bytes::Bytes;

use crate::{Outcome, Part, Partial};

/// The first failure among the parts.
///
/// # Errors
/// That failure.
pub(crate) fn check_parts(parts: &[Part]) -> Outcome {
    for part in parts {
        if let Partial::Failed(error) = &part.partial {
            return Err(error.clone());
        }
    }
    Ok(())
}

/// The failure that comes first in the order of the request's keys.
///
/// # Errors
/// That failure.
pub(crate) fn check_parts_in_order(parts: &[Part]) -> Outcome {
    let failures = parts.iter().filter_map(|part| match &part.partial {
        Partial::FailedAt(index, error) => Some((part.positions.get(*index), error)),
        _ => None,
    });
    let first = failures.min_by_key(|(position, _)| *position);
    first.map_or(Ok(()), |(_, error)| Err(error.clone()))
}

/// The sum of all counts.
pub(crate) fn count(parts: &[Part]) -> i64 {
    let counts = parts.iter().map(|part| match part.partial {
        Partial::Count(count) => count,
        _ => 0,
    });
    counts.sum()
}

/// What each key's part answered, in the order of the request's words from `first` on.
pub(crate) fn in_order<'a, T>(
    parts: &'a [Part],
    first: usize,
    count: usize,
    answers: impl Fn(&'a Partial) -> &'a [Option<T>],
) -> Vec<Option<&'a T>> {
    if let [part] = parts
        && part.positions.is_empty()
    {
        return answers(&part.partial).iter().map(Option::as_ref).collect();
    }
    let mut ordered = vec![None; count];
    for part in parts {
        for (&position, answer) in part.positions.iter().zip(answers(&part.partial)) {
            ordered[position as usize - first] = answer.as_ref();
        }
    }
    ordered
}

/// The values of a part.
pub(crate) fn values(partial: &Partial) -> &[Option<Bytes>] {
    match partial {
        Partial::Values(values) => values,
        _ => &[],
    }
}
