//! Calls of the user's functions: one IR function for each kind of arguments, tasks, recursion.

mod common;

use common::{Bench, Outcome, show};
use pyhdl_ir::FunctionId;

fn functions(out: &Outcome) -> Vec<(String, u32, Option<String>)> {
    out.process();
    let all = out.lowered.design.functions.iter();
    all.map(|f| (f.name.clone(), f.params, f.returns.as_ref().map(show::ty))).collect()
}

#[test]
fn a_function_returns_the_range_of_its_values() {
    let mut bench = Bench::usual();
    bench.function("twice(x)", "return 2 * x");
    let out = bench.comb("y.next = twice(a) + 1");
    assert_eq!(out.text(), "y <- (add (twice#0 a) 1)");
    assert_eq!(out.function_text(0), "return (mul 2 x)");
    assert_eq!(functions(&out), [("twice".to_owned(), 1, Some("0..510".to_owned()))]);
}

#[test]
fn calls_with_arguments_of_one_type_share_a_function() {
    let mut bench = Bench::usual();
    bench.function("inc(x)", "return x + 1");
    let out = bench.comb("y.next = inc(a) + inc(b) + inc(s)");
    assert_eq!(out.text(), "y <- (add (add (inc#0 a) (inc#0 b)) (inc#1 s))");
    assert_eq!(
        functions(&out),
        [
            ("inc".to_owned(), 1, Some("1..256".to_owned())),
            ("inc".to_owned(), 1, Some("-127..128".to_owned()))
        ]
    );
}

#[test]
fn arguments_that_are_local_variables_give_a_function_their_ranges() {
    // The variables' ranges are known only when the calling body is complete, two levels of calls further on.
    let mut bench = Bench::usual();
    bench.function("inc(x)", "return x + 1").function("both(x, y)", "return inc(x) * inc(y)");
    let out = bench.comb("m = 0\nfor i in range(8):\n    m = both(i, m & 3)\nz.next = m");
    let all = functions(&out);
    // One copy of inc for i (0 to 7), one for what is masked (0 to 3).
    assert_eq!(all[0], ("inc".to_owned(), 1, Some("1..8".to_owned())));
    assert_eq!(all[1], ("inc".to_owned(), 1, Some("1..4".to_owned())));
    assert_eq!(all[2], ("both".to_owned(), 2, Some("1..32".to_owned())));
    assert_eq!(out.local("m"), "0..32");
}

#[test]
fn a_result_that_is_passed_again_without_bounds_stays_unbounded() {
    let mut bench = Bench::usual();
    bench.function("inc(x)", "return x + 1");
    let out = bench.comb("m = 0\nwhile m != a:\n    m = inc(m)\nz.next = m");
    assert_eq!(functions(&out)[0].2.as_deref(), Some("-inf..inf"));
}

#[test]
fn constants_specialise_a_function() {
    let mut bench = Bench::usual();
    bench.function("part(x, n)", "return x[n:]");
    let out = bench.comb("y.next = part(a, 4) + part(a, 2)");
    assert_eq!(out.text(), "y <- (add (part#0 a) (part#1 a))");
    assert_eq!(out.function_text(0), "return (slice4 x 0)");
    assert_eq!(out.function_text(1), "return (slice2 x 0)");
}

#[test]
fn defaults_and_named_arguments() {
    let mut bench = Bench::usual();
    bench.function("f3(x, y=2, *, z=3)", "return x + y + z");
    assert_eq!(bench.comb("z.next = f3(a, z=1)").function_text(0), "return (add (add x 2) 1)");
    let call = |arguments: &str| {
        let mut bench = Bench::usual();
        bench.function("g2(x, y=2)", "return x + y");
        bench.comb(&format!("z.next = g2({arguments})"))
    };
    assert_eq!(call("y=a, x=b").text(), "z <- (g2#0 b a)");
    call("").refused(303, 4, "the argument `x` is missing", "pass it");
    call("a, 1, 2").refused(303, 4, "more than the function takes", "drop the rest");
    call("a, q=1").refused(303, 4, "more than the function takes", "drop the rest");
    call("a, x=1").refused(303, 4, "`x` is passed twice", "pass it once");
    call("*a").refused(301, 4, "a * argument", "one by one");
}

#[test]
fn tasks_drive_the_signals_that_they_are_given() {
    let mut bench = Bench::usual();
    bench.function("store(target, x)", "target.next = x");
    let out = bench.comb("store(z, a)\nstore(y, a)\nstore(z, b)");
    assert_eq!(out.text(), "call store#0 a\ncall store#1 a\ncall store#0 b");
    assert_eq!(out.function_text(0), "z <- x");
    assert_eq!(out.function_text(1), "y <- x");
    assert_eq!(functions(&out)[0], ("store".to_owned(), 1, None));
}

