//! What the cores answer to one command, for its fold.

use commands::Outcome;
use resp::{Args, ReplyWriter};

use crate::{CorePart, SessionCx};

/// The cores' answers as what they are, in order of cores.
///
/// # Panics
/// If a part is something else: part and fold belong to the same command and agree.
pub(super) fn of<T: 'static>(parts: Vec<CorePart>) -> impl Iterator<Item = T> {
    parts.into_iter().map(|part| {
        let part = part.downcast::<T>().expect("the part of the same command made it");
        *part
    })
}

/// The fold of a command whose parts have nothing to say.
pub(super) fn fold_ok(
    _: &mut SessionCx<'_>,
    _: Args<'_>,
    _: Vec<CorePart>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    writer.ok();
    Ok(())
}

/// The check of a command whose arity is all that can be wrong.
pub(super) fn no_check(_: &mut SessionCx<'_>, _: Args<'_>) -> Outcome {
    Ok(())
}
