//! A string outside of its entry: a buffer that is being edited, or bytes shared with replies.
//!
//! A large value arrives as [`Bytes`] and is kept as it came. A reply takes another reference to
//! the same bytes, so it can be written long after the key has changed. The first edit makes the
//! bytes an ordinary buffer: without a copy if no reply holds them any more.

use bytes::Bytes;

/// Bytes of a buffer that can be freed in one step.
const FREE_STEP_BYTES: usize = 64 * 1024;

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct StringObject(Buffer);

#[derive(Clone, Debug)]
enum Buffer {
    Owned(Vec<u8>),
    Shared(Bytes),
}

impl StringObject {
    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Buffer::Owned(bytes) => bytes,
            Buffer::Shared(bytes) => bytes,
        }
    }

    /// How many bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes as a growing buffer, to be edited in amortised constant time.
    pub fn edit(&mut self) -> &mut Vec<u8> {
        if let Buffer::Shared(bytes) = &mut self.0 {
            self.0 = Buffer::Owned(Vec::from(std::mem::take(bytes)));
        }
        match &mut self.0 {
            Buffer::Owned(bytes) => bytes,
            Buffer::Shared(_) => unreachable!("it was just made an owned buffer"),
        }
    }

    /// Another reference to the bytes, which stays as it is when the string is edited.
    pub fn share(&mut self) -> Bytes {
        if let Buffer::Owned(bytes) = &mut self.0 {
            self.0 = Buffer::Shared(Bytes::from(std::mem::take(bytes)));
        }
        match &self.0 {
            Buffer::Shared(bytes) => bytes.clone(),
            Buffer::Owned(_) => unreachable!("it was just made shared"),
        }
    }

    /// The bytes, moved out.
    pub fn into_bytes(self) -> Bytes {
        match self.0 {
            Buffer::Owned(bytes) => Bytes::from(bytes),
            Buffer::Shared(bytes) => bytes,
        }
    }

    /// Replaces the bytes; keeps the buffer if they fill at least half of it.
    pub fn overwrite(&mut self, value: &[u8]) {
        match &mut self.0 {
            Buffer::Owned(bytes)
                if (bytes.capacity() / 2..=bytes.capacity()).contains(&value.len()) =>
            {
                bytes.clear();
                bytes.extend_from_slice(value);
            }
            _ => *self = Self::from(value.to_vec()),
        }
    }

    /// Bytes allocated.
    pub fn memory_bytes(&self) -> usize {
        match &self.0 {
            Buffer::Owned(bytes) => bytes.capacity(),
            Buffer::Shared(bytes) => bytes.len(),
        }
    }

    /// How many steps it takes to free the string: returning much memory takes the kernel long.
    pub fn free_effort(&self) -> usize {
        1 + self.memory_bytes() / FREE_STEP_BYTES
    }
}

impl From<Vec<u8>> for StringObject {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Buffer::Owned(bytes))
    }
}

impl From<Bytes> for StringObject {
    fn from(bytes: Bytes) -> Self {
        Self(Buffer::Shared(bytes))
    }
}

impl PartialEq for StringObject {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for StringObject {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_keeps_its_bytes_when_the_string_is_edited() {
        let mut string = StringObject::from(b"hello".to_vec());
        let reply = string.share();
        string.edit().extend_from_slice(b" world");
        assert_eq!(&reply[..], b"hello");
        assert_eq!(string.as_bytes(), b"hello world");
    }

    #[test]
    fn bytes_that_nobody_else_holds_are_edited_where_they_are() {
        let bytes = Bytes::from(vec![7_u8; 20_000]);
        let address = bytes.as_ptr();
        let mut string = StringObject::from(bytes);
        assert_eq!(string.edit().as_ptr(), address);
        assert_eq!(string.share().as_ptr(), address);
        assert_eq!(string.edit().as_ptr(), address);
        assert_eq!(string.into_bytes().as_ptr(), address);
    }

    #[test]
    fn a_buffer_is_kept_for_values_that_fill_half_of_it() {
        let mut string = StringObject::from(vec![1_u8; 4_000]);
        let address = string.as_bytes().as_ptr();
        string.overwrite(&[2; 2_000]);
        assert_eq!(string.as_bytes(), [2; 2_000]);
        assert_eq!(string.as_bytes().as_ptr(), address);
        string.overwrite(&[3; 1_999]);
        assert_eq!(string.memory_bytes(), 1_999);
        string.overwrite(&[4; 8_000]);
        assert_eq!(string.as_bytes(), [4; 8_000]);
    }
}
