//! [`Block`]: a section on its way to the file.

use std::fs::File;
use std::io::{self, IoSlice, Seek, SeekFrom, Write};

use lz4_flex::block::{CompressTable, compress_into_with_table, get_maximum_output_size};
use miniz_oxide::deflate::compress_to_vec_zlib;

use super::{END, SECTIONS, SKIP, START, VALUES, number};

/// Fewer bytes than this do not become fewer.
const WORTH_COMPRESSING: usize = 32;

/// Of much longer records, so many bytes are compressed first: if they do not become half as many, the time is better
/// spent on writing.
const SAMPLE: usize = 1 << 10;

/// Blocks that a signal is not compressed in after that did not pay.
const PATIENCE: u8 = 16;

/// Records of this length are not copied before they are written.
const LONG: usize = 1 << 12;

/// What is so many times smaller than the changes is not worth the time to compress it.
const SMALL_FRAME: usize = 32;

/// How hard zlib tries.
const ZLIB_LEVEL: u8 = 4;

/// Bytes of room that is kept for the next block, at most.
const MOST_ROOM: usize = 1 << 27;

/// The changes of a stretch of time.
#[derive(Default)]
pub(super) struct Block {
    pub first: u64,
    pub latest: u64,
    /// What all signals were at the beginning.
    pub frame: Vec<u8>,
    pub times: Vec<u8>,
    pub entries: u32,
    /// By the number of the signal.
    pub chains: Vec<Chain>,
}

/// The records of a signal.
#[derive(Default)]
pub(super) struct Chain {
    pub records: Vec<u8>,
    /// Instead of records: it has those of another one, of a smaller number.
    pub same: Option<u32>,
}

impl Block {
    /// Forgets the changes, and keeps the room.
    fn clear(&mut self) {
        let room: usize = self.chains.iter().map(|chain| chain.records.capacity()).sum();
        for chain in &mut self.chains {
            if room > MOST_ROOM {
                chain.records = Vec::new();
            }
            chain.records.clear();
        }
    }
}

/// The file, and what it has until now.
pub(super) struct Disk {
    file: File,
    /// The length of the file.
    length: u64,
    sections: u64,
    table: CompressTable,
    /// By the number of the signal: blocks in which it is not compressed.
    patience: Vec<u8>,
    /// Room for compressed records.
    room: Vec<u8>,
    /// The bytes of a block, without long records.
    bytes: Vec<u8>,
}

impl Disk {
    /// A file that begins with some blocks.
    pub fn new(mut file: File, blocks: &[u8]) -> io::Result<Disk> {
        file.write_all(blocks)?;
        // Sections need a file that is written at any place: a pipe is refused before anything runs.
        file.seek(SeekFrom::Start(0))?;
        Ok(Disk {
            file,
            length: blocks.len() as u64,
            sections: 0,
            table: CompressTable::default(),
            patience: Vec::new(),
            room: Vec::new(),
            bytes: Vec::new(),
        })
    }

    /// Writes a block, and empties it.
    pub fn write(&mut self, block: &mut Block) -> io::Result<()> {
        let long = self.pack(block);
        let mut slices = Vec::with_capacity(2 * long.len() + 1);
        let mut from = 0;
        for (at, chain) in &long {
            slices.push(IoSlice::new(&self.bytes[from..*at]));
            slices.push(IoSlice::new(&block.chains[*chain].records));
            from = *at;
        }
        slices.push(IoSlice::new(&self.bytes[from..]));
        let length: usize = slices.iter().map(|slice| slice.len()).sum();
        self.file.seek(SeekFrom::Start(self.length))?;
        if let Err(error) = write_all(&mut self.file, &mut slices) {
            // What has no room does not stay in part.
            let _ = self.file.set_len(self.length);
            return Err(error);
        }
        self.write_at(self.length, &[VALUES])?;
        self.length += length as u64;
        if self.sections == 0 {
            self.write_at(START, &block.first.to_be_bytes())?;
        }
        self.sections += 1;
        // GTKWave takes 0 and 0 for a file without lengths of signals.
        self.write_at(END, &block.latest.max(1).to_be_bytes())?;
        self.write_at(SECTIONS, &self.sections.to_be_bytes())?;
        block.clear();
        Ok(())
    }

