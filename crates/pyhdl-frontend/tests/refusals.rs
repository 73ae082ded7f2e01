//! What has no hardware meaning: each diagnostic's code, its line, what it says, and what it says to write instead.

mod common;

use common::{Bench, Outcome};
use pyhdl_frontend::{Binding, ElabSignalType};

/// Each case: the body of an `@always_comb`, the line in it that is meant (from 1), the message, the help.
#[track_caller]
fn refused(code: u16, cases: &[(&str, u32, &str, &str)]) {
    for (body, line, message, help) in cases {
        bench(body).refused(code, line + 1, message, help);
    }
}

fn bench(body: &str) -> Outcome {
    let mut bench = Bench::usual();
    bench.signal("n", ElabSignalType::Object("dict".into()));
    let k = bench.unsigned("k", 8);
    bench.edit(k).constant = true;
    bench.list("mem", 8, 4);
    bench.tuple("ROM", &[1, 2, 3]);
    let constants = vec![Binding::Int(1.into()), Binding::Int(2.into())];
    bench.bind("table", Binding::List { identity: 99, elements: constants });
    bench.bind("text", Binding::Str("x".into())).bind("nothing", Binding::None);
    bench.bind("now", Binding::Known("pyhdl.now".into()));
    bench.bind("ratio", Binding::Other("float".into()));
    let attributes = [("x".to_owned(), Binding::Int(1.into()))].into_iter().collect();
    bench.bind("bus", Binding::Object { type_name: "Bus".into(), identity: 3, attributes });
    bench.comb(body)
}

#[test]
fn statements_without_hardware_meaning() {
    refused(
        301,
        &[
            ("try:\n    q.next = 1\nexcept ValueError:\n    pass", 1, "`try`", "with `if`"),
            ("with a:\n    pass", 1, "`with`", "remove it"),
            ("q.next = 1\nimport os", 2, "`import`", "top of the file"),
            ("del a", 1, "`del`", "remove it"),
            ("class C:\n    pass", 1, "`class`", "outside"),
            ("@f\ndef f2():\n    pass", 2, "a decorator inside a process", "in the block"),
            ("nonlocal a\na = 1", 2, "a variable that changes and that several", "Signal"),
            ("global k2\nk2 = 1", 2, "a variable that changes and that several", "Signal"),
            ("while (c2 := a) > 3:\n    pass", 1, "`:=` in the condition of a loop", "before the loop"),
            ("for i in a:\n    pass", 1, "a loop over this", "range(len(x))"),
            ("for i in {1: 2}:\n    pass", 1, "a dictionary or a set", "tuple of constants"),
            ("for i in zip(mem, a):\n    pass", 1, "a loop over this", "range(...)"),
            ("for i in mem:\n    pass\ny.next = i", 3, "`i` after its loop", "another variable"),
            ("for i in enumerate(mem, c):\n    pass", 1, "a start that varies", "constant"),
            ("for i in mem[c:]:\n    pass", 1, "a part of a list chosen at run time", "constant"),
            ("for m.x in mem:\n    pass", 1, "this loop variable", "names"),
            ("for i in range(0, 9, c):\n    pass", 1, "a loop step that is not a constant", "a number"),
            ("for i in range(0, 9, 0):\n    pass", 1, "a loop step", "a number"),
            ("for i, j in range(3):\n    pass", 1, "this loop variable", "single name"),
            ("raise", 1, "this `raise`", "raise StopSimulation"),
            ("return 1", 1, "a value returned from a process", "drive a signal"),
            ("yield a", 1, "`yield` here", "@instance"),
            ("a + b", 1, "a value that nobody uses", "assign it"),
        ],
    );
    refused(
        301,
        &[
            ("match a:\n    case x:\n        pass", 2, "this pattern", "numbers, enumeration literals"),
            ("match a:\n    case [1, 2]:\n        pass", 2, "this pattern", "numbers, enumeration literals"),
            ("match a:\n    case True:\n        pass", 2, "this pattern", "numbers, enumeration literals"),
        ],
    );
}

