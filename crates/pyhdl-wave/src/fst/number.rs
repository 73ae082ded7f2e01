//! Numbers of variable length: seven bits a byte, the lowest first; a set top bit says that more follow.

/// Adds a number.
pub(super) fn push(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes a number at the start of some bytes, which are enough; says how many it has.
pub(super) fn put(bytes: &mut [u8], mut number: u64) -> usize {
    let mut length = 0;
    while number > 0x7f {
        bytes[length] = number as u8 | 0x80;
        number >>= 7;
        length += 1;
    }
    bytes[length] = number as u8;
    length + 1
}

/// Adds a number that may be negative: bit 6 of the last byte is its sign.
pub(super) fn push_signed(out: &mut Vec<u8>, mut number: i64) {
    while !(-64..64).contains(&number) {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8 & 0x7f);
}

/// Reads a number and says how many bytes it has.
pub(super) fn read(bytes: &[u8]) -> (u64, usize) {
    let mut number = 0;
    let mut length = 0;
    for byte in bytes {
        number |= u64::from(byte & 0x7f) << (7 * length);
        length += 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    (number, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        for (number, bytes) in [
            (0, &[0][..]),
            (127, &[0x7f]),
            (128, &[0x80, 1]),
            (300, &[0xac, 2]),
            (u64::MAX, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        ] {
            let mut out = Vec::new();
            push(&mut out, number);
            assert_eq!(out, bytes);
            let mut room = [7; 10];
            let length = put(&mut room, number);
            assert_eq!(&room[..length], bytes);
            out.push(99);
            assert_eq!(read(&out), (number, bytes.len()));
        }
        for (number, bytes) in [
            (0, &[0][..]),
            (63, &[0x3f]),
            (64, &[0xc0, 0]),
            (-1, &[0x7f]),
            (-64, &[0x40]),
            (-65, &[0xbf, 0x7f]),
        ] {
            let mut out = Vec::new();
            push_signed(&mut out, number);
            assert_eq!(out, bytes, "{number}");
        }
    }
}
