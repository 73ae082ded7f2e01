//! What each expression of the Python subset lowers to, and the exact range of its values.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::Bench;
use pyhdl_frontend::Binding;

/// Each case: the Python, the lowered form, the range.
#[track_caller]
fn check(cases: &[(&str, &str, &str)]) {
    for (source, form, range) in cases {
        let mut bench = Bench::usual();
        bench.int("K", 5).tuple("ROM", &[3, 200, -7]);
        bench.list("mem", 8, 4);
        assert_eq!(bench.expr(source), ((*form).to_owned(), (*range).to_owned()), "{source}");
    }
}

#[test]
fn arithmetic_is_exact() {
    check(&[
        ("a + b", "(add a b)", "0..510"),
        ("a - b", "(sub a b)", "-255..255"),
        ("a * b", "(mul a b)", "0..65025"),
        ("s * s", "(mul s s)", "-16256..16384"),
        ("a * s", "(mul a s)", "-32640..32385"),
        ("a // 10", "(floordiv a 10)", "0..25"),
        ("s // 2", "(floordiv s 2)", "-64..63"),
        ("a // -2", "(floordiv a -2)", "-128..0"),
        ("a // b", "(floordiv a b)", "0..255"),
        ("a % 10", "(mod a 10)", "0..9"),
        ("a % 300", "(mod a 300)", "0..255"),
        ("s % 10", "(mod s 10)", "0..9"),
        ("s % -3", "(mod s -3)", "-2..0"),
        ("a ** 2", "(pow a 2)", "0..65025"),
        ("s ** 2", "(pow s 2)", "0..16384"),
        ("s ** 3", "(pow s 3)", "-2097152..2048383"),
        ("-a", "(negate a)", "-255..0"),
        ("-s", "(negate s)", "-127..128"),
        ("+a", "a", "0..255"),
        ("abs(s)", "(abs s)", "0..128"),
        ("min(a, 10)", "(min a 10)", "0..10"),
        ("max(a, 10)", "(max a 10)", "10..255"),
        ("min(a, b, s)", "(min (min a b) s)", "-128..127"),
    ]);
}

#[test]
fn bools_count_as_numbers_in_arithmetic() {
    check(&[
        ("f + g", "(add f g)", "0..2"),
        ("+f", "(add f 0)", "0..1"),
        ("int(f)", "(add f 0)", "0..1"),
        ("~f", "(invert f)", "-2..-1"),
        ("f << 3", "(shiftleft f 3)", "0..8"),
        ("True + True", "2", "2..2"),
    ]);
}

#[test]
fn shifts_grow_and_shrink_the_range() {
    check(&[
        ("a << 3", "(shiftleft a 3)", "0..2040"),
        ("a << c", "(shiftleft a c)", "0..32640"),
        ("s << 1", "(shiftleft s 1)", "-256..254"),
        ("a >> 2", "(shiftright a 2)", "0..63"),
        ("s >> 1", "(shiftright s 1)", "-64..63"),
        ("a >> c", "(shiftright a c)", "0..255"),
        ("a >> 100", "(shiftright a 100)", "0..0"),
    ]);
}

#[test]
fn bitwise_operators() {
    check(&[
        ("a & 15", "(and a 15)", "0..15"),
        ("a | 256", "(or a 256)", "256..511"),
        ("a ^ b", "(xor a b)", "0..255"),
        ("s & a", "(and s a)", "0..255"),
        ("s ^ s", "(xor s s)", "-128..127"),
        ("f & g", "(and f g)", "bool"),
        ("f | g", "(or f g)", "bool"),
        ("f ^ g", "(xor f g)", "bool"),
        ("f & 1", "(and f 1)", "0..1"),
    ]);
}

#[test]
fn inversion_of_an_unsigned_vector_stays_in_its_width() {
    check(&[
        ("~a", "(unsigned8 (invert a))", "0..255"),
        ("~s", "(invert s)", "-128..127"),
        // Without a width, ~x is -x - 1 whatever the value.
        ("~(a & b)", "(invert (and a b))", "-256..-1"),
        ("~a[4:]", "(unsigned4 (invert (slice4 a 0)))", "0..15"),
    ]);
}

