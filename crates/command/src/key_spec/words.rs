//! The words of a request, wherever they are kept.

use std::marker::PhantomData;

/// The words of one request; word 0 is the command's name.
///
/// Slices of anything that is bytes implement it. What is kept in another form is shown through
/// [`words_from_fn`].
pub trait Words {
    /// How many words there are.
    fn count(&self) -> usize;

    /// The word at this position, which is below [`Words::count`].
    fn word(&self, index: usize) -> &[u8];
}

impl<T: AsRef<[u8]>> Words for &[T] {
    fn count(&self) -> usize {
        self.len()
    }

    fn word(&self, index: usize) -> &[u8] {
        self[index].as_ref()
    }
}

impl<T: AsRef<[u8]>> Words for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn word(&self, index: usize) -> &[u8] {
        self[index].as_ref()
    }
}

impl<T: AsRef<[u8]>, const N: usize> Words for [T; N] {
    fn count(&self) -> usize {
        N
    }

    fn word(&self, index: usize) -> &[u8] {
        self[index].as_ref()
    }
}

/// Words read through a function, see [`words_from_fn`].
pub struct FromFn<'a, F> {
    count: usize,
    word: F,
    lifetime: PhantomData<&'a [u8]>,
}

/// The words of a request that is not kept as a slice of words.
pub fn words_from_fn<'a, F: Fn(usize) -> &'a [u8]>(count: usize, word: F) -> FromFn<'a, F> {
    FromFn { count, word, lifetime: PhantomData }
}

impl<'a, F: Fn(usize) -> &'a [u8]> Words for FromFn<'a, F> {
    fn count(&self) -> usize {
        self.count
    }

    fn word(&self, index: usize) -> &[u8] {
        (self.word)(index)
    }
}
