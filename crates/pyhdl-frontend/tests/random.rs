//! Numbers at random: one draw for each call, before the statement, under the condition under which Python would call.

mod common;

use common::Bench;
use pyhdl_frontend::{Binding, RandomMethod};

/// Usual names, a clock, an enable, a memory, and `randrange`, `randint`, `getrandbits`, `random` and `choice` of generator 3.
fn bench() -> Bench {
    let mut bench = Bench::usual();
    bench.bool("clk");
    bench.bool("en");
    bench.list("mem", 4, 8);
    for method in RandomMethod::ALL {
        bench.bind(method.name(), Binding::Random { generator: 3, method });
    }
    bench
}

#[test]
fn calls_draw_before_the_statement_in_their_order() {
    let out = bench().instance("z.next = randint(2, 5) - randrange(10, 20, 4)\nyield clk.posedge");
    assert_eq!(
        out.text(),
        "random_0 = drawn from generator 3: Below(4)\n\
         random_1 = drawn from generator 3: Below(3)\n\
         z <- (sub (add random_0 2) (add (mul random_1 4) 10))\n\
         wait clk.posedge"
    );
    assert_eq!((out.local("random_0"), out.local("random_1")), ("0..3".to_owned(), "0..2".to_owned()));
}

#[test]
fn the_value_is_drawn_before_the_place() {
    let out = bench().instance("mem[randrange(4)].next = randrange(9)\nyield clk.posedge");
    let text = out.text();
    let (value, place) = (text.find("Below(9)"), text.find("Below(4)"));
    assert!(value.is_some() && value < place, "{text}");
}

#[test]
fn operands_that_may_not_be_evaluated_draw_under_a_condition() {
    let out = bench().instance("en.next = en and getrandbits(3) == 1\nyield clk.posedge");
    assert_eq!(
        out.text(),
        "if en\n  random_0 = drawn from generator 3: Bits(3)\nelse\n  %random_0 <- 0\n\
         en <- (land en (eq random_0 1))\nwait clk.posedge"
    );
}

#[test]
fn conditions_of_loops_draw_in_each_round() {
    let out = bench().instance("while random() < 0.25:\n    yield clk.posedge");
    assert_eq!(
        out.text(),
        "while True\n  random_0 = drawn from generator 3: Fraction\n  \
         if (not (lt random_0 2251799813685248))\n    break\n  wait clk.posedge"
    );
}

#[test]
fn fractions_are_compared_exactly() {
    for (source, text) in [
        // A tenth lies between 900719925474099 and 900719925474100 units.
        ("random() < 0.1", "(lt random_0 900719925474100)"),
        ("random() <= 0.1", "(le random_0 900719925474099)"),
        ("0.1 < random()", "(gt random_0 900719925474099)"),
        ("0.1 <= random()", "(ge random_0 900719925474100)"),
        ("random() > 1", "(gt random_0 9007199254740992)"),
    ] {
        let out = bench().instance(&format!("en.next = {source}\nyield clk.posedge"));
        assert!(out.text().contains(text), "{source} is {}", out.text());
    }
}

#[test]
fn what_is_no_constant_stays_in_python() {
    for (body, message) in [
        ("y.next = randrange(a)", "`randrange()` with these arguments"),
        ("y.next = randrange(5, 5)", "`randrange()` with these arguments"),
        ("y.next = randrange(1, 5, 0)", "`randrange()` with these arguments"),
        ("y.next = randint(3, 1)", "`randint()` with these arguments"),
        ("y.next = randint(3)", "`randint()` with these arguments"),
        ("y.next = getrandbits(0)", "`getrandbits()` with these arguments"),
        ("y.next = choice(())", "`choice()` of nothing"),
        ("y.next = choice((a + 1, b))", "`choice()` of values that vary"),
        ("y.next = random()", "a fraction as a value"),
        ("en.next = random() < a", "a fraction as a value"),
        ("en.next = random() == 0.5", "a fraction as a value"),
        ("a.next = b.next = randrange(4)", "a number at random for several targets"),
        ("assert en, \"%d\" % randrange(3)", "a message that changes something"),
        ("y.next = sum([randrange(3) for i in range(2)])", "`:=` in a comprehension"),
    ] {
        let out = bench().instance(&format!("{body}\nyield clk.posedge"));
        let refusal = out.refusal();
        assert!(refusal.message.starts_with(message), "{body}: {}", refusal.message);
    }
}

#[test]
fn a_function_that_draws_returns_nothing() {
    let mut bench = bench();
    bench.function("dice()", "return randint(1, 6)");
    let out = bench.instance("y.next = dice()\nyield clk.posedge");
    assert!(out.refusal().message.contains("draws a number at random and returns a value"));
    let mut bench = self::bench();
    bench.function("roll()", "y.next = randint(1, 6)");
    let out = bench.instance("roll()\nyield clk.posedge");
    assert!(out.text().starts_with("call roll#0"), "{}", out.text());
}
