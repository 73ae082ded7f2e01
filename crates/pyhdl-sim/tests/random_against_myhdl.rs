//! Random designs, once as Python under MyHDL and once under our kernel: every print in the same order at the same
//! time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write;
use std::process::Command;

use common::*;
use pyhdl_ir::*;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

/// Signals that threads drive, that `always` processes drive, and that `always_comb` processes drive: no loops
/// within a delta.
const DRIVEN_BY_THREADS: usize = 4;
const DRIVEN_BY_ALWAYS: usize = 3;
const DRIVEN_BY_COMB: usize = 2;
const ALL: usize = DRIVEN_BY_THREADS + DRIVEN_BY_ALWAYS + DRIVEN_BY_COMB;

struct Generator {
    random: Random,
    builder: Builder,
    signals: Vec<SignalId>,
    python: String,
    processes: usize,
}

impl Generator {
    fn line(&mut self, indent: usize, text: &str) {
        writeln!(self.python, "{}{text}", "    ".repeat(indent)).unwrap();
    }

    /// A list of triggers among the first `among` signals.
    fn triggers(&mut self, among: usize, delays: bool) -> (String, Vec<Trigger>) {
        let (mut texts, mut triggers) = (vec![], vec![]);
        for _ in 0..=self.random.below(3) {
            let n = self.random.below(among);
            let signal = self.signals[n];
            match self.random.below(if delays { 6 } else { 4 }) {
                0 | 1 => {
                    texts.push(format!("s{n}"));
                    triggers.push(Trigger::Change(signal));
                }
                2 => {
                    texts.push(format!("s{n}.posedge"));
                    triggers.push(Trigger::Rising(signal));
                }
                3 => {
                    texts.push(format!("s{n}.negedge"));
                    triggers.push(Trigger::Falling(signal));
                }
                _ => {
                    let steps = self.random.below(5);
                    texts.push(format!("delay({steps})"));
                    triggers.push(Trigger::Delay(c(steps as i64)));
                }
            }
        }
        (texts.join(", "), triggers)
    }

    /// `target.next = (source + number) % 3`
    fn set(&mut self, indent: usize, target: usize, source: usize) -> Stmt {
        let number = self.random.below(3);
        self.line(indent, &format!("s{target}.next = (s{source} + {number}) % 3"));
        let sum = add(sig(self.signals[source]), c(number as i64));
        next(self.signals[target], bin(BinaryOp::Mod, sum, c(3)))
    }

    fn report(&mut self, indent: usize, name: &str, source: usize) -> Stmt {
        self.line(indent, &format!("print('{name}', s{source}, now())"));
        show(name, vec![sig(self.signals[source])])
    }

