//! The Python file of a batch whose test bench is compiled with it, or stays in Python in part: stimulus from tables and
//! by chance, all outputs printed after every step. It has no model: what it prints must be the same on every engine.

use crate::case::{CLOCKS, Case, RESETS, ROMS, inputs};
use crate::program::Stimulus;
use crate::signals::{ENUMS, Signal, Type};

/// Outputs of one printed line.
const PRINTED: usize = 12;

pub fn text(cases: &[Case], stimulus: Stimulus) -> String {
    let mut random = fastrand::Rng::with_seed(stimulus.seed);
    let mut t = String::new();
    let mut line = |text: &str| {
        t.push_str(text);
        t.push('\n');
    };
    line(&format!("import random\n\nfrom myhdl import *\n\nrandom.seed({})\n", stimulus.seed));
    for (i, (arguments, _)) in ENUMS.iter().enumerate() {
        line(&format!("E{i} = enum({arguments})"));
    }
    for (name, values) in ROMS {
        line(&format!("{name} = ({})", list(values.iter())));
    }
    line("\n");
    for case in cases {
        case.definitions.hdl.iter().for_each(|l| line(l));
    }
    let inputs = inputs();
    let outputs: Vec<&Signal> = cases.iter().flat_map(|c| &c.outputs).collect();
    let names: Vec<&str> = CLOCKS
        .into_iter()
        .chain(RESETS.map(|r| r.0))
        .chain(inputs.iter().map(|s| s.name.as_str()))
        .chain(outputs.iter().map(|s| s.name.as_str()))
        .collect();
    let ports = names.join(", ");
    line(&format!("@block\ndef cases({ports}):"));
    for case in cases {
        case.items.hdl.iter().for_each(|l| line(l));
    }
    let returned: Vec<&str> = cases.iter().flat_map(|c| &c.instances).map(String::as_str).collect();
    line(&format!("    return {}\n\n", returned.join(", ")));

    // What each driven input is at each step. Clocks and data change together, and at odd times as well.
    let mut driven: Vec<(String, Vec<i128>)> = Vec::new();
    let mut table = |name: &str, value: &mut dyn FnMut(&mut fastrand::Rng) -> i128| {
        driven.push((name.to_owned(), (0..stimulus.vectors).map(|_| value(&mut random)).collect()));
    };
    table(CLOCKS[0], &mut |r| i128::from(r.bool()));
    for (name, active, _) in RESETS {
        table(name, &mut |r| i128::from(if r.u8(..8) == 0 { active } else { 1 - active }));
    }
    for signal in &inputs {
        let (lo, hi) = match signal.ty {
            Type::Bits { lo, hi, .. } => (lo, hi),
            _ => (0, 1),
        };
        table(&signal.name, &mut |r| match r.u8(..6) {
            0 => lo,
            1 => hi,
            _ => r.i128(lo..=hi),
        });
    }
    table("PAUSE", &mut |r| i128::from(r.u8(1..4)));
    for (name, values) in &driven {
        line(&format!("T_{name} = ({})", list(values.iter())));
    }
    line("\n\n@block\ndef bench():");
    for clock in CLOCKS {
        line(&format!("    {clock} = Signal(False)"));
    }
    for (reset, active, asynchronous) in RESETS {
        let (asynchronous, off) = (if asynchronous { "True" } else { "False" }, 1 - active);
        line(&format!("    {reset} = ResetSignal({off}, active={active}, isasync={asynchronous})"));
    }
    for signal in inputs.iter().chain(outputs.iter().copied()) {
        line(&format!("    {} = {}", signal.name, signal.declaration()));
    }
    line(&format!("    top = cases({ports})\n"));
    line(&format!("    @always(delay(3))\n    def second():\n        {0}.next = not {0}\n", CLOCKS[1]));
    let guests = Guests::new(&mut random, &inputs, &outputs);
    guests.watchers.iter().for_each(|text| line(text));
    line("    @instance\n    def stimulate():");
    if guests.stimulus {
        // No hardware has this.
        line("        seen = {}");
    }
    line(&format!("        for step in range({}):", stimulus.vectors));
    let by_chance = random.u8(..3) == 0;
    for (name, _) in driven.iter().filter(|(name, _)| name != "PAUSE" && Some(name) != guests.drives.as_ref())
    {
        let bounds = inputs.iter().find(|s| s.name == *name).map(|s| match s.ty {
            Type::Bits { lo, hi, .. } => (lo, hi),
            _ => (0, 1),
        });
        match bounds.filter(|_| by_chance && random.bool()) {
            Some(bounds) => {
                let drawn = at_random(&mut random, bounds);
                line(&format!("            {name}.next = {drawn}"));
            }
            None => line(&format!("            {name}.next = T_{name}[step]")),
        }
    }
    line(match by_chance && random.bool() {
        true => "            yield delay(random.choice((1, 2, 3)))",
        false => "            yield delay(T_PAUSE[step])",
    });
    if let Some(late) = guests.late.as_ref().filter(|_| guests.stimulus) {
        line(&format!("            if step > {} and step % 5 == 0:", stimulus.vectors / 2));
        line(&format!("                yield {late}, delay(4)"));
    }
    for some in outputs.chunks(PRINTED) {
        let formats: Vec<&str> =
            some.iter().map(|s| if matches!(s.ty, Type::Enum(_)) { "%s" } else { "%d" }).collect();
        let values: Vec<&str> = some.iter().map(|s| s.name.as_str()).collect();
        line(&format!("            print(\"{}\" % ({},))", formats.join(" "), values.join(", ")));
    }
    line("        raise StopSimulation\n");
    let watchers: String = (0..guests.watchers.len()).map(|i| format!(", watch{i}")).collect();
    line(&format!(
        "    return top, second, stimulate{watchers}\n\n\nbench().run_sim(quiet=1)\nprint(\"COMPARED\")"
    ));
    t
}

