//! What assignments, expressions and prints of lowered code do. Texts of exceptions and values were printed by
//! MyHDL 0.11.52 on CPython 3.11 for the Python in the comments.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::*;
use num_bigint::BigInt;
use pyhdl_ir::*;
use pyhdl_sim::*;

fn bits(width: u32, min: i64, max: i64, wraps: bool) -> StorageType {
    StorageType::Bits(BitsType { width, min: min.into(), max: max.into(), wraps })
}

fn slice(low: i64, width: u32) -> Option<Part> {
    Some(Part::Slice { low: c(low), width })
}

fn bit(index: i64) -> Option<Part> {
    Some(Part::Bit(c(index)))
}

/// Assigns to a signal of a type, initially `init`; gives the value, or the exception and its text.
fn assigned(ty: StorageType, init: i64, part: Option<Part>, value: Expr) -> Result<Value, String> {
    let mut b = Builder::new();
    let s = b.signal("s", ty, init);
    b.thread(vec![assign(Place::Signal(s), part, value), delay(1)]);
    let (mut simulation, mut host) = b.simulate();
    match simulation.run(&mut host, None) {
        Ok(_) => Ok(simulation.store().get(s)),
        Err(SimError::OutOfBounds { message, .. }) => Err(format!("bounds: {message}")),
        Err(SimError::Python { exception, message, .. }) => Err(format!("{exception}: {message}")),
        Err(other) => panic!("{other}"),
    }
}

fn err(text: &str) -> Result<Value, String> {
    Err(text.to_owned())
}

#[test]
fn intbv_refuses_what_is_out_of_bounds() {
    let u8_ = || bits(8, 0, 255, false);
    assert_eq!(assigned(u8_(), 0, None, c(255)), Ok(Value::Int(255)));
    assert_eq!(assigned(u8_(), 0, None, c(256)), err("bounds: intbv value 256 >= maximum 256"));
    assert_eq!(assigned(u8_(), 0, None, c(-1)), err("bounds: intbv value -1 < minimum 0"));
    assert_eq!(assigned(bits(4, -8, 5, false), 0, None, c(6)), err("bounds: intbv value 6 >= maximum 6"));
    let wide = StorageType::Bits(BitsType::unsigned(70));
    let big: BigInt = BigInt::from(1) << 70;
    assert_eq!(assigned(wide.clone(), 0, None, c(&big - 1)), Ok(Value::from(&big - 1)));
    assert_eq!(
        assigned(wide, 0, None, c(big)),
        err("bounds: intbv value 1180591620717411303424 >= maximum 1180591620717411303424")
    );
}

#[test]
fn modbv_wraps() {
    assert_eq!(assigned(bits(8, 0, 255, true), 0, None, c(257)), Ok(Value::Int(1)));
    assert_eq!(assigned(bits(4, -8, 7, true), 0, None, c(-9)), Ok(Value::Int(7)));
    // `modbv(0, -8, 8)[4:0] = 15` and `[3] = 1`
    assert_eq!(assigned(bits(4, -8, 7, true), 0, slice(0, 4), c(15)), Ok(Value::Int(-1)));
    assert_eq!(assigned(bits(4, -8, 7, true), 0, bit(3), c(1)), Ok(Value::Int(-8)));
}

#[test]
fn a_bool_signal_takes_0_and_1_and_keeps_the_object() {
    assert_eq!(assigned(StorageType::Bool, 0, None, c(1)).unwrap().to_string(), "1");
    assert_eq!(assigned(StorageType::Bool, 0, None, boolean(true)).unwrap().to_string(), "True");
    assert_eq!(
        assigned(StorageType::Bool, 0, None, c(2)),
        err("ValueError: Expected boolean value, got 2 (<class 'int'>)")
    );
    assert_eq!(
        assigned(StorageType::Bool, 0, None, c(-1)),
        err("ValueError: Expected boolean value, got -1 (<class 'int'>)")
    );
    // An equal value is no update: `True` stays.
    assert_eq!(assigned(StorageType::Bool, 1, None, c(1)).unwrap().to_string(), "True");
}

