//! Lists.
//!
//! ```text
//! List             count | element ...                          (strings)
//! ListZiplist      ziplist                                      (a string)
//! ListQuicklist    count | ziplist ...                          (strings)
//! ListQuicklist2   count | node ...
//!                          1 | element    one element by itself (a string)
//!                          2 | listpack   some elements         (a string)
//! ```

use datatypes::list::{End, NodeLimit, NodeRef, Word};
use datatypes::{List, Listpack};

use super::{Encoder, count_of_items};
use crate::{Error, Reader, string, ziplist};

const PLAIN: u64 = 1;
const PACKED: u64 = 2;

pub(super) fn push(encoder: &mut Encoder, list: &List, out: &mut Vec<u8>) {
    Encoder::push_count(out, list.node_count());
    for node in list.nodes() {
        out.push(match node {
            NodeRef::Plain(_) => PLAIN as u8,
            NodeRef::Packed(_) => PACKED as u8,
        });
        encoder.push_string(node.as_bytes(), out);
    }
}

/// REDIS: such a list keeps its only node, however small it is: `RESTORE`, `OBJECT ENCODING`.
pub(super) fn read_ziplist(source: &mut Reader<'_>, limit: NodeLimit) -> Result<List, Error> {
    let mut list = List::new_large(limit);
    list.push_packed(read_node_of_ziplist(source)?);
    finished(list)
}

fn finished(list: List) -> Result<List, Error> {
    if list.is_empty() { Err(Error::Corrupt("a list without elements")) } else { Ok(list) }
}

/// What the items of a list are.
pub(super) enum Items {
    Elements,
    Ziplists,
    Nodes,
}

/// A list that is being read.
pub(super) struct Filling {
    items: Items,
    /// Items to come, once their count was read.
    left: Option<u64>,
    list: List,
}

impl Filling {
    pub(super) fn new(items: Items, limit: NodeLimit) -> Self {
        Self { items, left: None, list: List::new_large(limit) }
    }

    pub(super) fn step(
        &mut self,
        source: &mut Reader<'_>,
        limit: NodeLimit,
    ) -> Result<Option<List>, Error> {
        let Some(left) = self.left else {
            self.left = Some(count_of_items(source)?);
            return Ok(None);
        };
        match self.items {
            Items::Elements => {
                let element = string::read(source)?;
                let mut text = itoa::Buffer::new();
                self.list.push(End::Back, Word::from(element.as_bytes(&mut text)));
            }
            Items::Ziplists => self.list.push_packed(read_node_of_ziplist(source)?),
            Items::Nodes => self.read_node(source)?,
        }
        self.left = Some(left - 1);
        if left > 1 {
            return Ok(None);
        }
        let mut list = finished(std::mem::take(&mut self.list))?;
        list.settle(limit);
        Ok(Some(list))
    }

    fn read_node(&mut self, source: &mut Reader<'_>) -> Result<(), Error> {
        match source.count()? {
            PLAIN => {
                let element = string::read(source)?.into_bytes();
                if element.is_empty() {
                    return Err(Error::Corrupt("a node without bytes"));
                }
                self.list.push_plain(element);
            }
            PACKED => {
                let bytes = string::read(source)?.into_vec();
                let node = Listpack::from_valid_bytes(bytes);
                self.list.push_packed(node.ok_or(Error::Corrupt("a node that is no listpack"))?);
            }
            _ => return Err(Error::Corrupt("a node of an unknown kind")),
        }
        Ok(())
    }
}

fn read_node_of_ziplist(source: &mut Reader<'_>) -> Result<Listpack, Error> {
    let bytes = string::read(source)?;
    let mut text = itoa::Buffer::new();
    ziplist::to_listpack(bytes.as_bytes(&mut text)).ok_or(Error::Corrupt("a broken ziplist"))
}