/// The part of a test bench that stays in Python.
#[derive(Default)]
struct Guests {
    /// The stimulus does.
    stimulus: bool,
    /// Processes that look at outputs.
    watchers: Vec<String>,
    /// The input that one of them drives.
    drives: Option<String>,
    /// What the stimulus begins to wait for late.
    late: Option<String>,
}

impl Guests {
    fn new(random: &mut fastrand::Rng, inputs: &[Signal], outputs: &[&Signal]) -> Guests {
        let mut guests = Guests::default();
        let numbers: Vec<&&Signal> = outputs.iter().filter(|s| !matches!(s.ty, Type::Enum(_))).collect();
        if random.u8(..3) == 0 || numbers.is_empty() {
            return guests;
        }
        guests.stimulus = random.u8(..4) != 0;
        let some = |random: &mut fastrand::Rng| numbers[random.usize(..numbers.len())].name.clone();
        if random.bool() {
            guests.late = Some(some(random));
        }
        // Different signals that wake printing processes in one delta keep a design in event mode.
        let trigger = match random.u8(..6) {
            0 => CLOCKS[1].to_owned(),
            1 => some(random),
            2 => format!("{}.negedge", CLOCKS[0]),
            _ => format!("{}.posedge", CLOCKS[0]),
        };
        for i in 0..random.usize(..3) {
            let trigger = if random.u8(..5) == 0 { some(random) } else { trigger.clone() };
            let (a, b) = (some(random), some(random));
            let mut text = format!("    seen{i} = {{}}\n");
            let own = i == 0 && random.u8(..3) == 0;
            if own {
                text += "    told = Signal(intbv(0)[4:])\n";
            }
            text += &format!("    @always({trigger})\n    def watch{i}():\n");
            text += &format!(
                "        seen{i}[0] = (seen{i}.get(0, 0) * 31 + int({a}) + 7 * int({b})) % 1000003\n"
            );
            let input = &inputs[random.usize(..inputs.len())];
            if let (Type::Bits { lo, hi, .. }, 0, 0) = (&input.ty, i, random.u8(..2)) {
                let count = hi - lo + 1;
                text += &format!("        {}.next = {lo} + seen{i}[0] % {count}\n", input.name);
                guests.drives = Some(input.name.clone());
            }
            match own {
                true => text += "        told.next = seen0[0] % 16\n",
                false => {
                    text += &format!(
                        "        if seen{i}[0] % 3 == 0:\n            print(\"w{i}\", now(), seen{i}[0])\n"
                    )
                }
            }
            guests.watchers.push(text);
            if own {
                let text = format!(
                    "    @always(told)\n    def watch1():\n        hash(\"\")\n        print(\"told\", now(), told, int({a}), int({b}))\n"
                );
                guests.watchers.push(text);
                break;
            }
        }
        guests
    }
}

/// A number between the bounds that Python draws.
fn at_random(random: &mut fastrand::Rng, (lo, hi): (i128, i128)) -> String {
    match random.u8(..6) {
        0 => format!("random.randrange({lo}, {})", hi + 1),
        1 => format!("random.randint({lo}, {hi})"),
        2 => format!("{hi} if random.random() < 0.{} else random.randint({lo}, {hi})", random.u8(1..9)),
        3 => format!("random.choice(({lo}, {hi}, {lo}))"),
        4 => format!("{lo} + random.getrandbits(70) % {}", hi - lo + 1),
        _ => format!("{lo} if step % 3 and random.randrange(2) else {hi}"),
    }
}

fn list<'v>(values: impl Iterator<Item = &'v i128>) -> String {
    let mut text: String = values.map(|v| format!("{v}, ")).collect();
    text.pop();
    text
}
