//! A list: a listpack while it is small, nodes of listpacks when it is large.
//!
//! ```text
//! OBJECT ENCODING  listpack   one listpack
//!                  quicklist  nodes (list/nodes.rs), each a listpack or one large element
//! ```
//!
//! **When it changes.** [`List::make_room`] makes a list large before elements are added that would
//! exceed the limit; [`List::compact`] makes it small again after elements were taken out, when it
//! is down to one node of half the limit. Both are called by the commands, as Redis does it: a list
//! does not change its encoding by being read.

mod limit;
mod node;
mod nodes;
mod quicklist;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use crate::listpack::{self, Element, Listpack, Needle};
pub use limit::NodeLimit;
use node::Node;
pub use node::NodeRef;
use quicklist::{QuickWalk, Quicklist};

/// The largest effort that is worked out element by element.
const FEW_NODES: usize = 64;

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct List(Form);

#[derive(Clone, Debug)]
enum Form {
    Small(Listpack),
    Large(Box<Quicklist>),
}

/// One of the two ends of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where LPUSH and LPOP work.
    Front,
    /// Where RPUSH and RPOP work.
    Back,
}

/// An element on its way into a list.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    bytes: &'a [u8],
    shared: Option<&'a Bytes>,
}

impl<'a> Word<'a> {
    /// These bytes, and the same as shared memory, if there is any that a large element may keep.
    #[inline]
    pub fn new(bytes: &'a [u8], shared: Option<&'a Bytes>) -> Self {
        debug_assert!(shared.is_none_or(|shared| shared == bytes));
        Self { bytes, shared }
    }

    /// The bytes, copied unless they are shared.
    pub fn to_shared(self) -> Bytes {
        self.shared.cloned().unwrap_or_else(|| Bytes::copy_from_slice(self.bytes))
    }
}

impl<'a> From<&'a [u8]> for Word<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::new(bytes, None)
    }
}

