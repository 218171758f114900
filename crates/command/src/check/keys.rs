//! Invariants of key specs.

use super::Report;
use crate::flags::{MOVABLE_KEYS, NO_MANDATORY_KEYS};
use crate::key_spec::{Begin, Find, INCOMPLETE, KeySpec, OW, RM, RO, RW, VARIABLE_FLAGS};
use crate::spec::Spec;

pub(super) fn check(spec: &Spec, report: &mut Report<'_>) {
    for keys in spec.keys {
        if (keys.flags & (RO | RW | OW | RM)).count_ones() != 1 {
            report("has a key spec that is not exactly one of RO, RW, OW and RM");
        }
        let may_be_absent = spec.has(NO_MANDATORY_KEYS) || spec.special_keys.is_some();
        if !may_be_absent && !is_inside_arity(keys, spec) {
            report("has a key spec outside its arity");
        }
    }
    if spec.has(MOVABLE_KEYS) != spec.keys.iter().any(is_movable) {
        report("MOVABLE_KEYS and its key specs disagree");
    }
    if spec.has(NO_MANDATORY_KEYS) && !spec.has_keys() {
        report("has no keys at all, so none can be mandatory");
    }
    let is_untold = |keys: &KeySpec| {
        keys.begin == Begin::Unknown || keys.flags & (INCOMPLETE | VARIABLE_FLAGS) != 0
    };
    if spec.keys.iter().any(is_untold) && spec.special_keys.is_none() {
        report("has key specs that are not the whole truth, and nothing that finds the rest");
    }
}

/// Whether the shortest legal request has a word where this spec's first key, or the count of its
/// keys, must stand. What is behind a keyword need not be there.
fn is_inside_arity(keys: &KeySpec, spec: &Spec) -> bool {
    let Begin::Index(first) = keys.begin else { return true };
    let first = usize::from(first);
    let last = match keys.find {
        Find::Range { last, step, limit: 0 } if step > 0 => match usize::try_from(last) {
            Ok(last) => first + last,
            Err(_) => spec.arity.least().saturating_sub(usize::from(last.unsigned_abs())),
        },
        Find::Counted { count_at, first: offset, step } if offset > 0 && step > 0 => {
            first + usize::from(count_at)
        }
        _ => return false,
    };
    0 < first && first <= last && last < spec.arity.least()
}

/// Whether first, last and step are not enough to find these keys.
fn is_movable(keys: &KeySpec) -> bool {
    let is_range =
        matches!((keys.begin, keys.find), (Begin::Index(_), Find::Range { limit: 0, .. }));
    !is_range || keys.flags & INCOMPLETE != 0
}
