//! Sources meant to exhaust time, memory or the stack: each ends soon, as a lowering or as a diagnostic.

mod common;

use std::time::{Duration, Instant};

use common::{Bench, Outcome};

/// Far more than any of these takes, far less than what an exponential one would.
const LIMIT: Duration = Duration::from_secs(20);

fn comb(source: &str) -> Outcome {
    let start = Instant::now();
    let out = Bench::usual().comb(source);
    assert!(start.elapsed() < LIMIT, "took {:?}", start.elapsed());
    out
}

#[test]
fn deep_expressions_are_refused() {
    // As deep as CPython itself loads: brackets nest up to 200 levels, operators about 3000.
    let sum = vec!["a"; 3000].join(" + ");
    comb(&format!("y.next = {sum}")).refused(308, 2, "nested more than 200 levels", "local variable");
    let brackets = format!("{}a{}", "(1 + ".repeat(199), ")".repeat(199));
    comb(&format!("y.next = {brackets}")).refused(308, 2, "nested more than 200 levels", "local variable");
    let nots = format!("q.next = {} f", "not ".repeat(1000));
    comb(&nots).refused(308, 2, "nested more than 200 levels", "local variable");
    let minus = format!("y.next = {}a", "-".repeat(2000));
    comb(&minus).refused(308, 2, "nested more than 200 levels", "local variable");
    let calls = format!("y.next = {}s{}", "abs(".repeat(199), ")".repeat(199));
    comb(&calls).refused(308, 2, "nested more than 200 levels", "local variable");
}

#[test]
fn expressions_up_to_the_limit_are_lowered() {
    let sum = vec!["a"; 190].join(" + ");
    comb(&format!("y.next = {sum}")).text();
}

#[test]
fn expressions_of_ten_thousand_levels_do_not_overflow_the_stack() {
    let sum = vec!["a"; 10_000].join(" + ");
    comb(&format!("y.next = {sum}")).refused(308, 2, "nested more than 200 levels", "local variable");
    let subscripts = format!("y.next = a{}", "[0]".repeat(10_000));
    comb(&subscripts).refused(308, 2, "nested more than 200 levels", "local variable");
    let attributes = format!("y.next = a{}", ".val".repeat(10_000));
    comb(&attributes).refused(308, 2, "nested more than 200 levels", "local variable");
}

#[test]
fn deep_statements_are_refused() {
    let mut source = String::new();
    for depth in 0..99 {
        source.push_str(&format!("{}if a[{depth}]:\n", " ".repeat(depth)));
    }
    source.push_str(&format!("{}q.next = 1", " ".repeat(99)));
    // CPython takes up to 100 levels of indentation.
    comb(&source).text();
}

#[test]
fn long_chains_are_not_deep() {
    let long = |operator: &str| vec!["f"; 20_000].join(operator);
    comb(&format!("q.next = {}", long(" and "))).text();
    comb(&format!("q.next = {}", long(" < "))).text();
    let set = (0..5000).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    comb(&format!("q.next = y in ({set})")).text();
    let values = vec!["a"; 5000].join(", ");
    comb(&format!("y.next = max({values})")).text();
    let numbers = vec!["a"; 5000].join(" or ");
    comb(&format!("y.next = {numbers}")).refused(308, 2, "too many operands", "bool(a)");
}

#[test]
fn a_long_elif_chain_and_a_huge_match_are_lowered() {
    let mut chain = "if a == 0:\n    z.next = 0\n".to_owned();
    let mut cases = "match y:\n".to_owned();
    for i in 1..2000 {
        chain.push_str(&format!("elif y == {i}:\n    z.next = {}\n", i % 256));
        cases.push_str(&format!("    case {i}:\n        z.next = {}\n", i % 256));
    }
    comb(&chain).text();
    comb(&cases).text();
    comb(&format!("{cases}    case _ if f:\n        z.next = 0")).text();
}

#[test]
fn huge_integers() {
    let ones = "1".repeat(4000);
    comb(&format!("q.next = y == {ones}")).text();
    comb(&format!("y.next = {ones} * {ones}")).text();
    comb("q.next = y == 0x1".to_owned().as_str()).text();
    let product = vec!["(1 << 60000)"; 100].join(" * ");
    comb(&format!("y.next = {product}")).refused(315, 2, "this constant is too large", "65536 bits");
    let product = vec!["a ** 4096"; 100].join(" * ");
    comb(&format!("y.next = {product}")).text();
    // Each call squares the range.
    let mut bench = Bench::usual();
    bench.function("sq(x)", "return x * x");
    bench.comb(&format!("y.next = {}a{}", "sq(".repeat(60), ")".repeat(60))).text();
}