#[test]
fn expressions_without_hardware_meaning() {
    refused(
        301,
        &[
            ("y.next = a / 2", 1, "true division", "use `//`"),
            ("y.next = a @ b", 1, "`@`", "products"),
            (
                "x = 1\ny.next = x + (x := a)",
                2,
                "reads a variable and assigns it with `:=`",
                "line of its own",
            ),
            ("y.next = 1 < a < (x := b)", 1, "`:=` in a chain of comparisons", "line of its own"),
            ("y.next = sum((x := m) for m in mem)", 1, "`:=` in a comprehension", "line of its own"),
            ("y.next = lambda: 1", 1, "a lambda", "def"),
            ("y.next = [a, b]", 1, "a whole list here", "mem[addr]"),
            ("y.next = [a + 1, b]", 1, "a whole list here", "one element at a time"),
            ("y.next = sum(a)", 1, "sum() of this", "a list of signals"),
            ("y.next = min(m for m in mem if m > a)", 1, "a number of values that varies", "in a loop"),
            ("m = [x for x in mem if x > a]", 1, "a list whose length varies", "sum()"),
            ("m = [0] * c", 1, "a list whose length varies", "constant"),
            ("m = []\nm[0] = 1", 1, "a list without elements", "give it one"),
            ("y.next = (i for i in mem)", 1, "a generator here", "sum()"),
            ("m = (a + 1, b)", 1, "a tuple that varies at run time", "a variable for each"),
            ("y.next = {a: b}", 1, "a dictionary or a set", "tuple of constants"),
            ("y.next = {a, b}", 1, "a dictionary or a set", "tuple of constants"),
            ("y.next = f'{a}'", 1, "a string here", "print()"),
            ("y.next = text", 1, "a string here", "print()"),
            ("y.next = nothing", 1, "None here", "a number"),
            ("y.next = 1.5", 1, "a value of type float", "intbv"),
            ("y.next = ratio * a", 1, "a value of type float", "intbv"),
            ("y.next = mem", 1, "a whole list here", "index it"),
            ("y.next = mem[2:]", 1, "a whole list here", "index it"),
            ("y.next = table[c]", 1, "a list of constants that can change", "tuple"),
            ("y.next = n", 1, "a signal that holds a Python object", "Signal("),
            ("n.next = a", 1, "a signal that holds a Python object", "intbv"),
            ("y.next = a is b", 1, "`is`", "=="),
            ("y.next = a in b", 1, "`in` of this", "x in (1, 2, 3)"),
            ("y.next = 1 < a in (1, 2)", 1, "`in` in a chain", "one after the other"),
            ("y.next = a[8:4:2]", 1, "a slice with a step", "x[high:low]"),
            ("y.next = a ** -1", 1, "a power with this exponent", "1 << n"),
            ("y.next = f.posedge", 1, "an edge as a value", "decorator"),
            ("y.next = a.width", 1, "the attribute `width`", "signals"),
            ("y.next += 1", 1, "an augmented signal assignment", "x.next = x + 1"),
            ("y.next = (a + 1, b)[c]", 1, "an element of this chosen at run time", "local variable"),
            ("v = intbv(a, min=0, max=b)", 1, "a bound that varies at run time", "a constant"),
            ("v = intbv(a, min=0)", 1, "a vector without max", "min and max"),
            ("y.next = intbv(a, 0, 9) + 1", 1, "a bounded vector inside an expression", "local variable"),
            ("m, v = a", 1, "unpacking this", "one after the other"),
            ("print(a, file=text)", 1, "this argument of print()", "print strings"),
            ("print(f'{a!r}')", 1, "this conversion", "print strings"),
            ("print(f'{int(a):{b}}')", 1, "varies at run time", "print strings"),
            ("print(f'{int(a):e}')", 1, "the format `e`", "print strings"),
            ("print('%f' % a)", 1, "this conversion in a format", "%d"),
        ],
    );
}

#[test]
fn unknown_names() {
    refused(
        302,
        &[
            ("y.next = missing", 1, "`missing` is not defined", "import it"),
            ("q.next = 1\nif f:\n    y.next = mising + 1", 3, "`mising` is not defined", "import it"),
            ("y.next = bus.y", 1, "the Bus object has no attribute `y`", "before the block returns"),
            ("e.next = t.IDEL", 1, "the enumeration has no literal `IDEL`", "it has IDLE, RUN, DONE"),
        ],
    );
}