#[test]
fn comparisons_give_bools() {
    check(&[
        ("a == b", "(eq a b)", "bool"),
        ("a != b", "(ne a b)", "bool"),
        ("a < s", "(lt a s)", "bool"),
        ("a <= 3", "(le a 3)", "bool"),
        ("a > 3", "(gt a 3)", "bool"),
        ("a >= 3", "(ge a 3)", "bool"),
        ("1 < a < 5", "(land (lt 1 a) (lt a 5))", "bool"),
        ("a in (1, 2)", "(lor (eq a 1) (eq a 2))", "bool"),
        ("a not in [1, 2]", "(not (lor (eq a 1) (eq a 2)))", "bool"),
        ("a in ROM", "(lor (lor (eq a 3) (eq a 200)) (eq a -7))", "bool"),
        ("a in ()", "False", "bool"),
        ("e == t.IDLE", "(eq e IDLE)", "bool"),
        ("e != t.RUN", "(ne e RUN)", "bool"),
        ("e in (t.IDLE, t.DONE)", "(lor (eq e IDLE) (eq e DONE))", "bool"),
        // A member of the right type that comes first does not decide.
        ("a in (K, b)", "(lor (eq a 5) (eq a b))", "bool"),
    ]);
}

#[test]
fn membership_of_a_constant_is_not_lost_among_run_time_values() {
    // 3 == 3 holds, whatever follows; 3 == 4 does not, and leaves the rest.
    check(&[
        ("3 in (3, a)", "True", "bool"),
        ("3 in (4, a)", "(eq 3 a)", "bool"),
        ("3 in (4, 5)", "False", "bool"),
        ("K not in (5, a)", "False", "bool"),
    ]);
}

#[test]
fn logic_keeps_pythons_values() {
    check(&[
        ("f and g", "(land f g)", "bool"),
        ("f or g or q", "(lor (lor f g) q)", "bool"),
        ("not f", "(not f)", "bool"),
        ("not a", "(eq a 0)", "bool"),
        ("bool(a)", "(truth a)", "bool"),
        ("a and b", "(select (truth a) b 0)", "0..255"),
        ("a or 300", "(select (truth a) a 300)", "1..300"),
        ("f and a", "(select f a False)", "0..255"),
        // Python does not look at the right side.
        ("0 and a", "0", "0..0"),
        ("K or a", "5", "5..5"),
        ("True and f", "f", "bool"),
        ("f and True", "(land f True)", "bool"),
    ]);
}

#[test]
fn conditional_expressions() {
    check(&[
        ("a if f else s", "(select f a s)", "-128..255"),
        ("a if b else 1000", "(select (truth b) a 1000)", "0..1000"),
        ("f if a > 3 else g", "(select (gt a 3) f g)", "bool"),
        ("t.IDLE == e if f else g", "(select f (eq IDLE e) g)", "bool"),
        // The condition narrows the arms.
        ("a if a < 10 else 0", "(select (lt a 10) a 0)", "0..9"),
        ("a if K == 5 else s", "a", "0..255"),
        ("10 - a if a <= 10 else 0", "(select (le a 10) (sub 10 a) 0)", "0..10"),
    ]);
}

#[test]
fn bits_and_slices() {
    check(&[
        ("a[3]", "(bit a 3)", "bool"),
        ("a[c]", "(bit a c)", "bool"),
        ("a[8:4]", "(slice4 a 4)", "0..15"),
        ("a[4:]", "(slice4 a 0)", "0..15"),
        ("a[:4]", "(shiftright a 4)", "0..15"),
        ("s[8:]", "(slice8 s 0)", "0..255"),
        ("a[c+2:c]", "(slice2 a c)", "0..3"),
        ("a[2*c+2:2*c]", "(slice2 a (mul 2 c))", "0..3"),
        ("a[8:4][2]", "(bit (slice4 a 4) 2)", "bool"),
        // The highest value that is left after the shift.
        ("c[8:2]", "(slice6 c 2)", "0..1"),
    ]);
}

#[test]
fn concatenation_and_reinterpretation() {
    check(&[
        ("concat(a, f)", "(concat a:8 f:1)", "0..511"),
        ("concat('101', a)", "(concat 5:3 a:8)", "1280..1535"),
        ("concat(s, a[2:])", "(concat s:8 (slice2 a 0):2)", "0..1023"),
        ("a.signed()", "(signed8 a)", "-128..127"),
        ("a[4:].signed()", "(signed4 (slice4 a 0))", "-8..7"),
        ("s.unsigned()", "(unsigned8 s)", "0..255"),
        ("s.signed()", "s", "-128..127"),
        ("len(a)", "8", "8..8"),
        ("len(f)", "1", "1..1"),
        ("len(mem)", "8", "8..8"),
        ("a.max", "256", "256..256"),
        ("s.min", "-128", "-128..-128"),
        ("a.val", "a", "0..255"),
        ("intbv(a + b)[8:]", "(slice8 (add a b) 0)", "0..255"),
        ("intbv(5)[8:]", "5", "5..5"),
    ]);
}