#[test]
fn shifts_and_widths_are_bounded() {
    comb("y.next = 1 << 10**9").refused(315, 2, "a shift by 1000000000 bits is too far", "65536 bits");
    comb("y.next = a << 10**9").refused(315, 2, "a shift by 1000000000 bits is too far", "65536 bits");
    comb("y.next = a << (1 << 60)").refused(315, 2, "too far", "65536 bits");
    comb("y.next = a >> -1").refused(303, 2, "negative amount", "other way");
    comb("y.next = a[10**9:]").refused(315, 2, "a vector of 1000000000 bits is too wide", "65536 bits");
    comb("y.next = a[2**70:]").refused(315, 2, "bits is too wide", "65536 bits");
    comb("z.next[10**9:] = a").refused(315, 2, "a vector of 1000000000 bits is too wide", "65536 bits");
    comb("v = intbv(0, min=0, max=(1 << 65536) * 2)").refused(315, 2, "is too wide", "65536 bits");
    comb("y.next = 10 ** 10 ** 9").refused(301, 2, "a power with this exponent", "1 << n");
    comb("y.next = a ** 4096").text();
    comb("y.next = ((a ** 4096) ** 4096) ** 4096").text();
    let parts = ["a[60000:]"; 2].join(", ");
    comb(&format!("y.next = concat({parts})")).refused(315, 2, "a vector of 120000 bits", "65536 bits");
}

#[test]
fn a_value_that_squares_itself_in_a_loop_gets_no_bound() {
    let out = comb("x = 2\nfor i in range(1000):\n    x = x * x\ny.next = x");
    assert_eq!(out.local("x"), "0..inf");
}

#[test]
fn loops_of_astronomic_length() {
    comb("for i in range(2**70):\n    pass").text();
    let out = comb("n = 0\nfor i in range(2**70):\n    n = i\ny.next = n");
    assert_eq!(out.local("i"), "0..1180591620717411303423");
    comb("for i in range(2**70, 0, -1):\n    q.next = 1").text();
    comb("for i in range(2**70):\n    for j in range(2**70):\n        for k in range(2**70):\n            pass").text();
}

#[test]
fn nested_endless_loops_are_analysed_in_time() {
    let mut source = "n = 0\n".to_owned();
    for depth in 0..40 {
        source.push_str(&format!(
            "{}while n < {}:\n{}n += 1\n",
            " ".repeat(depth),
            depth + 9,
            " ".repeat(depth + 1)
        ));
    }
    source.push_str("y.next = n");
    comb(&source).text();
}

#[test]
fn conditions_of_conditional_expressions_are_lowered_once() {
    // Twice at each level would be 2**60 times.
    let mut condition = "a == 1".to_owned();
    for _ in 0..60 {
        condition = format!("(a if {condition} else b) == 1");
    }
    comb(&format!("y.next = a if {condition} else b")).text();
    let mut chain = "f".to_owned();
    for _ in 0..60 {
        chain = format!("not ({chain} and g)");
    }
    comb(&format!("if {chain}:\n    q.next = 1")).text();
}

#[test]
fn a_tree_of_values_that_and_or_doubles_is_refused_or_small() {
    let mut value = "a".to_owned();
    for _ in 0..60 {
        value = format!("({value} and b)");
    }
    let _ = comb(&format!("y.next = {value}"));
    let out = comb(&format!("y.next = {}", vec!["a"; 40].join(" or ")));
    assert_eq!(out.refusal().code.0, 308);
}

#[test]
fn division_by_zero_is_refused_where_elaboration_sees_it() {
    for source in ["a // 0", "a % 0", "1 // 0", "a // (3 - 3)"] {
        comb(&format!("y.next = {source}")).refused(303, 2, "this divides by zero", "another divisor");
    }
    // The branch is not part of the design.
    let mut bench = Bench::usual();
    bench.int("N", 0);
    assert_eq!(bench.comb("if N != 0:\n    y.next = a // N\nelse:\n    y.next = 0").text(), "y <- 0");
}