    fn write_at(&mut self, place: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(place))?;
        self.file.write_all(bytes)
    }

    /// Makes the bytes of a block, except for long records; says which are missing, and where.
    fn pack(&mut self, block: &Block) -> Vec<(usize, usize)> {
        let records = |chain: &Chain| chain.same.map_or(chain.records.len(), |same| records_of(block, same));
        // What readers need room for.
        let size: usize = block.chains.iter().map(records).sum();
        self.bytes.clear();
        self.bytes.push(SKIP);
        self.bytes.extend([0; 8]);
        self.bytes.extend(block.first.to_be_bytes());
        self.bytes.extend(block.latest.to_be_bytes());
        self.bytes.extend((size as u64).to_be_bytes());
        self.add_frame(block, size);
        let long = self.add_chains(block);
        self.add_times(block);
        let missing: usize = long.iter().map(|(_, chain)| block.chains[*chain].records.len()).sum();
        let length = (self.bytes.len() + missing) as u64 - 1;
        self.bytes[1..9].copy_from_slice(&length.to_be_bytes());
        long
    }

    /// What all signals were at the beginning; `size` are the bytes of all changes.
    fn add_frame(&mut self, block: &Block, size: usize) {
        let frame = &block.frame;
        let small = frame.len() < size / SMALL_FRAME;
        let compressed = if small { Vec::new() } else { compress_to_vec_zlib(frame, ZLIB_LEVEL) };
        // As many bytes as without compression stand for none.
        let bytes = if small || compressed.len() >= frame.len() { frame } else { &compressed };
        number::push(&mut self.bytes, frame.len() as u64);
        number::push(&mut self.bytes, bytes.len() as u64);
        number::push(&mut self.bytes, block.chains.len() as u64);
        self.bytes.extend(bytes);
    }

    fn add_chains(&mut self, block: &Block) -> Vec<(usize, usize)> {
        number::push(&mut self.bytes, block.chains.len() as u64);
        let mut long = Vec::new();
        let mut missing = 0;
        self.patience.resize(block.chains.len(), 0);
        let mut before = self.bytes.len();
        // How the records are compressed: by LZ4.
        self.bytes.push(b'4');
        let mut places = Vec::new();
        let mut empty = 0;
        for (number, chain) in block.chains.iter().enumerate() {
            if let Some(same) = chain.same.filter(|same| records_of(block, *same) > 0) {
                add_empty(&mut places, &mut empty);
                number::push_signed(&mut places, -(i64::from(same) + 1) << 1 | 1);
                continue;
            }
            let records = &chain.records[..];
            if records.is_empty() {
                empty += 1;
                continue;
            }
            add_empty(&mut places, &mut empty);
            let here = self.bytes.len() + missing;
            number::push_signed(&mut places, ((here - before) as i64) << 1 | 1);
            before = here;
            match self.compress(number, records) {
                Some(length) => {
                    number::push(&mut self.bytes, records.len() as u64);
                    self.bytes.extend(&self.room[..length]);
                }
                // No length stands for no compression.
                None => {
                    number::push(&mut self.bytes, 0);
                    if records.len() >= LONG {
                        long.push((self.bytes.len(), number));
                        missing += records.len();
                    } else {
                        self.bytes.extend(records);
                    }
                }
            }
        }
        add_empty(&mut places, &mut empty);
        self.bytes.extend(&places);
        self.bytes.extend((places.len() as u64).to_be_bytes());
        long
    }

    /// Compresses records where that pays: how many bytes that leaves.
    fn compress(&mut self, number: usize, records: &[u8]) -> Option<usize> {
        if records.len() < WORTH_COMPRESSING {
            return None;
        }
        let long = records.len() >= 4 * SAMPLE;
        if long && self.patience[number] > 0 {
            self.patience[number] -= 1;
            return None;
        }
        let mut compress = |records: &[u8]| {
            let most = get_maximum_output_size(records.len());
            if self.room.len() < most {
                self.room.resize(most, 0);
            }
            compress_into_with_table(records, &mut self.room, &mut self.table).ok()
        };
        if long && compress(&records[..SAMPLE])? > SAMPLE / 2 {
            self.patience[number] = PATIENCE;
            return None;
        }
        compress(records).filter(|length| *length < records.len())
    }

    fn add_times(&mut self, block: &Block) {
        let compressed = compress_to_vec_zlib(&block.times, ZLIB_LEVEL);
        let times = if compressed.len() < block.times.len() { &compressed } else { &block.times };
        self.bytes.extend(times);
        self.bytes.extend((block.times.len() as u64).to_be_bytes());
        self.bytes.extend((times.len() as u64).to_be_bytes());
        self.bytes.extend(u64::from(block.entries).to_be_bytes());
    }
}

fn records_of(block: &Block, number: u32) -> usize {
    block.chains[number as usize].records.len()
}

/// Notes how many signals in a row did not change.
fn add_empty(places: &mut Vec<u8>, count: &mut u64) {
    if *count > 0 {
        number::push(places, *count << 1);
        *count = 0;
    }
}

fn write_all(file: &mut File, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
    // What the system takes at once.
    const MOST: usize = 1024;
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        let count = slices.len().min(MOST);
        match file.write_vectored(&slices[..count]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut slices, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
