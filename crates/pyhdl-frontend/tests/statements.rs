//! What each statement of the Python subset lowers to.

mod common;

use common::Bench;
use pyhdl_frontend::ElabProcessKind;

#[track_caller]
fn check(source: &str, lowered: &str) {
    let mut bench = Bench::usual();
    bench.int("K", 5).int("ZERO", 0).tuple("ROM", &[1, 2]);
    bench.list("mem", 8, 4);
    assert_eq!(bench.comb(source).text(), lowered, "{source}");
}

#[test]
fn if_elif_else_becomes_one_statement() {
    check(
        "if f:\n    q.next = 1\nelif a > 3:\n    q.next = 0\nelse:\n    q.next = g",
        "if f\n  q <- 1\nif (gt a 3)\n  q <- 0\nelse\n  q <- g",
    );
    check("if a:\n    q.next = 1", "if (truth a)\n  q <- 1");
    check("if not a:\n    q.next = 1", "if (eq a 0)\n  q <- 1");
}

#[test]
fn what_elaboration_knows_leaves_no_if() {
    check("if K == 5:\n    q.next = 1\nelse:\n    q.next = undefined", "q <- 1");
    check("if ZERO:\n    q.next = undefined\nelif f:\n    q.next = 0", "if f\n  q <- 0");
    check("if f:\n    q.next = 0\nelif True:\n    q.next = 1", "if f\n  q <- 0\nelse\n  q <- 1");
    check("if K & 1:\n    q.next = 1", "q <- 1");
    // What is there for debugging is no hardware; with an `else` it is a choice that is settled.
    check("if __debug__:\n    q.next = 1", "");
    check("if __debug__:\n    q.next = 1\nelse:\n    q.next = 0", "q <- 1");
    check("if ZERO:\n    q.next = 1", "");
}

#[test]
fn match_collects_its_patterns() {
    check(
        "match a:\n    case 0:\n        z.next = 1\n    case 1 | 2:\n        z.next = 2\n    case _:\n        z.next = 3",
        "match a\ncase 0\n  z <- 1\ncase 1|2\n  z <- 2\ncase _\n  z <- 3",
    );
    check(
        "match e:\n    case t.IDLE:\n        q.next = 0\n    case t.RUN | t.DONE:\n        q.next = 1",
        "match e\ncase 0\n  q <- 0\ncase 1|2\n  q <- 1",
    );
    check("match s:\n    case -1:\n        q.next = 1", "match s\ncase -1\n  q <- 1");
    check("match a:\n    case _:\n        q.next = 1", "q <- 1");
}

#[test]
fn a_value_of_an_earlier_case_is_not_in_a_later_one() {
    check(
        "match a:\n    case 0 | 1:\n        z.next = 1\n    case 1 | 2:\n        z.next = 2\n    case 0:\n        z.next = 3",
        "match a\ncase 0|1\n  z <- 1\ncase 2\n  z <- 2",
    );
}

#[test]
fn match_of_a_bool_knows_true_and_false() {
    check(
        "match f:\n    case True:\n        z.next = 1\n    case False:\n        z.next = 2",
        "match f\ncase 1\n  z <- 1\ncase 0\n  z <- 2",
    );
}

#[test]
fn guards_become_conditions() {
    check(
        "match a:\n    case 0 if f:\n        z.next = 1\n    case 1 | 2 if g:\n        z.next = 2\n    case _:\n        z.next = 3",
        "if (land (eq a 0) f)\n  z <- 1\nif (land (lor (eq a 1) (eq a 2)) g)\n  z <- 2\nelse\n  z <- 3",
    );
    // `_` with a guard takes everything that the guard takes.
    check(
        "match a:\n    case _ if f:\n        z.next = 1\n    case 3:\n        z.next = 2",
        "if f\n  z <- 1\nif (eq a 3)\n  z <- 2",
    );
    check(
        "match a:\n    case 1 | _ if f:\n        z.next = 1\n    case 2 | _:\n        z.next = 2",
        "if f\n  z <- 1\nelse\n  z <- 2",
    );
    check("match e:\n    case t.RUN if f:\n        z.next = 1", "if (land (eq e RUN) f)\n  z <- 1");
}

