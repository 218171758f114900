//! Elements of collections, as replies have them.

use datatypes::listpack::Element;
use resp::ReplyWriter;

/// Answers an element.
#[inline]
pub(crate) fn answer(reply: &mut ReplyWriter<'_>, element: Element<'_>) {
    match element {
        Element::Int(number) => reply.bulk_integer(number),
        Element::Bytes(bytes) => reply.bulk(bytes),
    }
}