#[test]
fn bits_of_an_intbv_are_assigned_like_in_python() {
    let u8_ = || bits(8, 0, 255, false);
    assert_eq!(assigned(u8_(), 5, bit(1), c(1)), Ok(Value::Int(7)));
    assert_eq!(assigned(u8_(), 5, bit(0), boolean(false)), Ok(Value::Int(4)));
    assert_eq!(assigned(u8_(), 5, bit(9), c(0)), Ok(Value::Int(5)));
    assert_eq!(assigned(u8_(), 0, bit(9), c(1)), err("bounds: intbv value 512 >= maximum 256"));
    assert_eq!(assigned(u8_(), 0, bit(-1), c(1)), err("ValueError: negative shift count"));
    assert_eq!(
        assigned(u8_(), 0, bit(1), c(2)),
        err("ValueError: intbv[i] = v requires v in (0, 1)\n            i == 1 ")
    );
    let wide = StorageType::Bits(BitsType::unsigned(70));
    assert_eq!(assigned(wide, 0, bit(69), c(1)), Ok(Value::from(BigInt::from(1) << 69)));
}

#[test]
fn slices_of_an_intbv_are_assigned_like_in_python() {
    let u8_ = || bits(8, 0, 255, false);
    assert_eq!(assigned(u8_(), 0xff, slice(2, 3), c(2)), Ok(Value::Int(0xeb)));
    assert_eq!(
        assigned(u8_(), 0, slice(0, 4), c(16)),
        err("ValueError: intbv[i:j] = v abs(v) too large\n            i, j, v == 4, 0, 16")
    );
    assert_eq!(
        assigned(u8_(), 0, slice(0, 4), c(-17)),
        err("ValueError: intbv[i:j] = v abs(v) too large\n            i, j, v == 4, 0, -17")
    );
    assert_eq!(assigned(u8_(), 0, slice(0, 4), c(-1)), err("bounds: intbv value -1 < minimum 0"));
    // The sign bits of a negative value go into all higher bits.
    assert_eq!(assigned(bits(4, -8, 7, false), 4, slice(0, 2), c(-1)), Ok(Value::Int(-1)));
    assert_eq!(
        assigned(u8_(), 0, slice(-1, 5), c(1)),
        err("ValueError: intbv[i:j] = v requires j >= 0\n            j == -1")
    );
    assert_eq!(assigned(u8_(), 0, slice(6, 4), c(15)), err("bounds: intbv value 960 >= maximum 256"));
    let wide = StorageType::Bits(BitsType::unsigned(80));
    assert_eq!(
        assigned(wide, 1, slice(64, 16), c(0xffff)),
        Ok(Value::from((BigInt::from(0xffff) << 64) + 1))
    );
}

#[test]
fn slice_assignments_build_on_the_next_value_and_not_on_the_current_one() {
    let mut b = Builder::new();
    let s = b.bits("s", 8);
    b.thread(vec![
        next(s, c(0xf0)),
        assign(Place::Signal(s), slice(0, 4), c(5)),
        assign(Place::Signal(s), bit(7), c(0)),
        show("", vec![sig(s)]),
        delay(1),
        show("", vec![sig(s)]),
    ]);
    assert_eq!(b.lines(), [" 0 0", " 117 1"]);
}

#[test]
fn memories_and_tables_are_indexed_like_python_lists() {
    let element = |index: i64| {
        let mut b = Builder::new();
        let elements: Vec<_> =
            (0..3).map(|i| b.signal("m", StorageType::Bits(BitsType::unsigned(8)), 10 + i)).collect();
        let home = b.design.top();
        let memory = b.design.memories.push(Memory {
            name: "m".into(),
            home,
            elements: elements.clone(),
            span: span(),
        });
        let table =
            b.design.tables.push(Table { name: "t".into(), entries: vec![20.into(), 21.into(), 22.into()] });
        let read = expr(ExprKind::MemoryRead { memory, index: Box::new(c(index)) });
        let entry = expr(ExprKind::TableRead { table, index: Box::new(c(index)) });
        b.thread(vec![
            show("t", vec![entry]),
            assign(Place::Memory { memory, index: c(index) }, slice(4, 4), c(1)),
            assign(Place::Memory { memory, index: c(index) }, bit(0), c(1)),
            delay(1),
            show("m", vec![read]),
        ]);
        b
    };
    // 10 = 0b1010 becomes 0b11011
    assert_eq!(element(0).lines(), ["t 20 0", "m 27 1"]);
    assert_eq!(element(-1).lines(), ["t 22 0", "m 29 1"]);
    for index in [3, -4] {
        match element(index).error() {
            SimError::Python { exception, message, .. } => {
                assert_eq!((&*exception, message.as_str()), ("IndexError", "tuple index out of range"));
            }
            other => panic!("{other}"),
        }
        let mut b = element(index);
        b.design.processes[ProcessId::from_usize(0)].body.remove(0);
        match b.error() {
            SimError::Python { exception, message, .. } => {
                assert_eq!((&*exception, message.as_str()), ("IndexError", "list index out of range"));
            }
            other => panic!("{other}"),
        }
    }
}