#[test]
fn loops_over_ranges() {
    check("for i in range(4):\n    q.next = a[i]", "for i 0 4 1\n  q <- (bit a i)");
    check("for i in range(1, 4):\n    q.next = a[i]", "for i 1 4 1\n  q <- (bit a i)");
    check("for i in range(7, -1, -2):\n    q.next = a[i]", "for i 7 -1 -2\n  q <- (bit a i)");
    check("for i in downrange(8):\n    q.next = a[i]", "for i 7 -1 -1\n  q <- (bit a i)");
    check("for i in downrange(8, 4):\n    q.next = a[i]", "for i 7 3 -1\n  q <- (bit a i)");
    check("for i in downrange(8, 0, 2):\n    q.next = a[i]", "for i 7 -1 -2\n  q <- (bit a i)");
    check("for i in range(c):\n    q.next = a[i]", "for i 0 c 1\n  q <- (bit a i)");
}

#[test]
fn loop_variables_have_the_values_of_their_rounds() {
    let local = |source: &str, name: &str| Bench::usual().comb(source).local(name);
    assert_eq!(local("for i in range(4):\n    z.next = i", "i"), "0..3");
    assert_eq!(local("for i in range(7, -1, -2):\n    z.next = i", "i"), "1..7");
    assert_eq!(local("for i in range(5, 2, -1):\n    z.next = i", "i"), "3..5");
    assert_eq!(local("for i in range(c):\n    z.next = i", "i"), "0..6");
    assert_eq!(local("for i in range(3, 3):\n    z.next = i", "i"), "0..0");
    assert_eq!(local("n = 0\nfor i in range(10):\n    if a[3]:\n        n += 1", "n"), "0..10");
    assert_eq!(local("n = 1\nfor i in range(8):\n    n = n * 2", "n"), "1..256");
    assert_eq!(local("n = 0\nfor i in range(10):\n    n += i\n    if i == 3:\n        break", "n"), "0..6");
}

#[test]
fn loops_over_elements_are_unrolled() {
    check("for x in (a, b):\n    q.next = x > 3", "q <- (gt a 3)\nq <- (gt b 3)");
    check("for i, x in enumerate((a, 7), 2):\n    z.next = x + i", "z <- (add a 2)\nz <- 10");
    check("for x, k in zip((a, b), (1, 2, 3)):\n    z.next = x & k", "z <- (and a 1)\nz <- (and b 2)");
    check("for k in reversed((1, 2)):\n    q.next = a[k]", "q <- (bit a 2)\nq <- (bit a 1)");
    check("for k in (1, 2, 3, 4)[3:0:-2]:\n    q.next = a[k]", "q <- (bit a 4)\nq <- (bit a 2)");
    check("for k in ():\n    q.next = 1", "");
    // Where a jump needs a loop, the rounds are the cases of one.
    check(
        "for k in (3, 5):\n    if a[k]:\n        break\n    q.next = b[k]",
        "for k_index 0 2 1\n  match k_index\n  case 0\n    if (bit a 3)\n      break\n    q <- (bit b 3)\n  case 1\n    \
         if (bit a 5)\n      break\n    q <- (bit b 5)",
    );
    // The elements are there before the first round, whatever the rounds do.
    check(
        "v = int(a)\nfor x in (v, 1):\n    v = x + 1",
        "%v <- a\n%x_value <- v\n%v <- (add x_value 1)\n%v <- 2",
    );
}

#[test]
fn the_else_of_a_loop_asks_whether_it_was_left() {
    check(
        "for i in range(4):\n    if a[i]:\n        break\nelse:\n    q.next = 1",
        "%loop_left <- False\nfor i 0 4 1\n  if (bit a i)\n    %loop_left <- True\n    break\n\
         if (not loop_left)\n  q <- 1",
    );
    check("for k in (1, 2):\n    z.next = k\nelse:\n    q.next = 1", "z <- 1\nz <- 2\nq <- 1");
}