    /// A process in a scope; gives back its name.
    fn process(&mut self, scope: ScopeId, indent: usize) -> String {
        let name = format!("p{}", self.processes);
        self.processes += 1;
        let inner = indent + 1;
        match self.random.below(3) {
            0 => {
                let (text, triggers) = self.triggers(DRIVEN_BY_THREADS, false);
                self.line(indent, &format!("@always({text})"));
                self.line(indent, &format!("def {name}():"));
                let source = self.random.below(ALL);
                let mut body = vec![self.report(inner, &name, source)];
                for _ in 0..self.random.below(3) {
                    let target = DRIVEN_BY_THREADS + self.random.below(DRIVEN_BY_ALWAYS);
                    let source = self.random.below(DRIVEN_BY_THREADS);
                    body.push(self.set(inner, target, source));
                }
                self.builder.process_in(scope, ProcessKind::Triggered { triggers }, &[], body);
            }
            1 => {
                self.line(indent, "@always_comb");
                self.line(indent, &format!("def {name}():"));
                let source = self.random.below(DRIVEN_BY_THREADS + DRIVEN_BY_ALWAYS);
                let target = ALL - 1 - self.random.below(DRIVEN_BY_COMB);
                let body = vec![self.report(inner, &name, source), self.set(inner, target, source)];
                let kind = ProcessKind::Combinational { sensitivity: vec![self.signals[source]] };
                self.builder.process_in(scope, kind, &[], body);
            }
            _ => {
                let rounds = 1 + self.random.below(6);
                self.line(indent, "@instance");
                self.line(indent, &format!("def {name}():"));
                self.line(inner, &format!("for i in range({rounds}):"));
                let mut body = vec![];
                for _ in 0..2 + self.random.below(5) {
                    body.push(match self.random.below(3) {
                        0 => {
                            let (text, triggers) = self.triggers(ALL, true);
                            self.line(inner + 1, &format!("yield {text}"));
                            wait(triggers)
                        }
                        1 => {
                            let (target, source) =
                                (self.random.below(DRIVEN_BY_THREADS), self.random.below(ALL));
                            self.set(inner + 1, target, source)
                        }
                        _ => {
                            let source = self.random.below(ALL);
                            self.report(inner + 1, &name, source)
                        }
                    });
                }
                let steps = self.random.below(4);
                self.line(inner + 1, &format!("yield delay({steps})"));
                body.push(delay(steps as i64));
                let looped = vec![repeat(0, rounds as i64, body)];
                self.builder.process_in(scope, ProcessKind::Thread, &[any_int()], looped);
            }
        }
        name
    }

    fn scope(&mut self, scope: ScopeId, indent: usize, depth: usize) {
        let mut items = vec![];
        for _ in 0..3 + self.random.below(4) {
            if depth < 2 && self.random.below(4) == 0 {
                let name = format!("b{}", self.processes);
                self.line(indent, "@block");
                self.line(indent, &format!("def block_{name}():"));
                let inner = self.builder.scope(&name, scope);
                self.scope(inner, indent + 1, depth + 1);
                self.line(indent, &format!("{name} = block_{name}()"));
                items.push(name);
            } else {
                items.push(self.process(scope, indent));
            }
        }
        self.line(indent, &format!("return {}", items.join(", ")));
    }
}

fn generate(seed: u64) -> Generator {
    let mut builder = Builder::new();
    let signals = (0..ALL).map(|n| builder.int(&format!("s{n}"))).collect();
    let mut generator =
        Generator { random: Random(seed), builder, signals, python: String::new(), processes: 0 };
    generator.line(0, "@block");
    generator.line(0, &format!("def top_{seed}():"));
    for n in 0..ALL {
        generator.line(1, &format!("s{n} = Signal(0)"));
    }
    let top = generator.builder.design.top();
    generator.scope(top, 1, 0);
    generator.line(0, &format!("run(top_{seed})"));
    generator
}

#[test]
fn prints_come_in_myhdls_order() {
    let python = xtask::scratch::ensure(xtask::scratch::Purpose::Compare).unwrap().python;
    let seeds = 0..300u64;
    let mut script = String::from(
        "from myhdl import *\ndef run(f):\n    print('=== seed', f.__name__)\n    b = f()\n    \
         b.run_sim(200, quiet=1)\n    b.quit_sim()\n",
    );
    let mut ours = vec![];
    for seed in seeds.clone() {
        let generated = generate(seed);
        script.push_str(&generated.python);
        let (mut simulation, mut host) = generated.builder.simulate();
        simulation.run(&mut host, Some(200)).unwrap();
        ours.push(host.lines);
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("designs.py");
    std::fs::write(&file, script).unwrap();
    let output = Command::new(python).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let theirs: Vec<Vec<&str>> =
        text.split("=== seed").skip(1).map(|t| t.lines().skip(1).collect()).collect();
    assert_eq!(theirs.len(), ours.len());
    let mut lines = 0;
    for (seed, (ours, theirs)) in seeds.zip(ours.iter().zip(&theirs)) {
        assert_eq!(ours, theirs, "seed {seed}:\n{}", generate(seed).python);
        lines += ours.len();
    }
    assert!(lines > 3000, "only {lines} lines were compared");
}
