//! The sequence of a large list's nodes.
//!
//! **Layout**
//!
//! ```text
//! chunks  [ 256 nodes, 31744 elements | 256 nodes, 31520 elements | ... | 3 nodes, 200 elements ]
//!             |
//!             +--> [ listpack | listpack | large element | ... ]
//! ```
//!
//! Pushing and popping at the ends is constant work, but for moving the row of chunks when it
//! grows, once in 256 times so many nodes: some 100 KiB at a million nodes (8 GiB of elements). An
//! index is found by adding up the elements of chunks, then of nodes, from the nearer end.
//!
//! **Invariants:** no chunk is empty; the elements of a chunk and of all are counted beside them,
//! which is why nodes are changed by [`Nodes::edit`] only.

use std::collections::VecDeque;

use super::node::Node;

/// The most nodes of a chunk.
const CHUNK_NODES: usize = 256;

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub(super) struct Nodes {
    chunks: VecDeque<Chunk>,
    elements: usize,
    nodes: usize,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    nodes: VecDeque<Node>,
    elements: usize,
}

/// Where a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeAt {
    chunk: usize,
    node: usize,
}

impl Nodes {
    /// Elements of all nodes.
    pub(super) fn elements(&self) -> usize {
        self.elements
    }

    /// How many nodes.
    pub(super) fn count(&self) -> usize {
        self.nodes
    }

    pub(super) fn first(&self) -> Option<NodeAt> {
        (!self.chunks.is_empty()).then_some(NodeAt { chunk: 0, node: 0 })
    }