/// Evaluates in a thread and gives the printed text, or the exception.
fn evaluated(value: Expr) -> String {
    let mut b = Builder::new();
    b.thread(vec![show("", vec![value])]);
    let (mut simulation, mut host) = b.simulate();
    match simulation.run(&mut host, None) {
        Ok(_) => host.lines[0].trim_end_matches(" 0").trim().to_owned(),
        Err(SimError::Python { exception, message, .. }) => format!("{exception}: {message}"),
        Err(SimError::Diagnostic(d)) => d.code.to_string(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn expressions_have_pythons_values_and_errors() {
    let bit = |v, i| expr(ExprKind::Bit { value: Box::new(c(v)), index: Box::new(c(i)) });
    let slice = |v, low, width| expr(ExprKind::Slice { value: Box::new(c(v)), low: Box::new(c(low)), width });
    let concat = |parts: &[(i64, u32)]| {
        let parts = parts.iter().map(|&(v, width)| ConcatPart { value: c(v), width }).collect();
        expr(ExprKind::Concat(parts))
    };
    let select = |condition| {
        let zero = bin(BinaryOp::FloorDiv, c(1), c(0));
        expr(ExprKind::Select {
            condition: Box::new(condition),
            then: Box::new(c(7)),
            otherwise: Box::new(zero),
        })
    };
    let or = |a, b| expr(ExprKind::Logic(LogicOp::Or, Box::new(a), Box::new(b)));
    assert_eq!(evaluated(bit(-5, 99)), "True");
    assert_eq!(evaluated(bit(5, 1)), "False");
    assert_eq!(evaluated(bit(5, -1)), "ValueError: negative shift count");
    assert_eq!(evaluated(slice(-1, 2, 3)), "7");
    assert_eq!(evaluated(slice(0xa5, 4, 4)), "10");
    assert_eq!(evaluated(slice(5, -1, 5)), "ValueError: intbv[i:j] requires j >= 0\n            j == -1");
    assert_eq!(evaluated(concat(&[(-1, 4), (0, 2), (5, 3)])), "485");
    assert_eq!(evaluated(concat(&[(-1, 64), (1, 64)])), "340282366920938463444927863358058659841");
    assert_eq!(evaluated(expr(ExprKind::Signed { value: Box::new(c(0xf9)), width: 8 })), "-7");
    assert_eq!(evaluated(expr(ExprKind::Unsigned { value: Box::new(c(-7)), width: 8 })), "249");
    assert_eq!(evaluated(select(boolean(true))), "7");
    assert_eq!(evaluated(select(boolean(false))), "ZeroDivisionError: integer division or modulo by zero");
    assert_eq!(evaluated(bin(BinaryOp::Mod, c(5), c(0))), "ZeroDivisionError: integer modulo by zero");
    assert_eq!(evaluated(or(boolean(true), bin(BinaryOp::Mod, c(5), c(0)))), "True");
    assert_eq!(evaluated(bin(BinaryOp::ShiftLeft, c(1), c(1_000_000_000_000i64))), "PH0602");
    assert_eq!(evaluated(bin(BinaryOp::Pow, c(2), c(-1))), "PH0603");
    assert_eq!(evaluated(add(boolean(true), boolean(true))), "2");
    assert_eq!(
        evaluated(bin(BinaryOp::Mul, c(i64::MAX), c(i64::MAX))),
        "85070591730234615847396907784232501249"
    );
}

#[test]
fn a_variable_that_was_not_assigned_is_an_error() {
    let mut b = Builder::new();
    b.thread_with(&[any_int()], vec![show("", vec![var(0)])]);
    match b.error() {
        SimError::Python { exception, message, .. } => {
            assert_eq!(exception, "UnboundLocalError");
            assert_eq!(message, "cannot access local variable 'v0' where it is not associated with a value");
        }
        other => panic!("{other}"),
    }
}

/// `total = 0; for i in range(10, -1, -3): if i == 4: continue; total += i; if total > 16: break` then
/// `while total < 100: total *= 2` prints `17 1 136`.
#[test]
fn loops_break_and_continue() {
    let mut b = Builder::new();
    let eq = |n: i64| cmp(CompareOp::Eq, var(0), c(n));
    b.thread_with(
        &[any_int(), any_int()],
        vec![
            set(1, c(0)),
            stmt(StmtKind::For {
                var: local(0),
                start: c(10),
                stop: c(-1),
                step: (-3).into(),
                body: vec![
                    iff(eq(4), vec![stmt(StmtKind::Continue)]),
                    set(1, add(var(1), var(0))),
                    iff(cmp(CompareOp::Gt, var(1), c(16)), vec![stmt(StmtKind::Break)]),
                ],
            }),
            show("", vec![var(1), var(0)]),
            stmt(StmtKind::While {
                condition: cmp(CompareOp::Lt, var(1), c(100)),
                body: vec![set(1, bin(BinaryOp::Mul, var(1), c(2)))],
            }),
            show("", vec![var(1)]),
        ],
    );
    assert_eq!(b.lines(), [" 17 7 0", " 136 0"]);
}

#[test]
fn a_match_takes_the_first_arm_that_fits() {
    for guarded in [false, true] {
        let mut b = Builder::new();
        let arm = |patterns: &[i64], guard: Option<Expr>, text| MatchArm {
            patterns: patterns.iter().map(|p| BigInt::from(*p)).collect(),
            guard,
            body: vec![say(text)],
            span: span(),
        };
        let mut arms = vec![arm(&[1, 2], None, "low"), arm(&[5], None, "five"), arm(&[-3], None, "minus")];
        if guarded {
            let not_two = cmp(CompareOp::Ne, var(0), c(2));
            arms.insert(0, arm(&[1, 2], Some(not_two), "guarded"));
        }
        let body = vec![stmt(StmtKind::Match { subject: var(0), arms, otherwise: vec![say("other")] })];
        let range = StmtKind::For { var: local(0), start: c(-3), stop: c(6), step: 1.into(), body };
        b.thread_with(&[any_int()], vec![stmt(range)]);
        let one = if guarded { "guarded 0" } else { "low 0" };
        let other = "other 0";
        assert_eq!(b.lines(), ["minus 0", other, other, other, one, "low 0", other, other, "five 0"]);
    }
}

#[test]
fn functions_have_frames_of_their_own_and_return_early() {
    let mut b = Builder::new();
    // def f(a, b): t = a - b; if t < 0: return -t; return t
    let difference = b.function(
        2,
        &[any_int(), any_int(), any_int()],
        vec![
            set(2, bin(BinaryOp::Sub, var(0), var(1))),
            iff(
                cmp(CompareOp::Lt, var(2), c(0)),
                vec![stmt(StmtKind::Return(Some(expr(ExprKind::Unary(UnaryOp::Negate, Box::new(var(2)))))))],
            ),
            stmt(StmtKind::Return(Some(var(2)))),
        ],
    );
    let call = |a, b| expr(ExprKind::Call { function: difference, args: vec![a, b] });
    b.thread_with(&[any_int()], vec![set(0, c(3)), show("", vec![call(var(0), call(c(1), c(10))), var(0)])]);
    assert_eq!(b.lines(), [" 6 3 0"]);
}

#[test]
fn endless_recursion_is_a_recursion_error() {
    let mut b = Builder::new();
    let f = b.function(0, &[], vec![]);
    b.design.functions[f].body = vec![stmt(StmtKind::Call { function: f, args: vec![] })];
    b.thread(vec![stmt(StmtKind::Call { function: f, args: vec![] })]);
    match b.error() {
        SimError::Python { exception, .. } => assert_eq!(exception, "RecursionError"),
        other => panic!("{other}"),
    }
}

#[test]
fn return_ends_one_activation_of_a_process_and_a_thread_for_good() {
    let mut b = Builder::new();
    let s = b.bool("s");
    let early = || vec![iff(sig(s), vec![say("early"), stmt(StmtKind::Return(None))]), say("late")];
    b.comb(&[s], early());
    b.thread(vec![say("thread"), stmt(StmtKind::Return(None)), say("never")]);
    b.thread(vec![delay(1), next(s, c(1)), delay(1), next(s, c(0)), delay(1), next(s, c(1))]);
    assert_eq!(b.lines(), ["thread 0", "late 0", "early 1", "late 2", "early 3"]);
}

#[test]
fn a_failed_assert_is_an_assertion_error_with_its_message() {
    let mut b = Builder::new();
    let q = b.int("q");
    let value = PrintPart::Value { value: sig(q), format: Format::Plain };
    let message = vec![PrintPart::Text("q is ".to_owned()), value];
    b.thread(vec![delay(3), stmt(StmtKind::Assert { condition: boolean(false), message })]);
    match b.error() {
        SimError::Python { exception, message, process, .. } => {
            assert_eq!((&*exception, message.as_str()), ("AssertionError", "q is 0"));
            assert_eq!(process.index(), 0);
        }
        other => panic!("{other}"),
    }
}

#[test]
fn enumerations_print_their_literals() {
    let mut b = Builder::new();
    let literals = vec!["IDLE".to_owned(), "RUN".to_owned()];
    let id = b.design.enums.push(EnumType { name: "t".into(), literals, encoding: Encoding::OneHot });
    let s = b.signal("s", StorageType::Enum(id), 0);
    let of_enum = |kind| Expr { kind, ty: Type::Enum(id), span: span() };
    b.thread(vec![
        show("", vec![of_enum(ExprKind::Signal(s))]),
        next(s, of_enum(ExprKind::EnumLiteral(id, 1))),
        delay(1),
        show("", vec![of_enum(ExprKind::Signal(s))]),
    ]);
    assert_eq!(b.lines(), [" IDLE 0", " RUN 1"]);
}

#[test]
fn a_negative_delay_is_a_type_error() {
    let mut b = Builder::new();
    b.thread(vec![delay(-1)]);
    match b.error() {
        SimError::Python { exception, message, .. } => {
            assert_eq!(exception, "TypeError");
            assert_eq!(message, "arg of delay constructor should be a natural integer");
        }
        other => panic!("{other}"),
    }
}

/// Random expressions, once printed (exact evaluation) and once assigned (evaluation in machine integers, where it
/// applies); the numbers are chosen around the limits of machine integers.
#[test]
fn evaluation_in_machine_integers_agrees_with_exact_evaluation() {
    struct Random(u64);
    impl Random {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) % n
        }
        fn pick<T: Copy>(&mut self, from: &[T]) -> T {
            from[self.below(from.len() as u64) as usize]
        }
        fn expr(&mut self, depth: u32) -> Expr {
            use BinaryOp::*;
            let numbers =
                [0, 1, 2, 3, 7, -1, -2, -5, 61, 62, 63, 64, 255, i64::MAX, i64::MIN, i64::MAX - 1, 1 << 62];
            if depth == 0 {
                return match self.below(4) {
                    0 => boolean(self.below(2) == 0),
                    _ => c(self.pick(&numbers)),
                };
            }
            let mut part = || Box::new(self.expr(depth - 1));
            let (a, b, d) = (part(), part(), part());
            let width = self.pick(&[1, 2, 5, 31, 61, 62, 63, 64, 65, 70]);
            expr(match self.below(12) {
                0 => ExprKind::Unary(
                    self.pick(&[UnaryOp::Negate, UnaryOp::Invert, UnaryOp::Abs, UnaryOp::Not]),
                    a,
                ),
                1 => ExprKind::Compare(self.pick(&[CompareOp::Eq, CompareOp::Lt, CompareOp::Ge]), a, b),
                2 => ExprKind::Logic(self.pick(&[LogicOp::And, LogicOp::Or]), a, b),
                3 => ExprKind::Select { condition: a, then: b, otherwise: d },
                4 => ExprKind::Bit { value: a, index: Box::new(c(width)) },
                5 => ExprKind::Slice { value: a, low: Box::new(c(self.below(70) as i64)), width },
                6 => ExprKind::Concat(vec![
                    ConcatPart { value: *a, width },
                    ConcatPart { value: *b, width: 3 },
                ]),
                7 => ExprKind::Signed { value: a, width },
                8 => ExprKind::Unsigned { value: a, width },
                _ => {
                    let ops = [Add, Sub, Mul, FloorDiv, Mod, ShiftLeft, ShiftRight, And, Or, Xor, Min, Max];
                    ExprKind::Binary(self.pick(&ops), a, b)
                }
            })
        }
    }
    let mut random = Random(1);
    let mut compared = 0;
    for case in 0..3000 {
        let value = add(random.expr(3), c(0));
        let mut b = Builder::new();
        let s = b.int("s");
        b.thread(vec![
            show("", vec![value.clone()]),
            next(s, value.clone()),
            delay(1),
            show("", vec![sig(s)]),
        ]);
        let (mut simulation, mut host) = b.simulate();
        if simulation.run(&mut host, None).is_ok() {
            let number = |line: &String| line.split_whitespace().next().unwrap().to_owned();
            assert_eq!(number(&host.lines[0]), number(&host.lines[1]), "case {case}: {value:?}");
            compared += 1;
        }
    }
    assert!(compared > 1000, "only {compared} expressions had a value");
}