#[test]
fn types_that_do_not_match() {
    refused(
        303,
        &[
            ("y.next = e + 1", 1, "enumeration literals have no arithmetic", "=="),
            ("y.next = -e", 1, "enumeration literals have no arithmetic", "=="),
            ("q.next = e", 1, "an enumeration literal cannot be assigned to a bool", "state == t_state.IDLE"),
            (
                "e.next = 1",
                1,
                "an int cannot be assigned to a signal of t",
                "a literal of the signal's enumeration",
            ),
            ("q.next = e < t.RUN", 1, "cannot be compared", "== or !="),
            ("q.next = e == 1", 1, "cannot be compared", "== or !="),
            ("if e:\n    q.next = 1", 1, "is not a condition", "compare it"),
            (
                "y.next = t.IDLE if f else 3",
                1,
                "one arm is an enumeration literal, the other is an int",
                "same type",
            ),
            ("y.next = f[0]", 1, "a bool has no bits to index", "intbv"),
            ("y.next = (a + b)[8:]", 1, "an int has no bits to slice", "intbv"),
            ("y.next = a[2:4]", 1, "this slice has -2 bits", "high above low"),
            ("y.next = a[4:4]", 1, "this slice has 0 bits", "high above low"),
            ("y.next = a[-1]", 1, "a bit index is 0 or more", "from 0"),
            ("z.next[8] = f", 1, "this bit is outside the vector", "width - 1"),
            ("q.next[0] = f", 1, "a bool has no bits to assign", "intbv"),
            ("y.next = mem[8]", 1, "index 8 is outside the list of 8 elements", "length minus 1"),
            ("y.next = ROM[-4]", 1, "index -4 is outside the list of 3 elements", "length minus 1"),
            ("y.next = mem[e]", 1, "is not an index", "a number"),
            ("y.next = f.signed()", 1, "a bool has no sign bit", "intbv"),
            ("y.next = concat('12', a)", 1, "not a bit string", "'0101'"),
            ("y.next = concat()", 1, "concat() of nothing", "at least one"),
            ("v = intbv(0, min=5, max=5)", 1, "these bounds leave no value", "max above min"),
            ("v = f\nv = t.IDLE", 2, "`v` was a bool and becomes an enumeration literal", "keep one type"),
            ("v = intbv(0)[8:]\nw = v\nw[0] = 1", 2, "two names for one object", "copy the value"),
            ("for i in range(e):\n    pass", 1, "is not a number", "count with ints"),
            ("y.next, z.next = a, b, c", 1, "different lengths", "one after the other"),
            ("match e:\n    case 1:\n        pass", 2, "cannot match", "constant of the subject's type"),
            ("print('%d %d' % a)", 1, "fewer values than places", "print strings"),
            ("print('%d' % (a, b))", 1, "more values than places", "print strings"),
            ("print('%d' % e)", 1, "is not a number", "%s"),
            ("print(f'{a:04x}')", 1, "only an int can be formatted", "int(x)"),
        ],
    );
}

#[test]
fn widths_that_elaboration_does_not_know() {
    refused(
        304,
        &[
            ("y.next = a[c:0]", 1, "the width of this slice varies", "high minus low a constant"),
            ("z.next[c:0] = a", 1, "the width of this slice varies", "high minus low a constant"),
            ("y.next = len(a + b)", 1, "an int has no width", "intbv(x)[8:]"),
            ("y.next = concat(a, a + b)", 1, "no width to concatenate", "intbv(a + b)[8:]"),
        ],
    );
}

#[test]
fn local_variables_without_a_value() {
    refused(
        305,
        &[
            ("y.next = v\nv = 1", 1, "`v` has no value here", "on every path"),
            ("if f:\n    v = 1\ny.next = v", 3, "`v` may have no value here", "on every path"),
            ("for i in range(c):\n    v = i\ny.next = v", 3, "`v` may have no value here", "on every path"),
            ("while f:\n    v = 1\n    break\ny.next = v", 4, "`v` may have no value here", "on every path"),
        ],
    );
    // A loop that has at least one round assigns.
    bench("for i in range(3):\n    v = i\ny.next = v").text();
    bench("if f:\n    v = 1\nelse:\n    return\ny.next = v").text();
}

#[test]
fn targets_that_cannot_be_assigned() {
    refused(
        306,
        &[
            ("a[3] = 1", 1, "cannot be assigned", "a.next[…] = …"),
            ("a.nxt = 1", 1, "cannot be assigned", "a.next = …"),
            ("bus.x = 1", 1, "cannot be assigned", "x.next = …"),
            ("k.next = 1", 1, "a Constant cannot be driven", "drive the signal"),
            ("bus.x.next = 1", 1, "cannot be assigned", "x.next = …"),
            ("z.next[4:][2] = 1", 1, "cannot be assigned", "x.next = …"),
        ],
    );
}

#[test]
fn a_function_that_changed_or_does_not_parse_is_a_refusal() {
    let out = bench("y.next = = 1");
    assert!(out.refusal().message.contains("cannot be read as hardware"), "{}", out.refusal());
    assert_eq!(
        out.sources.get(out.refusal().labels[0].span.file).line(out.refusal().labels[0].span.start),
        2
    );
}

#[test]
fn refusals_inside_f_strings_and_after_long_lines_point_at_their_line() {
    refused(
        302,
        &[
            ("print(f'{a} {missing}')", 1, "`missing` is not defined", "import it"),
            ("y.next = (a +\n    b +\n    missing)", 3, "`missing` is not defined", "import it"),
        ],
    );
}
