//! Which scope each signal lives in, what it is called there, and which signals cross which boundaries.

use std::collections::{HashMap, HashSet};

use pyhdl_diag::Span;

use crate::{Design, Direction, Port, ScopeId, SignalId, Visible};

impl Design {
    /// Fills `home` and `name` of every signal and memory, and `ports` of every scope, from the scopes' names and the
    /// processes' uses. A signal lives in the innermost scope that contains all its uses and all scopes that name it;
    /// it is a port of every scope between there and its uses. The top's signal parameters are ports in any case.
    ///
    /// Linear in uses and names times the depth of the hierarchy.
    pub fn place_signals(&mut self) {
        self.make_names_unique();
        let depths = self.depths();
        let mut homes: Vec<Option<ScopeId>> = vec![None; self.signals.len()];
        let place = |home: &mut Option<ScopeId>, scope: ScopeId, design: &Design| {
            *home = Some(match *home {
                None => scope,
                Some(before) => design.common(before, scope, &depths),
            });
        };
        let mut memory_homes: Vec<Option<ScopeId>> = vec![None; self.memories.len()];
        for (id, scope) in self.scopes.iter_enumerated() {
            for (_, visible) in &scope.names {
                match visible {
                    Visible::Signal(s) => place(&mut homes[s.index()], id, self),
                    Visible::Memory(m) => place(&mut memory_homes[m.index()], id, self),
                }
            }
        }
        let uses: Vec<_> = self.processes.iter().map(|p| (p.scope, self.uses(p))).collect();
        for (scope, uses) in &uses {
            for s in uses.reads.iter().chain(&uses.drives) {
                place(&mut homes[s.index()], *scope, self);
            }
        }
        let top = self.top();
        for (id, signal) in self.signals.iter_mut_enumerated() {
            signal.home = homes[id.index()].unwrap_or(top);
        }
        for (id, home) in memory_homes.iter().enumerate() {
            let id = crate::MemoryId::from_usize(id);
            let elements = self.memories[id].elements.clone();
            let mut home = *home;
            for element in elements {
                place(&mut home, self.signals[element].home, self);
            }
            self.memories[id].home = home.unwrap_or(top);
        }
        self.name_signals();
        self.find_ports(&uses);
    }

    fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0; self.scopes.len()];
        for (id, scope) in self.scopes.iter_enumerated() {
            if let Some(parent) = scope.parent {
                depths[id.index()] = depths[parent.index()] + 1;
            }
        }
        depths
    }

    /// The innermost scope that contains both.
    fn common(&self, mut a: ScopeId, mut b: ScopeId, depths: &[u32]) -> ScopeId {
        while a != b {
            let deeper = if depths[a.index()] >= depths[b.index()] { &mut a } else { &mut b };
            match self.scopes[*deeper].parent {
                Some(parent) => *deeper = parent,
                None => return *deeper,
            }
        }
        a
    }

    /// Renames what flattening made equal (`a_b` and the member `b` of `a`): the later one gets a number.
    fn make_names_unique(&mut self) {
        for scope in &mut self.scopes {
            let mut known: HashMap<&str, Visible> = HashMap::with_capacity(scope.names.len());
            let differs = |before: Option<Visible>, now: Visible| before.is_some_and(|before| before != now);
            if !scope.names.iter().any(|(name, visible)| differs(known.insert(name, *visible), *visible)) {
                continue;
            }
            let mut taken: HashMap<String, Visible> = HashMap::new();
            let mut numbers = Numbers::default();
            // What was given another name has it wherever it was called so.
            let mut given: HashMap<(String, Visible), String> = HashMap::new();
            for (name, visible) in &mut scope.names {
                let called = (name.clone(), *visible);
                *name = match given.get(&called) {
                    Some(name) => name.clone(),
                    None => numbers.unique(name, |n| taken.get(n).is_some_and(|other| other != visible)),
                };
                given.insert(called, name.clone());
                taken.insert(name.clone(), *visible);
            }
        }
    }

    fn name_signals(&mut self) {
        let mut names: Vec<Option<String>> = vec![None; self.signals.len()];
        let mut memory_names: Vec<Option<String>> = vec![None; self.memories.len()];
        for (id, scope) in self.scopes.iter_enumerated() {
            for (name, visible) in &scope.names {
                let (home, slot) = match visible {
                    Visible::Signal(s) => (self.signals[*s].home, &mut names[s.index()]),
                    Visible::Memory(m) => (self.memories[*m].home, &mut memory_names[m.index()]),
                };
                if home == id && slot.is_none() {
                    *slot = Some(name.clone());
                }
            }
        }
        // Names that others have, in the scopes in which names are missing.
        let mut taken: HashMap<ScopeId, (HashSet<String>, Numbers)> = HashMap::new();
        let mut invent = |design: &Design, home: ScopeId, name: &str| {
            let (taken, numbers) = taken.entry(home).or_insert_with(|| {
                (design.scopes[home].names.iter().map(|(name, _)| name.clone()).collect(), Numbers::default())
            });
            let unique = numbers.unique(name, |n| taken.contains(n));
            taken.insert(unique.clone());
            unique
        };
        // Signals without a name where they live take the first one that they have further down.
        for scope in &self.scopes {
            for (name, visible) in &scope.names {
                let (home, slot) = match visible {
                    Visible::Signal(s) => (self.signals[*s].home, &mut names[s.index()]),
                    Visible::Memory(m) => (self.memories[*m].home, &mut memory_names[m.index()]),
                };
                if slot.is_none() {
                    *slot = Some(invent(self, home, name));
                }
            }
        }
        for id in self.signals.indices() {
            let name = names[id.index()].take();
            self.signals[id].name = name.unwrap_or_else(|| invent(self, self.signals[id].home, "signal"));
        }
        for (id, memory) in self.memories.iter_mut_enumerated() {
            if let Some(name) = memory_names[id.index()].take() {
                memory.name = name;
            }
        }
    }

    fn find_ports(&mut self, uses: &[(ScopeId, crate::Uses)]) {
        // For each scope, its crossing signals in order of first use, with whether something inside drives them.
        let mut crossing: Vec<Vec<(SignalId, bool)>> = vec![Vec::new(); self.scopes.len()];
        let mut found: HashMap<(ScopeId, SignalId), usize> = HashMap::new();
        let top = self.top();
        let mut drivers = vec![0u32; self.signals.len()];
        for (scope, uses) in uses {
            for s in &uses.drives {
                drivers[s.index()] = drivers[s.index()].saturating_add(1);
            }
            let drives = uses.drives.iter().map(|s| (*s, true));
            let reads = uses.reads.iter().map(|s| (*s, false));
            for (signal, drives) in reads.chain(drives) {
                let mut at = *scope;
                while at != self.signals[signal].home {
                    match found.get(&(at, signal)) {
                        // Whatever crosses here crosses all the way up already.
                        Some(&i) if crossing[at.index()][i].1 || !drives => break,
                        Some(&i) => crossing[at.index()][i].1 = true,
                        None => {
                            found.insert((at, signal), crossing[at.index()].len());
                            crossing[at.index()].push((signal, drives));
                        }
                    }
                    match self.scopes[at].parent {
                        Some(parent) => at = parent,
                        None => break,
                    }
                }
            }
        }
        for (id, scope) in self.scopes.iter_mut_enumerated() {
            let mut first_name: HashMap<SignalId, (usize, &str)> = HashMap::new();
            for (position, (name, visible)) in scope.names.iter().enumerate() {
                if let Visible::Signal(s) = visible {
                    first_name.entry(*s).or_insert((position, name));
                }
            }
            let mut ports = std::mem::take(&mut crossing[id.index()]);
            if id == top {
                let mut seen = HashSet::new();
                for (_, visible) in scope.names.iter().take(scope.params as usize) {
                    if let Visible::Signal(s) = visible
                        && seen.insert(*s)
                    {
                        ports.push((*s, drivers[s.index()] > 0));
                    }
                }
            }
            let params = scope.params as usize;
            ports.sort_by_key(|(s, _)| {
                first_name.get(s).map_or(params, |(position, _)| *position).min(params)
            });
            // Names that others have, where a port has none.
            let mut taken: Option<(HashSet<String>, Numbers)> = None;
            let spans: HashMap<SignalId, Option<Span>> =
                scope.ports.iter().map(|port| (port.signal, port.span)).collect();
            scope.ports = ports
                .into_iter()
                .map(|(signal, drives)| {
                    let name = match first_name.get(&signal) {
                        Some((_, name)) => (*name).to_owned(),
                        None => {
                            let (taken, numbers) = taken.get_or_insert_with(|| {
                                let names = scope.names.iter().map(|(name, _)| name.clone());
                                (names.collect(), Numbers::default())
                            });
                            let unique = numbers.unique(&self.signals[signal].name, |n| taken.contains(n));
                            taken.insert(unique.clone());
                            unique
                        }
                    };
                    // Who alone drives a tristate net is not driven by others; around the top there may be some.
                    let shared = id == top || drivers[signal.index()] > 1;
                    let direction = match (drives, self.signals[signal].floating && shared) {
                        (true, true) => Direction::InOut,
                        (true, false) => Direction::Out,
                        (false, _) => Direction::In,
                    };
                    Port { name, signal, direction, span: spans.get(&signal).copied().flatten() }
                })
                .collect();
        }
    }
}

/// Makes names different by numbers.
#[derive(Default)]
struct Numbers {
    /// The number to try next: a name that was taken once stays so.
    next: HashMap<String, u64>,
}

impl Numbers {
    /// `name`, or `name_1`, `name_2` … where that is taken. The result has to be taken from then on.
    fn unique(&mut self, name: &str, taken: impl Fn(&str) -> bool) -> String {
        if !taken(name) {
            return name.to_owned();
        }
        let next = self.next.entry(name.to_owned()).or_insert(1);
        loop {
            let candidate = format!("{name}_{next}");
            if !taken(&candidate) {
                return candidate;
            }
            *next += 1;
        }
    }
}
