//! [`Cells`]: the units in which reads and writes are ordered. A signal is one; the elements of a list that is indexed
//! at run time are one together.

use oxc_index::{IndexVec, define_nonmax_u32_index_type};
use pyhdl_ir::{Design, SignalId};

define_nonmax_u32_index_type! {
    /// A signal, or all elements of a memory.
    pub struct CellId;
}

/// The signals of a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    pub signals: Vec<SignalId>,
    /// They are elements of a memory.
    pub memory: bool,
}

/// All cells of a design.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    pub all: IndexVec<CellId, Cell>,
    of: IndexVec<SignalId, CellId>,
}

impl Cells {
    /// Memories that share an element are in the same cell.
    pub fn new(design: &Design) -> Cells {
        let count = design.signals.len();
        let mut leader: Vec<usize> = (0..count).collect();
        let mut memory = vec![false; count];
        for list in &design.memories {
            let Some(first) = list.elements.first() else { continue };
            let first = find(&mut leader, first.index());
            for element in &list.elements {
                let other = find(&mut leader, element.index());
                leader[other] = first;
            }
            memory[first] = true;
        }
        let mut cells = Cells::default();
        let mut made: Vec<Option<CellId>> = vec![None; count];
        for signal in design.signals.indices() {
            let root = find(&mut leader, signal.index());
            let cell = *made[root].get_or_insert_with(|| {
                cells.all.push(Cell { signals: Vec::new(), memory: memory[root] || memory[signal.index()] })
            });
            cells.all[cell].memory |= memory[signal.index()];
            cells.all[cell].signals.push(signal);
            cells.of.push(cell);
        }
        cells
    }

    pub fn of(&self, signal: SignalId) -> CellId {
        self.of[signal]
    }

    /// The cells of some signals, sorted, each once.
    pub fn of_all<'a>(&self, signals: impl IntoIterator<Item = &'a SignalId>) -> Vec<CellId> {
        let mut cells: Vec<CellId> = signals.into_iter().map(|s| self.of[*s]).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }
}

fn find(leader: &mut [usize], mut at: usize) -> usize {
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}
