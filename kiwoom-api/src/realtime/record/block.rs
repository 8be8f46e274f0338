//! Blocks of a recording: packed content with lengths and checksums.

use std::io::{self, Read};

const MAGIC: [u8; 4] = *b"KWR1";
/// Magic, two lengths, two checksums.
const HEAD: usize = 20;
/// The longest content: a frame of the greatest length and more.
const MOST: usize = 64 << 20;

/// What reading a block gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read1 {
    Content(Vec<u8>),
    /// The file ends here, or within the block.
    End,
    /// What is wrong with a block that is whole.
    Wrong(&'static str),
}

/// The block around `content`.
pub(super) fn write(content: &[u8]) -> Vec<u8> {
    let packed = lz4_flex::block::compress(content);
    let mut block = Vec::with_capacity(HEAD + packed.len());
    block.extend_from_slice(&MAGIC);
    for number in [packed.len() as u32, content.len() as u32, crc32fast::hash(&packed)] {
        block.extend_from_slice(&number.to_le_bytes());
    }
    block.extend_from_slice(&crc32fast::hash(&block).to_le_bytes());
    block.extend_from_slice(&packed);
    block
}

/// The next block of `from`, and how many bytes it takes.
pub(super) fn read(from: &mut impl Read) -> io::Result<(Read1, u64)> {
    let mut head = [0; HEAD];
    if !fill(from, &mut head)? {
        return Ok((Read1::End, 0));
    }
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if head[..4] != MAGIC {
        return Ok((Read1::Wrong("no block begins here"), 0));
    }
    if number(16) != crc32fast::hash(&head[..16]) {
        return Ok((Read1::Wrong("the checksum of its head is wrong"), 0));
    }
    let (packed, plain) = (number(4) as usize, number(8) as usize);
    if plain > MOST || packed > MOST + MOST / 128 {
        return Ok((Read1::Wrong("it is too long"), 0));
    }
    let mut content = Vec::new();
    from.take(packed as u64).read_to_end(&mut content)?;
    if content.len() < packed {
        return Ok((Read1::End, 0));
    }
    let length = (HEAD + packed) as u64;
    if number(12) != crc32fast::hash(&content) {
        return Ok((Read1::Wrong("the checksum of its content is wrong"), length));
    }
    Ok(match lz4_flex::block::decompress(&content, plain) {
        Ok(content) if content.len() == plain => (Read1::Content(content), length),
        _ => (Read1::Wrong("its content cannot be unpacked"), length),
    })
}

/// Fills `to`; `false` if there is not enough.
fn fill(from: &mut impl Read, to: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_is_cut_is_the_end_and_one_that_is_changed_is_wrong() {
        let content = b"0123456789".repeat(50);
        let block = write(&content);
        assert!(block.len() < content.len());
        let read = |bytes: &[u8]| super::read(&mut &bytes[..]).unwrap().0;
        assert_eq!(read(&block), Read1::Content(content));
        for length in 0..block.len() {
            assert_eq!(read(&block[..length]), Read1::End, "{length}");
        }
        for at in 0..block.len() {
            for bit in 0..8 {
                let mut changed = block.clone();
                changed[at] ^= 1 << bit;
                assert!(matches!(read(&changed), Read1::Wrong(_)), "{at} {bit}");
            }
        }
    }
}
