//! Who waits for what: activities, the waiter lists of the signals, and the calendar.
//!
//! A registration is a [`Token`]: an activity and the generation that it had when it began to wait. Running an
//! activity raises its generation, which makes its other registrations stale; they are dropped when they are met.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use oxc_index::IndexVec;
use pyhdl_ir::{ProcessId, SignalId};

use crate::cycle::Wake;
use crate::store::Update;
use crate::{HostTask, Value, Wait};

/// What runs when an activity runs.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// A lowered process, or a foreign one that is not a thread.
    Process(ProcessId),
    /// A generator of the host's.
    Task(HostTask),
    /// A helper that waits on behalf of a join inside another wait; it ends when its wait fires.
    Group { waits: Vec<Wait>, all: bool },
    /// The second half of a helper.
    GroupEnd,
    /// A delayed signal gets its value, unless it was given another one since `stamp`.
    Apply { signal: SignalId, value: Value, stamp: u64 },
    /// Not in use.
    Free,
}

#[derive(Debug)]
pub(crate) struct Activity {
    pub work: Work,
    generation: u32,
    /// How many registrations must still fire before the one that wakes: a join of n things starts at n - 1.
    pub missing: u32,
    /// Who is woken when this one ends.
    pub caller: Option<Token>,
    /// Grows with the moment at which it began to wait.
    pub since: u64,
    /// The process that it is, or that started it.
    pub root: Option<ProcessId>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Token {
    activity: u32,
    generation: u32,
}

impl Token {
    pub fn index(self) -> usize {
        self.activity as usize
    }
}

#[derive(Debug, Default)]
pub(crate) struct Activities {
    all: Vec<Activity>,
    free: Vec<u32>,
}

impl Activities {
    /// A new activity's first token.
    pub fn start(&mut self, work: Work, caller: Option<Token>) -> Token {
        let root = match (&work, caller) {
            (Work::Process(process), _) => Some(*process),
            (_, Some(caller)) => self.all[caller.index()].root,
            (Work::Task(task), None) => Some(ProcessId::from_usize(task.0 as usize)),
            _ => None,
        };
        match self.free.pop() {
            Some(activity) => {
                let slot = &mut self.all[activity as usize];
                (slot.work, slot.missing, slot.caller, slot.root) = (work, 0, caller, root);
                Token { activity, generation: slot.generation }
            }
            None => {
                let activity = self.all.len() as u32;
                self.all.push(Activity { work, generation: 0, missing: 0, caller, since: 0, root });
                Token { activity, generation: 0 }
            }
        }
    }

    /// Takes a token that fired. `Some` with the activity's next token if it is to run now.
    #[inline]
    pub fn take(&mut self, token: Token) -> Option<Token> {
        let activity = &mut self.all[token.index()];
        if activity.generation != token.generation {
            return None;
        }
        if activity.missing > 0 {
            activity.missing -= 1;
            return None;
        }
        activity.generation = activity.generation.wrapping_add(1);
        Some(Token { activity: token.activity, generation: activity.generation })
    }

    /// Since when an activity has been waiting; `None` if it does not any more.
    pub fn since(&self, token: Token) -> Option<u64> {
        (!self.is_stale(&token)).then(|| self.all[token.index()].since)
    }

    pub fn get_mut(&mut self, token: Token) -> &mut Activity {
        &mut self.all[token.index()]
    }

    /// Ends an activity; gives back who is to be woken.
    pub fn finish(&mut self, token: Token) -> Option<Token> {
        let activity = &mut self.all[token.index()];
        activity.generation = activity.generation.wrapping_add(1);
        activity.work = Work::Free;
        self.free.push(token.activity);
        activity.caller.take()
    }

    /// All that have not ended.
    pub fn living(&self) -> impl Iterator<Item = &Activity> {
        self.all.iter().filter(|activity| !matches!(activity.work, Work::Free))
    }

    /// The process that an activity is, or that started it.
    pub fn root(&self, token: Token) -> Option<ProcessId> {
        self.all[token.index()].root
    }

    /// Ends all activities that are processes for which this holds.
    pub fn end(&mut self, ends: impl Fn(ProcessId) -> bool) {
        for (at, activity) in self.all.iter_mut().enumerate() {
            if matches!(activity.work, Work::Process(id) if ends(id)) {
                activity.generation = activity.generation.wrapping_add(1);
                activity.work = Work::Free;
                activity.caller = None;
                self.free.push(at as u32);
            }
        }
    }

    pub fn is_stale(&self, token: &Token) -> bool {
        self.all[token.index()].generation != token.generation
    }
}

/// The waiters of one signal, each list in the order of registration.
#[derive(Clone, Debug, Default)]
struct Waiters {
    change: Vec<Token>,
    rising: Vec<Token>,
    falling: Vec<Token>,
}

/// The waiters of all signals.
#[derive(Debug, Default)]
pub(crate) struct WaiterLists {
    signals: IndexVec<SignalId, Waiters>,
}

impl WaiterLists {
    pub fn new(signals: usize) -> Self {
        WaiterLists { signals: (0..signals).map(|_| Waiters::default()).collect() }
    }