#[test]
fn an_assignment_in_an_expression_comes_before_its_statement() {
    check("z.next = (x := a & 3) + x", "%x <- (and a 3)\nz <- (add x x)");
    check(
        "if f and (x := a & 3) > 1:\n    z.next = x",
        "if f\n  %x <- (and a 3)\nelse\n  %x <- 0\nif (land f (gt x 1))\n  z <- x",
    );
    check(
        "x = 9\nif f:\n    q.next = 1\nelif (x := a & 3) > 1:\n    z.next = x",
        "%x <- 9\nif f\n  q <- 1\nelse\n  %x <- (and a 3)\n  if (gt x 1)\n    z <- x",
    );
}

#[test]
fn lists_of_a_process_have_the_range_of_their_elements() {
    let local = |source: &str, name: &str| Bench::usual().comb(source).local(name);
    assert_eq!(local("t = [0, int(a)]\nt[0] = 300\nz.next = t[c]", "t"), "0..300");
    assert_eq!(local("t = [0] * 3\nfor i in range(5):\n    t[0] = t[1] + 2\n    t[1] = t[0]", "t"), "0..10");
    // Elements that are settled and stay are a table.
    check("t = [1, 2]\nz.next = t[1] + a", "z <- (add 2 a)");
}

#[test]
fn loops_in_which_a_value_shrinks_come_to_an_end() {
    let source = "x = int(a)\nn = 0\nwhile x:\n    x >>= 1\n    n += 1\nz.next = n";
    let out = Bench::usual().comb(source);
    assert_eq!(out.local("n"), "0..8");
    assert_eq!(out.local("x"), "0..255");
}

#[test]
fn while_break_and_continue() {
    check(
        "i = 0\nwhile i < 8:\n    i += 1\n    if a[i]:\n        continue\n    if f:\n        break\n    q.next = 1",
        "%i <- 0\nwhile (lt i 8)\n  %i <- (add i 1)\n  if (bit a i)\n    continue\n  if f\n    break\n  q <- 1",
    );
    let out = Bench::usual().comb("i = 0\nwhile i < 8:\n    i += 1\nz.next = i");
    assert_eq!(out.local("i"), "0..8");
}

#[test]
fn return_ends_a_process() {
    check("if f:\n    return\nq.next = 1", "if f\n  return\nq <- 1");
    check("if f:\n    return None\nq.next = 1", "if f\n  return\nq <- 1");
}

#[test]
fn signals_bits_slices_and_memory_elements_are_targets() {
    check("z.next = a", "z <- a");
    check("z.next[3] = f", "z[3] <- f");
    check("z.next[c] = f", "z[c] <- f");
    check("z.next[8:4] = c", "z[4 +4] <- c");
    check("z.next[4:] = c", "z[0 +4] <- c");
    check("z.next[c+2:c] = 1", "z[c +2] <- 1");
    check("z.next[:] = a", "z <- a");
    check("mem[c].next = 3", "mem@c <- 3");
    check("mem[2].next = 3", "mem_2 <- 3");
    check("mem[-1].next = 3", "mem_7 <- 3");
    check("mem[c].next[2] = f", "mem@c[2] <- f");
    check("z.next, q.next = a, f", "z <- a\nq <- f");
    check("z.next = y.next = a", "z <- a\ny <- a");
    check("z.next: int = a", "z <- a");
}

#[test]
fn augmented_assignment_of_locals() {
    check("n = 3\nn += a\ny.next = n", "%n <- 3\n%n <- (add n a)\ny <- n");
    check("n = 3\nn <<= 2\ny.next = n", "%n <- 3\n%n <- (shiftleft n 2)\ny <- n");
    check("n = 3\nn //= 2\ny.next = n", "%n <- 3\n%n <- (floordiv n 2)\ny <- n");
    check("v = intbv(0)[8:]\nv[3] |= f\ny.next = v", "%v <- 0\n%v[3] <- (or (bit v 3) f)\ny <- v");
    check("v = intbv(0)[8:]\nv[4:] += 1\ny.next = v", "%v <- 0\n%v[0 +4] <- (add (slice4 v 0) 1)\ny <- v");
}