#[test]
fn tables_and_memories() {
    check(&[
        ("ROM[c]", "(table ROM c)", "-7..200"),
        ("ROM[1]", "200", "200..200"),
        ("ROM[-1]", "-7", "-7..-7"),
        ("mem[c]", "(read mem c)", "0..15"),
        ("mem[2]", "mem_2", "0..15"),
        ("mem[c][3]", "(bit (read mem c) 3)", "bool"),
        ("mem[c + 1] + 1", "(add (read mem (add c 1)) 1)", "1..16"),
    ]);
}

#[test]
fn constants_fold_with_pythons_meaning() {
    check(&[
        ("3 * 4 + 1", "13", "13..13"),
        ("-7 // 2", "-4", "-4..-4"),
        ("-7 % 3", "2", "2..2"),
        ("7 % -3", "-2", "-2..-2"),
        ("2 ** 70", "1180591620717411303424", "1180591620717411303424..1180591620717411303424"),
        ("-5 >> 1", "-3", "-3..-3"),
        ("~5", "-6", "-6..-6"),
        ("-1 & 255", "255", "255..255"),
        ("5 > 3", "True", "bool"),
        ("not 0", "True", "bool"),
        ("K + 1", "6", "6..6"),
        ("max(3, K)", "5", "5..5"),
        ("True", "True", "bool"),
        ("0x_ff", "255", "255..255"),
    ]);
}

#[test]
fn attributes_of_objects_and_enumerations() {
    let mut bench = Bench::usual();
    let data = bench.new_signal(pyhdl_frontend::ElabSignalType::Bool);
    let attributes = [("data", Binding::Signal(data)), ("DEPTH", Binding::Int(16.into()))];
    let bus = Binding::Object {
        type_name: "Bus".into(),
        identity: 9,
        attributes: attributes.into_iter().map(|(n, b)| (n.to_owned(), b)).collect(),
    };
    bench.bind("bus", bus);
    let out = bench.comb("y.next = bus.data + bus.DEPTH");
    assert_eq!(out.text(), "y <- (add bus_data 16)");
    assert_eq!(Bench::usual().comb("e.next = t.DONE").text(), "e <- DONE");
}

#[test]
fn what_is_none_decides_inside_a_condition() {
    // An optional port: `is None` is settled wherever it stands.
    for (source, form) in [
        ("port is not None and f", "False"),
        ("port is None or f", "True"),
        ("a is not None and f", "f"),
        ("1 if port is None else a", "1"),
    ] {
        let mut bench = Bench::usual();
        bench.bind("port", Binding::None);
        assert_eq!(bench.expr(source).0, form, "{source}");
    }
    let mut bench = Bench::usual();
    bench.bind("MODE", Binding::Str("fast".into()));
    assert_eq!(bench.expr("f and MODE == 'fast'").0, "(land f True)");
}

#[test]
fn names_may_be_unicode() {
    let mut bench = Bench::usual();
    bench.unsigned("größe", 4);
    bench.unsigned("信号", 4);
    let (form, range) = bench.expr("größe + 信号");
    assert_eq!((form.as_str(), range.as_str()), ("(add größe 信号)", "0..30"));
}

#[test]
fn spans_point_at_the_python_also_after_letters_of_several_bytes() {
    let mut bench = Bench::usual();
    bench.unsigned("größe", 4);
    let out = bench.comb("'größe'\ny.next = größe +  a");
    let design = &out.lowered.design;
    let mut found = None;
    pyhdl_ir::for_each_stmt(&out.process().body, &mut |stmt| {
        if let pyhdl_ir::StmtKind::Assign { value, .. } = &stmt.kind {
            found = Some(value.span);
        }
    });
    let span = found.unwrap();
    let file = out.sources.get(span.file);
    assert_eq!(&file.text[span.start as usize..span.end as usize], "größe +  a");
    assert_eq!(file.line(span.start), 3);
    assert_eq!(design.processes.len(), 1);
}