    pub(super) fn last(&self) -> Option<NodeAt> {
        let chunk = self.chunks.len().checked_sub(1)?;
        Some(NodeAt { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    pub(super) fn next(&self, at: NodeAt) -> Option<NodeAt> {
        if at.node + 1 < self.chunks[at.chunk].nodes.len() {
            return Some(NodeAt { node: at.node + 1, ..at });
        }
        let chunk = at.chunk + 1;
        (chunk < self.chunks.len()).then_some(NodeAt { chunk, node: 0 })
    }

    pub(super) fn previous(&self, at: NodeAt) -> Option<NodeAt> {
        if let Some(node) = at.node.checked_sub(1) {
            return Some(NodeAt { node, ..at });
        }
        let chunk = at.chunk.checked_sub(1)?;
        Some(NodeAt { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    pub(super) fn get(&self, at: NodeAt) -> &Node {
        &self.chunks[at.chunk].nodes[at.node]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.chunks.iter().flat_map(|chunk| &chunk.nodes)
    }

    /// The node of the element at an index, and its index there.
    pub(super) fn locate(&self, index: usize) -> Option<(NodeAt, usize)> {
        if index >= self.elements {
            return None;
        }
        if index < self.elements / 2 {
            self.locate_forth(index)
        } else {
            self.locate_back(self.elements - 1 - index)
        }
    }

    fn locate_forth(&self, mut index: usize) -> Option<(NodeAt, usize)> {
        for (chunk, of) in self.chunks.iter().enumerate() {
            if index >= of.elements {
                index -= of.elements;
                continue;
            }
            for (node, of) in of.nodes.iter().enumerate() {
                let len = of.len();
                if index < len {
                    return Some((NodeAt { chunk, node }, index));
                }
                index -= len;
            }
        }
        None
    }

    /// The same with the index counted from the end.
    fn locate_back(&self, mut index: usize) -> Option<(NodeAt, usize)> {
        for (chunk, of) in self.chunks.iter().enumerate().rev() {
            if index >= of.elements {
                index -= of.elements;
                continue;
            }
            for (node, of) in of.nodes.iter().enumerate().rev() {
                let len = of.len();
                if index < len {
                    return Some((NodeAt { chunk, node }, len - 1 - index));
                }
                index -= len;
            }
        }
        None
    }

    /// Changes a node, which may become empty and is to be removed then.
    pub(super) fn edit<T>(&mut self, at: NodeAt, change: impl FnOnce(&mut Node) -> T) -> T {
        let chunk = &mut self.chunks[at.chunk];
        let node = &mut chunk.nodes[at.node];
        let before = node.len();
        let result = change(node);
        let after = node.len();
        chunk.elements = chunk.elements - before + after;
        self.elements = self.elements - before + after;
        result
    }

    pub(super) fn push_back(&mut self, node: Node) {
        let is_full = |chunk: &Chunk| chunk.nodes.len() >= CHUNK_NODES;
        if self.chunks.back().is_none_or(is_full) {
            self.chunks.push_back(Chunk::default());
        }
        self.count_in(&node);
        let chunk = self.chunks.back_mut().expect("one was pushed if there was none");
        chunk.elements += node.len();
        chunk.nodes.push_back(node);
    }

    pub(super) fn push_front(&mut self, node: Node) {
        let is_full = |chunk: &Chunk| chunk.nodes.len() >= CHUNK_NODES;
        if self.chunks.front().is_none_or(is_full) {
            self.chunks.push_front(Chunk::default());
        }
        self.count_in(&node);
        let chunk = self.chunks.front_mut().expect("one was pushed if there was none");
        chunk.elements += node.len();
        chunk.nodes.push_front(node);
    }

    /// Puts a node before the one at a place; where it is now.
    pub(super) fn insert_before(&mut self, at: NodeAt, node: Node) -> NodeAt {
        let at = self.make_room(at);
        self.count_in(&node);
        let chunk = &mut self.chunks[at.chunk];
        chunk.elements += node.len();
        chunk.nodes.insert(at.node, node);
        at
    }

    /// Puts a node behind the one at a place; where it is now.
    pub(super) fn insert_after(&mut self, at: NodeAt, node: Node) -> NodeAt {
        match self.next(at) {
            Some(next) => self.insert_before(next, node),
            None => {
                self.push_back(node);
                self.last().expect("one was just pushed")
            }
        }
    }

    /// Makes room for one more node in a chunk; where the node at the place is then.
    fn make_room(&mut self, at: NodeAt) -> NodeAt {
        let chunk = &mut self.chunks[at.chunk];
        if chunk.nodes.len() < CHUNK_NODES {
            return at;
        }
        let back = chunk.nodes.split_off(CHUNK_NODES / 2);
        let elements = back.iter().map(Node::len).sum();
        chunk.elements -= elements;
        self.chunks.insert(at.chunk + 1, Chunk { nodes: back, elements });
        match at.node.checked_sub(CHUNK_NODES / 2) {
            Some(node) => NodeAt { chunk: at.chunk + 1, node },
            None => at,
        }
    }

    /// Takes a node out; the place of the one that was behind it.
    pub(super) fn remove(&mut self, at: NodeAt) -> (Node, Option<NodeAt>) {
        let chunk = &mut self.chunks[at.chunk];
        let node = chunk.nodes.remove(at.node).expect("the place is one of a node");
        chunk.elements -= node.len();
        self.elements -= node.len();
        self.nodes -= 1;
        let (left, is_last) = (chunk.nodes.len(), at.node == chunk.nodes.len());
        let next_chunk = if left == 0 {
            self.chunks.remove(at.chunk);
            at.chunk
        } else {
            at.chunk + 1
        };
        let next = if is_last { NodeAt { chunk: next_chunk, node: 0 } } else { at };
        (node, (next.chunk < self.chunks.len()).then_some(next))
    }

    /// Takes the last node out.
    pub(super) fn pop_back(&mut self) -> Option<Node> {
        Some(self.remove(self.last()?).0)
    }

    fn count_in(&mut self, node: &Node) {
        self.elements += node.len();
        self.nodes += 1;
    }

    /// Bytes allocated: exact for up to two chunks, otherwise judged by the first and the last.
    pub(super) fn memory_bytes(&self) -> usize {
        let of = |chunk: &Chunk| -> usize {
            let nodes: usize = chunk.nodes.iter().map(Node::memory_bytes).sum();
            nodes + chunk.nodes.capacity() * size_of::<Node>()
        };
        let row = self.chunks.capacity() * size_of::<Chunk>();
        let ends = match (self.chunks.front(), self.chunks.back()) {
            (Some(front), Some(back)) if self.chunks.len() > 1 => [Some(front), Some(back)],
            (front, _) => [front, None],
        };
        let (seen, bytes) = ends
            .into_iter()
            .flatten()
            .fold((0, 0), |(seen, bytes), chunk| (seen + chunk.nodes.len(), bytes + of(chunk)));
        row + (bytes as u128 * self.nodes as u128 / seen.max(1) as u128) as usize
    }

    #[cfg(test)]
    pub(super) fn check(&self) {
        let mut elements = 0;
        let mut nodes = 0;
        for chunk in &self.chunks {
            assert!((1..=CHUNK_NODES).contains(&chunk.nodes.len()));
            let lens = chunk.nodes.iter().map(Node::len);
            assert!(lens.clone().all(|len| len > 0), "no node is empty");
            assert_eq!(chunk.elements, lens.sum::<usize>());
            elements += chunk.elements;
            nodes += chunk.nodes.len();
        }
        assert_eq!((self.elements, self.nodes), (elements, nodes));
    }
}
