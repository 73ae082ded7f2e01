//! The textual form, compared with designs made by hand, and what is said about texts that are none.

use oxc_index::IndexVec;
use pyhdl_diag::{FileId, Span};
use pyhdl_ir::*;

use crate::read;

/// A register with reset that counts up; every part of the form that most designs have.
const COUNTER: &str = r#"
design 1
# The state, which nothing uses.
enum e0.t_state "t_state" onehot { "IDLE", "RUN" }
table t0 "square roots" { 0, -1, 340282366920938463463374607431768211456 }
scope i0.top "top" block "counter" params 2 at 2:0..10 {
  doc "Counts \"up\".\n"
  name "clk" s0.clk
  name "q" s1.q
  name "ram" m0.ram
  group "bus \"b\"" object "Stream" { "clk" s0.clk, "q" s1.q }
  group "both" list 1 2 { "0_0" s0.clk, "0_1" s1.q }
  port in "clk" s0.clk
  port out "q" s1.q at 4..8
  item p0.count
}
signal s0.clk "clk" home i0.top: bool = 0 at 4..7
signal s1.q "q" home i0.top: unsigned 8 wraps = 0 constant reset low async at 4..7
signal s2.x "x" home i0.top: bits 4 -3..5 = -2 at 4..7
memory m0.ram "ram" home i0.top { s1.q } at 4..7
process p0.count "count" in i0.top sequential(posedge s0.clk, reset s0.clk high sync targets { s1.q }) at 20..30 {
  foreign "reason"
  local l0.i "i": int 0..inf
  if (s1.q@1:3..4 < 200@5..6)@3..6 at 1..9 {
    s1.q slice(l0.i, 4)@2..3 = (s1.q + true):int 0..9 at 1..8
  } else {
    print("n", s1.q as hex 4 zeros) at 1..8
  }
}
constant at 2:9..14
"#;

fn span(file: usize, start: u32, end: u32) -> Span {
    Span::new(FileId::from_usize(file), start, end)
}