    /// The lists of a signal, which the host may have added during the run.
    fn of(&mut self, signal: SignalId) -> &mut Waiters {
        while self.signals.len() <= signal.index() {
            self.signals.push(Waiters::default());
        }
        &mut self.signals[signal]
    }

    pub fn on_change(&mut self, signal: SignalId, token: Token, activities: &Activities) {
        add(&mut self.of(signal).change, token, activities);
    }

    pub fn on_rising(&mut self, signal: SignalId, token: Token, activities: &Activities) {
        add(&mut self.of(signal).rising, token, activities);
    }

    pub fn on_falling(&mut self, signal: SignalId, token: Token, activities: &Activities) {
        add(&mut self.of(signal).falling, token, activities);
    }

    /// Moves those who wait for this to the end of `runnable`.
    pub fn wake_one(&mut self, wake: Wake, runnable: &mut Vec<Token>) {
        if let Some(list) = self.list(wake) {
            runnable.append(list);
        }
    }

    fn list(&mut self, wake: Wake) -> Option<&mut Vec<Token>> {
        let waiters = self.of(wake.signal()?);
        Some(match wake {
            Wake::Rising(_) => &mut waiters.rising,
            Wake::Falling(_) => &mut waiters.falling,
            _ => &mut waiters.change,
        })
    }

    /// Who waits for this.
    pub fn waiting(&mut self, wake: Wake, activities: &Activities) -> impl Iterator<Item = Token> {
        let list = self.list(wake).map(|list| &list[..]).unwrap_or_default();
        list.iter().copied().filter(|token| !activities.is_stale(token))
    }

    /// Adds those who still wait in other lists behind these.
    pub fn append(&mut self, others: WaiterLists, activities: &Activities) {
        let living = |token: &Token| !activities.is_stale(token);
        for (signal, other) in others.signals.into_iter_enumerated() {
            let waiters = self.of(signal);
            waiters.change.extend(other.change.into_iter().filter(living));
            waiters.rising.extend(other.rising.into_iter().filter(living));
            waiters.falling.extend(other.falling.into_iter().filter(living));
        }
    }

    /// Moves those whom an update wakes to the end of `runnable`: waiters for any change first, then for the edge.
    #[inline]
    pub fn wake(&mut self, signal: SignalId, update: Update, runnable: &mut Vec<Token>) {
        let Update::Changed { was, is } = update else {
            return;
        };
        let waiters = self.of(signal);
        runnable.append(&mut waiters.change);
        match (was, is) {
            (false, true) => runnable.append(&mut waiters.rising),
            (true, false) => runnable.append(&mut waiters.falling),
            _ => {}
        }
    }
}

/// Registers; drops stale registrations where the list would have to grow, so that a list that never fires stays
/// as small as the number of those who really wait.
#[inline]
fn add(list: &mut Vec<Token>, token: Token, activities: &Activities) {
    if list.len() == list.capacity() && !list.is_empty() {
        list.retain(|t| !activities.is_stale(t));
        if list.len() > list.capacity() / 2 {
            list.reserve(list.capacity());
        }
    }
    list.push(token);
}

/// Future events, by time and then by the order of their scheduling.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    events: BinaryHeap<Reverse<(u64, u64, Token)>>,
    scheduled: u64,
}

impl Calendar {
    pub fn add(&mut self, time: u64, token: Token) {
        self.events.push(Reverse((time, self.scheduled, token)));
        self.scheduled += 1;
    }

    /// When each activity wakes that waits for a time.
    pub fn wakes<'c>(&'c self, activities: &'c Activities) -> impl Iterator<Item = (&'c Activity, u64)> {
        let waiting = self.events.iter().filter(|Reverse((.., token))| !activities.is_stale(token));
        waiting.map(|Reverse((time, _, token))| (&activities.all[token.index()], *time))
    }

    pub fn next_time(&self) -> Option<u64> {
        self.events.peek().map(|Reverse((time, ..))| *time)
    }

    /// When the next event is that still counts.
    pub fn next_living(&mut self, activities: &Activities) -> Option<u64> {
        while let Some(Reverse((time, _, token))) = self.events.peek() {
            if !activities.is_stale(token) {
                return Some(*time);
            }
            self.events.pop();
        }
        None
    }

    /// Adds other events that still count behind these.
    pub fn append(&mut self, others: Calendar, activities: &Activities) {
        let living = others.events.into_iter().filter(|Reverse((.., token))| !activities.is_stale(token));
        for Reverse((time, scheduled, token)) in living {
            self.events.push(Reverse((time, self.scheduled + scheduled, token)));
        }
        self.scheduled += others.scheduled;
    }

    /// Moves the events of one time to the end of `runnable`.
    pub fn take(&mut self, time: u64, runnable: &mut Vec<Token>) {
        while let Some(&Reverse((at, _, token))) = self.events.peek()
            && at == time
        {
            self.events.pop();
            runnable.push(token);
        }
    }
}