/// An element as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// The text of this number.
    Int(i64),
    /// These bytes.
    Bytes(&'a [u8]),
    /// A large element, which a reply may refer to.
    Shared(&'a Bytes),
}

impl<'a> Item<'a> {
    /// The bytes; `text` is where those of a number are written.
    #[inline]
    pub fn as_bytes(self, text: &'a mut itoa::Buffer) -> &'a [u8] {
        match self {
            Self::Int(int) => text.format(int).as_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }

    /// The bytes, copied unless they are shared.
    pub fn to_shared(self) -> Bytes {
        match self {
            Self::Shared(bytes) => bytes.clone(),
            item => Bytes::copy_from_slice(item.as_bytes(&mut itoa::Buffer::new())),
        }
    }

    /// Whether it has these bytes.
    #[inline]
    pub fn is(self, needle: &Needle<'_>) -> bool {
        needle.is(match self {
            Self::Int(int) => Element::Int(int),
            Self::Bytes(bytes) => Element::Bytes(bytes),
            Self::Shared(bytes) => Element::Bytes(bytes),
        })
    }
}

impl<'a> From<Element<'a>> for Item<'a> {
    #[inline]
    fn from(element: Element<'a>) -> Self {
        match element {
            Element::Int(int) => Self::Int(int),
            Element::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

impl Default for List {
    fn default() -> Self {
        Self::new()
    }
}

impl List {
    /// A list without elements.
    pub fn new() -> Self {
        Self(Form::Small(Listpack::new()))
    }

    /// A large list without elements: to be filled node by node or element by element, and
    /// [settled](Self::settle) in the end.
    pub fn new_large(limit: NodeLimit) -> Self {
        Self(Form::Large(Box::new(Quicklist::new(Listpack::new(), limit))))
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match &self.0 {
            Form::Small(_) => "listpack",
            Form::Large(_) => "quicklist",
        }
    }

    /// How many elements.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Small(listpack) => listpack.len(),
            Form::Large(quicklist) => quicklist.nodes.elements(),
        }
    }

    /// Whether there is no element.
    #[inline]
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Form::Small(listpack) => listpack.is_empty(),
            Form::Large(quicklist) => quicklist.nodes.elements() == 0,
        }
    }

    /// Makes the list large if so many more elements of together so many bytes would exceed the
    /// limit.
    pub fn make_room(&mut self, bytes: usize, elements: usize, limit: NodeLimit) {
        let Form::Small(listpack) = &mut self.0 else { return };
        if limit.is_exceeded(listpack.bytes().len() + bytes, listpack.len() + elements) {
            let quicklist = Quicklist::new(std::mem::take(listpack), limit);
            self.0 = Form::Large(Box::new(quicklist));
        }
    }

    /// Makes the list small if it has one node of half the limit. To be called when elements were
    /// taken out.
    pub fn compact(&mut self, limit: NodeLimit) {
        if let Form::Large(quicklist) = &mut self.0
            && let Some(listpack) = quicklist.take_small(limit)
        {
            self.0 = Form::Small(listpack);
        }
    }

    /// Adds a node with these elements behind the last one of a large list. One without elements
    /// is left out.
    ///
    /// # Panics
    /// If the list is small.
    pub fn push_packed(&mut self, elements: Listpack) {
        if !elements.is_empty() {
            self.push_node(Node::Packed(elements));
        }
    }

    /// Adds a node of one element, however small, behind the last one of a large list.
    ///
    /// # Panics
    /// If the list is small.
    pub fn push_plain(&mut self, element: Bytes) {
        self.push_node(Node::Plain(element));
    }

    fn push_node(&mut self, node: Node) {
        match &mut self.0 {
            Form::Large(quicklist) => quicklist.nodes.push_back(node),
            Form::Small(_) => panic!("a small list has no nodes"),
        }
    }

    /// Makes a list small that is done with being filled, if one node has it all.
    pub fn settle(&mut self, limit: NodeLimit) {
        if let Form::Large(quicklist) = &mut self.0
            && let Some(listpack) = quicklist.take_only(limit)
        {
            self.0 = Form::Small(listpack);
        }
    }

    /// Adds an element at one end.
    pub fn push(&mut self, end: End, word: Word<'_>) {
        match (&mut self.0, end) {
            (Form::Small(listpack), End::Front) => {
                listpack.push_front(word.bytes);
            }
            (Form::Small(listpack), End::Back) => {
                listpack.push_back(word.bytes);
            }
            (Form::Large(quicklist), _) => quicklist.push(end, word),
        }
    }

    /// The element at an index.
    pub fn get(&self, index: usize) -> Option<Item<'_>> {
        match &self.0 {
            Form::Small(listpack) => listpack.seek(index as i64).map(|at| listpack.get(at).into()),
            Form::Large(quicklist) => quicklist.get(index),
        }
    }

    /// The elements from an index on.
    pub fn iter_from(&self, index: usize) -> Iter<'_> {
        self.walk(index, false)
    }

    /// The elements from an index back to the beginning.
    pub fn iter_back_from(&self, index: usize) -> Iter<'_> {
        self.walk(index, true)
    }

    /// The elements in the order in which popping at this end would meet them.
    pub fn iter(&self, end: End) -> Iter<'_> {
        match end {
            End::Front => self.iter_from(0),
            End::Back => self.iter_back_from(self.len().saturating_sub(1)),
        }
    }

    fn walk(&self, from: usize, is_back: bool) -> Iter<'_> {
        let len = self.len();
        let left = match is_back {
            true => len.min(from + 1),
            false => len.saturating_sub(from),
        };
        let walk = match &self.0 {
            Form::Small(listpack) => Walk::Small {
                elements: match listpack.seek(from as i64) {
                    Some(at) if is_back => listpack.iter_up_to(at),
                    Some(at) => listpack.iter_from(at),
                    None => listpack.iter(),
                },
                is_back,
            },
            Form::Large(quicklist) => Walk::Large(quicklist.walk(from, is_back)),
        };
        Iter { walk, left }
    }

    /// Puts an element in the place of the one at an index; false if there is none.
    pub fn set(&mut self, index: usize, word: Word<'_>) -> bool {
        match &mut self.0 {
            Form::Small(listpack) => match listpack.seek(index as i64) {
                Some(at) => {
                    listpack.replace(at, word.bytes);
                    true
                }
                None => false,
            },
            Form::Large(quicklist) => quicklist.set(index, word),
        }
    }

    /// Puts an element before or behind the first one with the bytes of `pivot`; false if there is
    /// none.
    pub fn insert(&mut self, pivot: &[u8], is_after: bool, word: Word<'_>) -> bool {
        match &mut self.0 {
            Form::Small(listpack) => match listpack.find(listpack.first(), pivot, 0) {
                Some(at) if is_after => {
                    listpack.insert_after(at, word.bytes);
                }
                Some(at) => {
                    listpack.insert_before(at, word.bytes);
                }
                None => return false,
            },
            Form::Large(quicklist) => {
                let needle = Needle::new(pivot);
                let mut items = quicklist.walk(0, false);
                let mut index = 0;
                while !items.step().is_some_and(|item| item.is(&needle)) {
                    index += 1;
                    if index >= quicklist.nodes.elements() {
                        return false;
                    }
                }
                quicklist.insert(index, is_after, word);
            }
        }
        true
    }

    /// Takes out so many elements from an index on, or as many as there are.
    pub fn delete_range(&mut self, start: usize, count: usize) {
        match &mut self.0 {
            Form::Small(listpack) => {
                listpack.delete_range(start as i64, count);
            }
            Form::Large(quicklist) => quicklist.delete_range(start, count),
        }
    }

    /// Takes out so many elements at one end, or as many as there are.
    pub fn delete_at_end(&mut self, end: End, count: usize) {
        let start = match end {
            End::Front => 0,
            End::Back => self.len().saturating_sub(count),
        };
        self.delete_range(start, count);
    }

    /// Takes out up to `most` elements with these bytes, the first ones from this end; how many
    /// those were.
    pub fn delete_equal(&mut self, wanted: &[u8], most: usize, end: End) -> usize {
        let (needle, is_back) = (Needle::new(wanted), end == End::Back);
        match &mut self.0 {
            Form::Small(listpack) => listpack.delete_equal(&needle, most, is_back),
            Form::Large(quicklist) => quicklist.delete_equal(&needle, most, is_back),
        }
    }

    /// The listpack of a small list.
    pub fn as_listpack(&self) -> Option<&Listpack> {
        match &self.0 {
            Form::Small(listpack) => Some(listpack),
            Form::Large(_) => None,
        }
    }

    /// The limit of a large list's nodes.
    pub fn node_limit(&self) -> Option<NodeLimit> {
        match &self.0 {
            Form::Small(_) => None,
            Form::Large(quicklist) => Some(quicklist.limit),
        }
    }

    /// How many nodes; a small list is one.
    pub fn node_count(&self) -> usize {
        match &self.0 {
            Form::Small(_) => 1,
            Form::Large(quicklist) => quicklist.nodes.count(),
        }
    }

    /// The nodes in order; a small list is one.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        let (small, large) = match &self.0 {
            Form::Small(listpack) => (Some(NodeRef::Packed(listpack)), None),
            Form::Large(quicklist) => (None, Some(quicklist.nodes.iter())),
        };
        small.into_iter().chain(large.into_iter().flatten().map(Node::as_ref))
    }

    /// Bytes allocated, the list itself left out; a judgement where there are many nodes.
    pub fn memory_bytes(&self) -> usize {
        match &self.0 {
            Form::Small(listpack) => listpack.memory_bytes(),
            Form::Large(quicklist) => size_of::<Quicklist>() + quicklist.nodes.memory_bytes(),
        }
    }

    /// How many steps it takes to free the list.
    pub fn free_effort(&self) -> usize {
        match &self.0 {
            Form::Small(_) => 1,
            Form::Large(quicklist) if quicklist.nodes.count() <= FEW_NODES => {
                quicklist.nodes.iter().map(Node::free_effort).sum()
            }
            Form::Large(quicklist) => quicklist.nodes.count(),
        }
    }

    /// Frees about so many steps' worth of elements, the last ones; whether any are left.
    ///
    /// The list is of no use afterwards but for being freed further.
    pub fn free_slice(&mut self, steps: usize) -> bool {
        let Form::Large(quicklist) = &mut self.0 else { return false };
        let mut done = 0;
        while done < steps {
            let Some(node) = quicklist.nodes.pop_back() else { return false };
            done += node.free_effort();
        }
        quicklist.nodes.count() > 0
    }
}

impl PartialEq for List {
    /// Equal elements, whatever the encoding.
    fn eq(&self, other: &Self) -> bool {
        let bytes = |item: Item<'_>| item.to_shared();
        self.len() == other.len() && self.iter_from(0).map(bytes).eq(other.iter_from(0).map(bytes))
    }
}

impl Eq for List {}

/// Elements of a list in one direction.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    walk: Walk<'a>,
    left: usize,
}

#[derive(Clone, Debug)]
enum Walk<'a> {
    Small { elements: listpack::Iter<'a>, is_back: bool },
    Large(QuickWalk<'a>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        self.left = self.left.checked_sub(1)?;
        match &mut self.walk {
            Walk::Small { elements, is_back: true } => elements.next_back().map(Item::from),
            Walk::Small { elements, is_back: false } => elements.next().map(Item::from),
            Walk::Large(walk) => walk.step(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}