fn counter() -> Design {
    let (top, clk, q) = (ScopeId::from_usize(0), SignalId::from_usize(0), SignalId::from_usize(1));
    let i = LocalId::from_usize(0);
    let signal = |name: &str, ty, init: i32, constant, reset| Signal {
        name: name.into(),
        home: top,
        ty,
        init: init.into(),
        constant,
        floating: false,
        reset,
        span: span(2, 4, 7),
    };
    let byte = Range::new(0, 255);
    let read_q = |span| Expr { kind: ExprKind::Signal(q), ty: Type::Int(byte.clone()), span };
    let (all, inner) = (span(1, 1, 9), span(1, 1, 8));
    let condition = Expr {
        kind: ExprKind::Compare(
            CompareOp::Lt,
            Box::new(read_q(span(1, 3, 4))),
            Box::new(Expr {
                kind: ExprKind::Const(200.into()),
                ty: Type::Int(Range::exactly(200)),
                span: span(1, 5, 6),
            }),
        ),
        ty: Type::Bool,
        span: span(1, 3, 6),
    };
    let low =
        Expr { kind: ExprKind::Local(i), ty: Type::Int(Range { lo: Some(0.into()), hi: None }), span: inner };
    let truth = Expr { kind: ExprKind::Const(1.into()), ty: Type::Bool, span: inner };
    let assign = StmtKind::Assign {
        target: Target {
            place: Place::Signal(q),
            part: Some(Part::Slice { low, width: 4 }),
            span: span(1, 2, 3),
        },
        value: Expr {
            kind: ExprKind::Binary(BinaryOp::Add, Box::new(read_q(inner)), Box::new(truth)),
            ty: Type::Int(Range::new(0, 9)),
            span: inner,
        },
    };
    let format = Format::Number { base: Base::Hex, width: 4, pad: Pad::Zeros };
    let print =
        StmtKind::Print(vec![PrintPart::Text("n".into()), PrintPart::Value { value: read_q(inner), format }]);
    let branch = StmtKind::If {
        arms: vec![(condition, vec![Stmt { kind: assign, span: inner }])],
        otherwise: vec![Stmt { kind: print, span: inner }],
    };
    let polarity = |active_high, asynchronous| ResetPolarity { active_high, asynchronous };
    Design {
        scopes: IndexVec::from_vec(vec![Scope {
            name: "top".into(),
            block: "counter".into(),
            parent: None,
            items: vec![Item::Process(ProcessId::from_usize(0))],
            names: vec![
                ("clk".into(), Visible::Signal(clk)),
                ("q".into(), Visible::Signal(q)),
                ("ram".into(), Visible::Memory(MemoryId::from_usize(0))),
            ],
            params: 2,
            groups: vec![
                Group {
                    name: "bus \"b\"".into(),
                    kind: GroupKind::Object { class: "Stream".into() },
                    members: vec![("clk".into(), clk), ("q".into(), q)],
                },
                Group {
                    name: "both".into(),
                    kind: GroupKind::List { dimensions: vec![1, 2] },
                    members: vec![("0_0".into(), clk), ("0_1".into(), q)],
                },
            ],
            ports: vec![
                Port { name: "clk".into(), signal: clk, direction: Direction::In, span: None },
                Port { name: "q".into(), signal: q, direction: Direction::Out, span: Some(span(2, 4, 8)) },
            ],
            doc: Some("Counts \"up\".\n".into()),
            span: span(2, 0, 10),
            instance: None,
        }]),
        signals: IndexVec::from_vec(vec![
            signal("clk", StorageType::Bool, 0, false, None),
            signal(
                "q",
                StorageType::Bits(BitsType { width: 8, min: 0.into(), max: 255.into(), wraps: true }),
                0,
                true,
                Some(polarity(false, true)),
            ),
            signal(
                "x",
                StorageType::Bits(BitsType { width: 4, min: (-3).into(), max: 5.into(), wraps: false }),
                -2,
                false,
                None,
            ),
        ]),
        memories: IndexVec::from_vec(vec![Memory {
            name: "ram".into(),
            home: top,
            elements: vec![q],
            span: span(2, 4, 7),
        }]),
        tables: IndexVec::from_vec(vec![Table {
            name: "square roots".into(),
            entries: vec![0.into(), (-1).into(), num_bigint::BigInt::from(1) << 128],
        }]),
        enums: IndexVec::from_vec(vec![EnumType {
            name: "t_state".into(),
            literals: vec!["IDLE".into(), "RUN".into()],
            encoding: Encoding::OneHot,
        }]),
        processes: IndexVec::from_vec(vec![Process {
            name: "count".into(),
            scope: top,
            kind: ProcessKind::Sequential {
                clock: clk,
                rising: true,
                reset: Some(Reset { signal: clk, polarity: polarity(true, false), targets: vec![q] }),
            },
            locals: IndexVec::from_vec(vec![Local::new(
                "i",
                StorageType::Int(Range { lo: Some(0.into()), hi: None }),
            )]),
            body: vec![Stmt { kind: branch, span: all }],
            foreign: Some("reason".into()),
            doc: None,
            span: span(2, 20, 30),
        }]),
        functions: IndexVec::new(),
        constants: [span(2, 9, 14)].into(),
    }
}

#[test]
fn a_text_reads_as_the_design_made_by_hand() {
    assert_eq!(read(COUNTER), counter());
}

#[test]
fn a_design_prints_as_the_text_written_by_hand() {
    let comment = "# The state, which nothing uses.\n";
    assert_eq!(counter().to_text(), COUNTER.trim_start().replace(comment, ""));
}

#[test]
fn an_empty_design_is_one_line() {
    assert_eq!(Design::default().to_text(), "design 1\n");
    assert_eq!(read("design 1"), Design::default());
}

#[test]
fn a_deep_hierarchy_prints_and_reads_without_recursion() {
    let mut text = String::from("design 1\nscope i0 \"a\" block \"b\" params 0 at 0:0..0 {}\n");
    for i in 1..20_000 {
        text += &format!("scope i{i} \"a\" block \"b\" parent i{} params 0 at 0..0 {{}}\n", i - 1);
    }
    let design = read(&text);
    assert_eq!(design.scopes.len(), 20_000);
    assert_eq!(text::parse(&design.to_text()), Ok(design));
}

/// Line, column and message of what is wrong.
fn error(text: &str) -> (u32, u32, String) {
    let e = text::parse(text).unwrap_err();
    (e.line, e.column, e.message)
}

/// A process with this body.
fn with_body(body: &str) -> String {
    format!(
        "design 1\nsignal s0.a \"a\" home i0: bool = 0 at 0:0..1\nprocess p0.p \"p\" in i0 thread at 0..1 {{\n{body}\n}}\n"
    )
}

#[test]
fn an_empty_text_is_no_design() {
    assert_eq!(error(""), (1, 1, "expected `design`, found the end of the text".into()));
}

#[test]
fn another_version_is_refused() {
    assert_eq!(error("design 2\n"), (1, 8, "expected `1`, found `2`".into()));
}

