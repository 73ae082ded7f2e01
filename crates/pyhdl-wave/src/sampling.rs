//! [`Sampling`]: a simulation that shows its memory after each time step.
//!
//! The thread that simulates only copies what has changed in memory. Another one makes waves of that, a batch of time
//! steps at a time, while the next batch is filled. A run that is over before the first batch is full has no second
//! thread.

use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::batch::{Batch, LINE, Row};
use crate::columns::{Columns, Spot};
use crate::{WaveError, WaveWriter};

/// How long time steps wait for their batch to be full.
const LONGEST_WAIT: Duration = Duration::from_millis(250);

/// Full batches that wait for the other thread: with a few of them it is the one that always has something to do.
const WAITING: usize = 4;

/// Gives a file the waves of a simulation that shows its memory. What of it the file has does not change otherwise
/// meanwhile.
pub struct Sampling {
    /// `None` only while it is exchanged.
    end: Option<End>,
    /// Where the lines are in memory.
    lines: Vec<usize>,
    before: Vec<Row>,
    batch: Batch,
    /// When the batch was begun.
    since: Instant,
    time: u64,
    /// The file begins only behind this time.
    from: Option<u64>,
    /// The last time of the file.
    to: u64,
    over: bool,
    problem: Option<WaveError>,
}

/// Who makes waves of a batch.
enum End {
    Here(Box<Writing>),
    There(Thread),
}

struct Writing {
    writer: WaveWriter,
    columns: Columns,
}

struct Thread {
    full: SyncSender<Batch>,
    empty: Receiver<Batch>,
    handle: JoinHandle<Option<Outcome>>,
}

/// What a thread gives back; with its first error.
struct Outcome {
    writing: Box<Writing>,
    problem: Option<WaveError>,
}

impl Sampling {
    /// The memory is as it was after the last time step that the writer knows; it has at least 64 bytes.
    pub fn new(mut writer: WaveWriter, spots: &[Spot], memory: &[u8]) -> Sampling {
        let columns = Columns::new(spots, memory, |signal| writer.declared(signal));
        let problem = writer.close_step().err();
        Sampling {
            lines: columns.lines.iter().map(|line| line.at).collect(),
            before: columns.lines.iter().map(|line| line.now).collect(),
            batch: Batch::new(columns.lines.len()),
            since: Instant::now(),
            time: writer.now(),
            from: writer.awaited(),
            to: writer.end().unwrap_or(u64::MAX),
            over: writer.is_complete(),
            end: Some(End::Here(Box::new(Writing { writer, columns }))),
            problem,
        }
    }

    /// What the memory is at a time.
    pub fn step(&mut self, time: u64, memory: &[u8]) {
        if self.over {
            return;
        }
        let moves = time > self.time;
        if moves && time > self.to {
            return self.leave_for(time);
        }
        if let Some(from) = self.from {
            if !moves || time <= from {
                self.time = time;
                for (at, before) in self.lines.iter().zip(&mut self.before) {
                    before.copy_from_slice(&memory[*at..*at + LINE]);
                }
                return;
            }
            self.leave_for(time);
            self.from = None;
        }
        if self.batch.is_full() {
            self.hand_over();
        }
        if moves {
            self.time = time;
            self.batch.times.push(time);
        } else if self.batch.times.is_empty() {
            self.batch.goes_on = true;
            self.batch.times.push(time);
        }
        let mut done = 0;
        loop {
            done = match moves {
                true => self.batch.add_changes(memory, &self.lines, &mut self.before, done),
                false => self.batch.replace_changes(memory, &self.lines, &mut self.before, done),
            };
            if done == self.lines.len() {
                break;
            }
            // The rest of this time step is for the next batch.
            self.hand_over();
            self.batch.goes_on = true;
            self.batch.times.push(time);
        }
    }