#[test]
fn functions_return_early() {
    let mut bench = Bench::usual();
    bench.function("clip(x)", "'''Saturates.'''\nif x > 100:\n    return 100\nfor i in range(3):\n    if x == i:\n        return -1\nreturn x");
    let out = bench.comb("y.next = clip(a)");
    assert_eq!(
        out.function_text(0),
        "if (gt x 100)\n  return 100\nfor i 0 3 1\n  if (eq x i)\n    return -1\nreturn x"
    );
    assert_eq!(functions(&out), [("clip".to_owned(), 1, Some("-1..100".to_owned()))]);
    let function = &out.lowered.design.functions[FunctionId::from_usize(0)];
    assert_eq!(function.doc.as_deref(), Some("Saturates."));
}

#[test]
fn a_match_of_all_literals_returns_on_every_path() {
    let mut bench = Bench::usual();
    bench.function(
        "code(x)",
        "match x:\n    case t.IDLE:\n        return 0\n    case t.RUN | t.DONE:\n        return 5",
    );
    assert_eq!(functions(&bench.comb("y.next = code(e)")), [("code".to_owned(), 1, Some("0..5".to_owned()))]);
}

#[test]
fn functions_that_return_on_some_paths_only_are_refused() {
    let mut bench = Bench::usual();
    bench.function("half(x)", "if x > 3:\n    return 1");
    bench.comb("y.next = half(a)").refused(303, 1, "`half` returns a value on some paths only", "every path");
    let mut bench = Bench::usual();
    bench.function("half(x)", "if x > 3:\n    return 1\nreturn None");
    bench.comb("y.next = half(a)").refused(303, 1, "`half` returns a value on some paths only", "every path");
    let mut bench = Bench::usual();
    bench.function("nothing(x)", "pass");
    bench.comb("y.next = nothing(a)").refused(303, 4, "this function returns nothing", "every path");
    let mut bench = Bench::usual();
    bench.function("mixed(x)", "if x > 3:\n    return t.IDLE\nreturn 1");
    bench.comb("y.next = mixed(a)").refused(
        303,
        4,
        "this returns an int, elsewhere it returns an enum",
        "one type",
    );
}

#[test]
fn functions_that_return_and_drive_are_refused() {
    let mut bench = Bench::usual();
    bench.function("both(x)", "z.next = x\nreturn x");
    bench.comb("y.next = both(a)").refused(301, 5, "drives signals and returns a value", "split it in two");
}

#[test]
fn a_call_whose_value_nobody_uses_does_nothing() {
    let mut bench = Bench::usual();
    bench.function("inc(x)", "return x + 1");
    let out = bench.comb("inc(a)\ny.next = a");
    assert_eq!(out.text(), "y <- a");
}

#[test]
fn recursion_is_refused() {
    let mut bench = Bench::usual();
    bench.function("fact(n)", "return 1 if n == 0 else n * fact(n - 1)");
    bench.comb("y.next = fact(a)").refused(307, 2, "calls itself", "write a loop");
    let mut bench = Bench::usual();
    bench.function("even(n)", "return odd(n)").function("odd(n)", "return even(n)");
    bench.comb("y.next = even(a)").refused(307, 4, "calls itself", "write a loop");
}

#[test]
fn arguments_are_passed_by_value() {
    let mut bench = Bench::usual();
    bench.function("count(n)", "n = n + 1\nreturn n");
    let out = bench.comb("y.next = count(3)");
    assert_eq!(out.text(), "y <- (count#0 3)");
    assert_eq!(functions(&out), [("count".to_owned(), 1, Some("4..4".to_owned()))]);
    let mut bench = Bench::usual();
    bench.function("change(v)", "v[0] = 1\nreturn v");
    let refused = bench.comb("y.next = change(a)");
    refused.refused(301, 5, "a function that changes a value in place", "pass it a local variable");
}

#[test]
fn generators_and_star_parameters_are_not_called() {
    let mut bench = Bench::usual();
    bench.function("wait()", "yield delay(1)");
    bench.instance("wait()").refused(301, 4, "a call of a generator", "itself");
    let mut bench = Bench::usual();
    bench.function("many(*xs)", "return 1");
    bench.comb("y.next = many(a)").refused(301, 4, "* or ** parameters", "name the parameters");
}