#[test]
fn locals_have_the_types_of_what_is_assigned() {
    let local = |source: &str| Bench::usual().comb(source).local("v");
    assert_eq!(local("v = a + 1"), "1..256");
    assert_eq!(local("v = f"), "bool");
    assert_eq!(local("v = t.IDLE"), "enum0");
    assert_eq!(local("v = 3\nif f:\n    v = -2"), "-2..3");
    assert_eq!(local("v = intbv(0)[8:]"), "intbv8 0..255");
    assert_eq!(local("v = intbv(0, min=-3, max=10)\nv[:] = s"), "intbv5 -3..9");
    assert_eq!(local("v = modbv(0, min=0, max=16)\nv[:] = a"), "modbv4 0..15");
    // A bool that becomes an int was an int all along.
    assert_eq!(local("v = f\nif g:\n    v = 7"), "0..7");
}

#[test]
fn a_chained_assignment_computes_its_value_once() {
    // Python: both get the value that was there before.
    check("n = 1\nn = m = n + 1\ny.next = n + m", "%n <- 1\n%n <- (add n 1)\n%m <- n\ny <- (add n m)");
    check("n = 1\nz.next = n = n + 1\ny.next = n", "%n <- 1\nz <- (add n 1)\n%n <- (add n 1)\ny <- n");
}

#[test]
fn tuples_of_locals_are_assigned_at_once() {
    check("m, n = a, b\ny.next = m + n", "%m <- a\n%n <- b\ny <- (add m n)");
    check(
        "m = 1\nn = 2\nm, n = n, m + n\ny.next = m",
        "%m <- 1\n%n <- 2\n%n_new <- (add m n)\n%m <- n\n%n <- n_new\ny <- m",
    );
}

#[test]
fn asserts_keep_their_messages() {
    check("assert a < 5, 'too large'", "assert (lt a 5) \"too large\"");
    check("assert a < 5, 'not %d' % a", "assert (lt a 5) \"not \" a:decimal0right");
    check("assert f", "assert f");
}

#[test]
fn asserts_narrow_what_follows() {
    let out = Bench::usual().comb("assert a < 5\nv = a + 1\ny.next = v");
    assert_eq!(out.local("v"), "1..5");
}

#[test]
fn prints_are_texts_and_values() {
    check("print('x', a, f)", "print \"x \" a:vector8 \" \" f:plain \"\\n\"");
    check("print(a, end='')", "print a:vector8");
    check("print()", "print \"\\n\"");
    check("print('%d and %04x' % (a, s))", "print a:decimal0right \" and \" s:hex4zeros \"\\n\"");
    check("print('100%% %s' % e)", "print \"100% \" e:plain \"\\n\"");
    check("print(f'n={int(a):3d} {a}')", "print \"n=\" a:decimal3right \" \" a:vector8 \"\\n\"");
    check("print(f'{int(a):08b}', sep='-')", "print a:binary8zeros \"\\n\"");
    check("print(f'{{}} {K}')", "print \"{} \" 5:plain \"\\n\"");
}

#[test]
fn docstrings_and_strings_become_documentation_and_comments() {
    let out = Bench::usual().comb("\"\"\"Adds.\n\n      Slowly.\n    \"\"\"\n'then'\nq.next = 1");
    assert_eq!(out.process().doc.as_deref(), Some("Adds.\n\nSlowly."));
    assert_eq!(out.text(), "# then\nq <- 1");
}

#[test]
fn empty_bodies_lower_to_nothing() {
    for body in ["pass", "'only a docstring'", "return", "..."] {
        let out = Bench::usual().process(ElabProcessKind::Instance, body).run();
        assert!(matches!(out.text().as_str(), "" | "return"), "{body}");
    }
}

#[test]
fn a_match_of_all_values_assigns_on_every_path() {
    let out = Bench::usual().comb(
        "match e:\n    case t.IDLE | t.RUN:\n        v = 1\n    case t.DONE:\n        v = 2\ny.next = v",
    );
    assert_eq!(out.local("v"), "1..2");
    let out = Bench::usual()
        .comb("match c[2:]:\n    case 0 | 1:\n        v = 1\n    case 2 | 3:\n        v = 2\ny.next = v");
    assert_eq!(out.local("v"), "1..2");
    Bench::usual()
        .comb("match c[2:]:\n    case 0 | 1:\n        v = 1\n    case 2:\n        v = 2\ny.next = v")
        .refused(305, 7, "`v` may have no value here", "assign it before this line on every path");
}
