//! [`Output`]: blocks go to the file, large ones on a thread of their own.

use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

use super::block::{Block, Disk};

/// Whoever has a block in hand fills it while the one before is being written.
pub(super) struct Output {
    /// `None` after an error.
    end: Option<End>,
    /// A block with room.
    spare: Block,
}

enum End {
    Here(Box<Disk>),
    There(Thread),
}

struct Thread {
    full: Sender<Block>,
    written: Receiver<io::Result<Block>>,
    /// A block is there.
    busy: bool,
    handle: JoinHandle<()>,
}

impl Output {
    pub fn new(disk: Disk) -> Output {
        Output { end: Some(End::Here(Box::new(disk))), spare: Block::default() }
    }

    /// An empty block.
    pub fn spare(&mut self) -> Block {
        mem::take(&mut self.spare)
    }

    /// Writes a block. With `later`, an error may be told only by the next call.
    pub fn write(&mut self, mut block: Block, later: bool) -> io::Result<()> {
        let thread = match self.end.take() {
            Some(End::Here(mut disk)) => {
                if !later {
                    disk.write(&mut block)?;
                    self.spare = block;
                    self.end = Some(End::Here(disk));
                    return Ok(());
                }
                Thread::start(disk)?
            }
            Some(End::There(thread)) => thread,
            None => return Ok(()),
        };
        let mut thread = self.wait(thread)?;
        thread.busy = true;
        // A thread that has panicked is noticed by those who wait for it.
        let _ = thread.full.send(block);
        self.end = Some(End::There(thread));
        Ok(())
    }

    /// Waits until everything is written.
    pub fn finish(&mut self) -> io::Result<()> {
        if let Some(End::There(thread)) = self.end.take() {
            let Thread { full, handle, .. } = self.wait(thread)?;
            drop(full);
            if let Err(panic) = handle.join() {
                std::panic::resume_unwind(panic);
            }
        }
        Ok(())
    }

    fn wait(&mut self, mut thread: Thread) -> io::Result<Thread> {
        if !mem::replace(&mut thread.busy, false) {
            return Ok(thread);
        }
        match thread.written.recv() {
            Ok(block) => {
                self.spare = block?;
                Ok(thread)
            }
            Err(_) => match thread.handle.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => Err(io::ErrorKind::BrokenPipe.into()),
            },
        }
    }
}

impl Thread {
    fn start(mut disk: Box<Disk>) -> io::Result<Thread> {
        let (full, blocks) = channel::<Block>();
        let (done, written) = channel();
        let work = move || {
            for mut block in blocks {
                let result = disk.write(&mut block);
                let over = result.is_err();
                if done.send(result.map(|()| block)).is_err() || over {
                    break;
                }
            }
        };
        let handle = Builder::new().name("wave file".to_owned()).spawn(work)?;
        Ok(Thread { full, written, busy: false, handle })
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Who wants to know of errors calls `finish`.
        let _ = self.finish();
    }
}