#[test]
fn a_cut_text_is_refused_at_its_end() {
    assert_eq!(
        error("design 1\ntable t0 \"é\" { 1,\n"),
        (3, 1, "expected a number, found the end of the text".into())
    );
}

#[test]
fn columns_count_characters() {
    assert_eq!(error("design 1\ntable t0 \"é\" ?").0, 2);
    assert_eq!(error("design 1\ntable t0 \"é\" ?"), (2, 14, "the character '?' means nothing here".into()));
}

#[test]
fn an_unknown_operator_is_named() {
    assert_eq!(
        error(&with_body("s0 = (s0 <=> 1) at 0..1")),
        (4, 10, "expected an operator, found `<=>`".into())
    );
    assert_eq!(
        error(&with_body("s0 = sqrt(s0) at 0..1")),
        (4, 6, "expected an operator, found `sqrt`".into())
    );
}

#[test]
fn an_unknown_statement_is_named() {
    assert_eq!(error(&with_body("goto 5 at 0..1")), (4, 1, "expected a statement, found `goto`".into()));
}

#[test]
fn nesting_has_a_limit() {
    let deep = |n: usize| with_body(&format!("s0 = {}s0{} at 0..1", "truth(".repeat(n), ")".repeat(n)));
    // The statement is five levels, the signal is one.
    assert!(text::parse(&deep(494)).is_ok());
    let (line, column, message) = error(&deep(495));
    assert_eq!((line, column), (4, 6 + 495 * 6));
    assert!(message.starts_with("expected at most 500 nested levels"), "{message}");
    assert!(text::parse(&deep(100_000)).is_err());
}

#[test]
fn nesting_of_statements_has_a_limit() {
    let deep = |n: usize| with_body(&format!("{}{}", "while true at 0..1 {\n".repeat(n), "}".repeat(n)));
    // A statement is five levels, the condition of the innermost one is one more.
    assert!(text::parse(&deep(99)).is_ok());
    let (line, column, message) = error(&deep(100));
    assert_eq!((line, column), (4 + 99, 7));
    assert!(message.starts_with("expected at most 500 nested levels"), "{message}");
    assert!(text::parse(&deep(100_000)).is_err());
}

#[test]
fn strings_end_on_their_line_and_have_known_escapes() {
    assert_eq!(
        error("design 1\ntable t0 \"a\nb\" {}"),
        (2, 10, "this string does not end on its line".into())
    );
    assert_eq!(error("design 1\ntable t0 \"\\q\" {}"), (2, 10, "this string has an unknown escape".into()));
    assert_eq!(
        error("design 1\ntable t0 \"\\u{d800}\" {}"),
        (2, 10, "this string has an unknown escape".into())
    );
}

#[test]
fn items_are_numbered_in_order() {
    assert_eq!(
        error("design 1\ntable t1 \"a\" { 1 }"),
        (2, 7, "expected `t0`: items are numbered in order".into())
    );
}

#[test]
fn the_first_span_names_its_file() {
    let text = "design 1\nscope i0 \"a\" block \"a\" params 0 at 3..4 {}";
    assert_eq!(error(text), (2, 36, "the first span must name its file: `0:3..7`".into()));
}

#[test]
fn impossible_numbers_are_refused() {
    let spans = |s: &str| error(&format!("design 1\nscope i0 \"a\" block \"a\" params 0 at {s} {{}}")).2;
    assert_eq!(spans("0:4..3"), "a span cannot end before it starts");
    assert_eq!(spans("4294967295:3..4"), "this file's number is too large");
    assert_eq!(spans("0:-1..4"), "expected a span: `file:start..end`, at most 4294967295");
    assert_eq!(error(&with_body("s4294967295 = 1 at 0..1")).1, 1);
    assert_eq!(error(&with_body("s0 = 1:int 5..4 at 0..1")).2, "this range is empty");
    let wide = "design 1\nsignal s0 \"a\" home i0: unsigned 4294967295 = 0 at 0:0..1";
    assert!(error(wide).2.starts_with("wider than"), "{:?}", error(wide));
}

#[test]
fn a_type_that_nothing_tells_must_be_written() {
    let (line, column, message) = error(&with_body("s0 = s7 at 0..1"));
    assert_eq!((line, column), (4, 9));
    assert!(message.starts_with("expected `:` and this expression's type"), "{message}");
    assert!(text::parse(&with_body("s0 = s7:bool at 0..1")).is_ok());
    // Computing this type would take half a gigabyte.
    assert!(text::parse(&with_body("s0 = concat(4294967295 of s0) at 0..1")).is_err());
    assert!(text::parse(&with_body("s0 = concat(4294967295 of s0):bool at 0..1")).is_ok());
}
