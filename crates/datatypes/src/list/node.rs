//! One node of a large list: a listpack, or a large element by itself.

use bytes::Bytes;

use super::{Item, Word};
use crate::listpack::{self, At, Element, Listpack, Needle};

/// Bytes of an element that are freed in one step.
const FREE_STEP_BYTES: usize = 64 * 1024;

/// See the head of this file. A node is never empty while it is in its list.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Some elements.
    Packed(Listpack),
    /// One large element, shared with replies.
    Plain(Bytes),
}

const _: () = assert!(size_of::<Node>() <= 32);

/// A node of a list as others see it.
#[derive(Clone, Copy, Debug)]
pub enum NodeRef<'a> {
    /// Some elements.
    Packed(&'a Listpack),
    /// One element by itself.
    Plain(&'a Bytes),
}

impl<'a> NodeRef<'a> {
    /// The bytes of the listpack, or of the element.
    pub fn as_bytes(self) -> &'a [u8] {
        match self {
            Self::Packed(listpack) => listpack.bytes(),
            Self::Plain(element) => element,
        }
    }
}

impl Node {
    /// A node with one element that is not large.
    pub(super) fn packed(element: &[u8]) -> Self {
        let mut listpack = Listpack::new();
        listpack.push_back(element);
        Self::Packed(listpack)
    }

    /// A node of a large element.
    pub(super) fn plain(word: Word<'_>) -> Self {
        Self::Plain(word.to_shared())
    }

    pub(super) fn as_ref(&self) -> NodeRef<'_> {
        match self {
            Self::Packed(listpack) => NodeRef::Packed(listpack),
            Self::Plain(element) => NodeRef::Plain(element),
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// Elements.
    #[inline]
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Packed(listpack) => listpack.len(),
            Self::Plain(_) => 1,
        }
    }

    /// Bytes of what is kept.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Packed(listpack) => listpack.bytes().len(),
            Self::Plain(element) => element.len(),
        }
    }

    /// Bytes allocated, the node itself left out.
    pub(super) fn memory_bytes(&self) -> usize {
        match self {
            Self::Packed(listpack) => listpack.memory_bytes(),
            Self::Plain(element) => element.len(),
        }
    }

    /// How many steps it takes to free it.
    pub(super) fn free_effort(&self) -> usize {
        match self {
            Self::Packed(_) => 1,
            Self::Plain(element) => 1 + element.len() / FREE_STEP_BYTES,
        }
    }

    /// The element at an index.
    pub(super) fn get(&self, index: usize) -> Option<Item<'_>> {
        match self {
            Self::Packed(listpack) => listpack.seek(index as i64).map(|at| listpack.get(at).into()),
            Self::Plain(element) => (index == 0).then_some(Item::Shared(element)),
        }
    }

    /// The elements from an index on, or from it back to the beginning.
    pub(super) fn walk(&self, from: usize, is_back: bool) -> NodeWalk<'_> {
        match self {
            Self::Packed(listpack) => {
                let whole = listpack.iter();
                NodeWalk::Packed(match listpack.seek(from as i64) {
                    // Where the walk takes in all elements, nothing has to be looked for.
                    _ if !is_back && from == 0 => whole,
                    Some(at) if is_back => listpack.iter_up_to(at),
                    Some(at) => listpack.iter_from(at),
                    None => whole,
                })
            }
            Self::Plain(element) => NodeWalk::Plain(Some(element)),
        }
    }

    /// Takes out up to `most` elements with these bytes; how many those were.
    pub(super) fn delete_equal(&mut self, needle: &Needle<'_>, most: usize, back: bool) -> usize {
        match self {
            Self::Packed(listpack) => listpack.delete_equal(needle, most, back),
            Self::Plain(element) => {
                let is_match = most > 0 && needle.is(Element::Bytes(element));
                if is_match {
                    // The list drops a node that has become empty.
                    *self = Self::Packed(Listpack::new());
                }
                usize::from(is_match)
            }
        }
    }

    /// The listpack and the place of an index in it; `None` in a plain node.
    pub(super) fn place(&mut self, index: usize) -> Option<(&mut Listpack, At)> {
        match self {
            Self::Packed(listpack) => {
                let at = listpack.seek(index as i64)?;
                Some((listpack, at))
            }
            Self::Plain(_) => None,
        }
    }
}

/// Elements of one node.
#[derive(Clone, Debug)]
pub(super) enum NodeWalk<'a> {
    Packed(listpack::Iter<'a>),
    Plain(Option<&'a Bytes>),
}

impl<'a> NodeWalk<'a> {
    #[inline]
    pub(super) fn step(&mut self, is_back: bool) -> Option<Item<'a>> {
        match self {
            Self::Packed(elements) if is_back => elements.next_back().map(Item::from),
            Self::Packed(elements) => elements.next().map(Item::from),
            Self::Plain(element) => element.take().map(Item::Shared),
        }
    }
}
