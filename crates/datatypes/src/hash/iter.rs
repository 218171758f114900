//! The fields of a hash one after another.

use super::{Field, pack, pair::Pair};
use crate::table;

/// See the head of this file.
pub struct Iter<'a>(Walk<'a>);

enum Walk<'a> {
    Pack(pack::Iter<'a>),
    Table(table::Iter<'a, Pair>),
}

impl<'a> Iter<'a> {
    pub(super) fn of_pack(pack: pack::Pack<'a>) -> Self {
        Self(Walk::Pack(pack.iter()))
    }

    pub(super) fn of_table(table: table::Iter<'a, Pair>) -> Self {
        Self(Walk::Table(table))
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        match &mut self.0 {
            Walk::Pack(pack) => pack.next(),
            Walk::Table(table) => table.next().map(Pair::field),
        }
    }
}