    /// What the memory is at a time at which not all that was to happen has happened. Nothing comes after it.
    pub fn broken(&mut self, time: u64, memory: &[u8]) {
        if self.over {
            return;
        }
        self.flush();
        let Some(End::Here(writing)) = &mut self.end else { return };
        let Writing { writer, columns } = &mut **writing;
        columns.jump(&self.before);
        writer.settle(self.time, columns);
        let mut result = Ok(());
        columns.for_each_in(memory, |signal, value| {
            if result.is_ok() {
                result = writer.change(time, signal, value);
            }
        });
        let result = result.and_then(|()| writer.time(time));
        (self.time, self.over) = (time, true);
        if let Err(error) = result {
            self.problem.get_or_insert(error);
        }
    }

    /// To be called now and then, so that a file is not far behind when the program is killed.
    pub fn pause(&mut self) {
        if !self.over && !self.batch.times.is_empty() && self.since.elapsed() >= LONGEST_WAIT {
            self.hand_over();
        }
    }

    /// Gives the writer back, with all values until now. An error is told once.
    pub fn finish(mut self) -> (Option<WaveWriter>, Result<(), WaveError>) {
        self.flush();
        let Some(End::Here(writing)) = self.end.take() else { return (None, Ok(())) };
        let Writing { mut writer, mut columns } = *writing;
        if !self.over {
            columns.jump(&self.before);
            writer.settle(self.time, &columns);
        }
        (Some(writer), self.problem.take().map_or(Ok(()), Err))
    }

    /// What was before a time is written; then the file begins or ends.
    fn leave_for(&mut self, time: u64) {
        self.flush();
        if let Some(End::Here(writing)) = &mut self.end {
            if self.from.is_some() {
                writing.columns.jump(&self.before);
            }
            let Writing { writer, columns } = &mut **writing;
            writer.settle(self.time, columns);
            let left = writer.leave_for(time);
            self.over = writer.is_complete();
            if let Err(error) = left {
                self.problem.get_or_insert(error);
            }
        }
    }

    /// Waits until everything is written.
    fn flush(&mut self) {
        if let Some(End::Here(writing)) = &mut self.end {
            if !self.batch.times.is_empty()
                && let Err(error) = writing.write(&self.batch)
            {
                self.problem.get_or_insert(error);
            }
            self.batch.clear();
            return;
        }
        if !self.batch.times.is_empty() {
            self.hand_over();
        }
        let Some(End::There(thread)) = self.end.take() else { return };
        drop(thread.full);
        match thread.handle.join() {
            Ok(Some(outcome)) => {
                self.end = Some(End::Here(outcome.writing));
                self.problem = self.problem.take().or(outcome.problem);
            }
            Ok(None) => {}
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Gives the batch to the other thread, and begins an empty one.
    #[cold]
    fn hand_over(&mut self) {
        self.since = Instant::now();
        let thread = match self.end.take() {
            Some(End::There(thread)) => thread,
            Some(End::Here(writing)) => match Thread::start() {
                Ok((thread, start)) => {
                    let _ = start.send(writing);
                    thread
                }
                // Without another thread it takes longer.
                Err(_) => {
                    self.end = Some(End::Here(writing));
                    return self.flush();
                }
            },
            None => return,
        };
        let empty = thread.empty.try_recv().unwrap_or_else(|_| Batch::new(self.lines.len()));
        // A thread that has panicked says so when it is joined.
        self.over = thread.full.send(mem::replace(&mut self.batch, empty)).is_err();
        self.end = Some(End::There(thread));
    }
}

impl Thread {
    /// A thread that begins when it gets the file.
    fn start() -> io::Result<(Thread, Sender<Box<Writing>>)> {
        let (start, file) = channel::<Box<Writing>>();
        let (full, batches) = sync_channel::<Batch>(WAITING);
        let (written, empty) = channel();
        let work = move || {
            let mut writing = file.recv().ok()?;
            let mut problem = None;
            // Nothing more is written after an error.
            for mut batch in batches {
                problem = problem.or(writing.write(&batch).err());
                batch.clear();
                let _ = written.send(batch);
            }
            Some(Outcome { writing, problem })
        };
        let handle = Builder::new().name("waves".to_owned()).spawn(work)?;
        Ok((Thread { full, empty, handle }, start))
    }
}

impl Writing {
    fn write(&mut self, batch: &Batch) -> Result<(), WaveError> {
        self.writer.write_batch(batch, &mut self.columns)
    }
}
