//! Random designs: every variant of every type of the design occurs. They are well-formed as data, not as hardware:
//! ids may be out of range, types may not fit.

use num_bigint::BigInt;
use oxc_index::IndexVec;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use pyhdl_diag::{FileId, Span};
use pyhdl_ir::*;

fn random_numbers() -> impl Strategy<Value = RandomNumbers> + Clone {
    prop_oneof![
        any::<u64>().prop_map(|bound| RandomNumbers::Below(bound.into())),
        (0..99u32).prop_map(RandomNumbers::Bits),
        Just(RandomNumbers::Fraction),
    ]
}

macro_rules! ids {
    ($($function:ident $ty:ident)*) => { $(
        fn $function() -> impl Strategy<Value = $ty> + Clone {
            prop_oneof![9 => 0..3usize, 1 => Just(u32::MAX as usize - 1)].prop_map($ty::from_usize)
        }
    )* };
}

ids! { scope_id ScopeId signal_id SignalId memory_id MemoryId table_id TableId enum_id EnumId process_id ProcessId
function_id FunctionId local_id LocalId }

fn number() -> impl Strategy<Value = BigInt> + Clone {
    prop_oneof![
        (-9i64..9).prop_map(BigInt::from),
        any::<i128>().prop_map(BigInt::from),
        any::<i64>().prop_map(|x| BigInt::from(x) << 100)
    ]
}

fn small() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![9 => 0..9u32, 1 => any::<u32>()]
}

/// Names as Python has them, and anything.
fn string() -> impl Strategy<Value = String> + Clone {
    prop_oneof![3 => "[a-z_][a-z0-9_]{0,5}", 1 => any::<String>(), 1 => "[\"\\\\\n\t\r#@{}'\u{2028}\u{0}\u{7f}]{0,6}"]
}

fn span() -> impl Strategy<Value = Span> + Clone {
    // Few different ones, so that neighbours often share theirs.
    let files = prop_oneof![5 => Just(0usize), 2 => Just(1), 1 => Just(u32::MAX as usize - 1)];
    let bytes = prop_oneof![5 => (0..3u32, 3..5u32), 1 => (Just(7u32), Just(u32::MAX))];
    (files, bytes).prop_map(|(f, (start, end))| Span::new(FileId::from_usize(f), start, end))
}

fn range() -> impl Strategy<Value = Range> + Clone {
    prop_oneof![
        (number(), number()).prop_map(|(a, b)| Range::new(a, b)),
        number().prop_map(|lo| Range { lo: Some(lo), hi: None }),
        number().prop_map(|hi| Range { lo: None, hi: Some(hi) }),
        Just(Range::all()),
    ]
}

fn ty() -> impl Strategy<Value = Type> + Clone {
    prop_oneof![Just(Type::Bool), range().prop_map(Type::Int), enum_id().prop_map(Type::Enum)]
}

fn storage() -> impl Strategy<Value = StorageType> + Clone {
    let full = (0..70u32, any::<bool>(), any::<bool>()).prop_map(|(width, signed, wraps)| {
        let range = if signed { Range::signed(width) } else { Range::unsigned(width) };
        BitsType { width, min: range.lo.unwrap(), max: range.hi.unwrap(), wraps }
    });
    let bits = (small(), number(), number(), any::<bool>()).prop_map(|(width, min, max, wraps)| BitsType {
        width,
        min,
        max,
        wraps,
    });
    prop_oneof![
        Just(StorageType::Bool),
        full.prop_map(StorageType::Bits),
        bits.prop_map(StorageType::Bits),
        enum_id().prop_map(StorageType::Enum),
        range().prop_map(StorageType::Int),
        Just(StorageType::Opaque),
    ]
}

fn unary() -> impl Strategy<Value = UnaryOp> {
    use UnaryOp::*;
    prop::sample::select(vec![Negate, Invert, Not, Abs])
}

fn binary() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::*;
    prop::sample::select(vec![
        Add, Sub, Mul, FloorDiv, Mod, Pow, ShiftLeft, ShiftRight, And, Or, Xor, Min, Max,
    ])
}

fn compare() -> impl Strategy<Value = CompareOp> {
    use CompareOp::*;
    prop::sample::select(vec![Eq, Ne, Lt, Le, Gt, Ge])
}

fn logic() -> impl Strategy<Value = LogicOp> {
    prop::sample::select(vec![LogicOp::And, LogicOp::Or])
}

fn leaf() -> impl Strategy<Value = ExprKind> + Clone {
    prop_oneof![
        number().prop_map(ExprKind::Const),
        (0..2i32).prop_map(|n| ExprKind::Const(n.into())),
        (enum_id(), small()).prop_map(|(e, i)| ExprKind::EnumLiteral(e, i)),
        signal_id().prop_map(ExprKind::Signal),
        local_id().prop_map(ExprKind::Local),
        Just(ExprKind::HighImpedance),
        Just(ExprKind::Time),
    ]
}

pub fn expr() -> BoxedStrategy<Expr> {
    let whole = |kind| (kind, ty(), span()).prop_map(|(kind, ty, span)| Expr { kind, ty, span });
    whole(leaf().boxed())
        .prop_recursive(3, 16, 3, move |inner| {
            let e = inner.prop_map(Box::new).boxed();
            let kinds = prop_oneof![
                (memory_id(), e.clone()).prop_map(|(memory, index)| ExprKind::MemoryRead { memory, index }),
                (table_id(), e.clone()).prop_map(|(table, index)| ExprKind::TableRead { table, index }),
                (local_id(), e.clone()).prop_map(|(local, index)| ExprKind::Element { local, index }),
                (unary(), e.clone()).prop_map(|(op, a)| ExprKind::Unary(op, a)),
                (binary(), e.clone(), e.clone()).prop_map(|(op, a, b)| ExprKind::Binary(op, a, b)),
                (compare(), e.clone(), e.clone()).prop_map(|(op, a, b)| ExprKind::Compare(op, a, b)),
                (logic(), e.clone(), e.clone()).prop_map(|(op, a, b)| ExprKind::Logic(op, a, b)),
                (e.clone(), e.clone(), e.clone()).prop_map(|(condition, then, otherwise)| {
                    ExprKind::Select { condition, then, otherwise }
                }),
                (e.clone(), e.clone()).prop_map(|(value, index)| ExprKind::Bit { value, index }),
                (e.clone(), e.clone(), small())
                    .prop_map(|(value, low, width)| { ExprKind::Slice { value, low, width } }),
                vec((e.clone(), small()), 0..3).prop_map(|parts| {
                    ExprKind::Concat(
                        parts.into_iter().map(|(e, width)| ConcatPart { value: *e, width }).collect(),
                    )
                }),
                (e.clone(), small()).prop_map(|(value, width)| ExprKind::Signed { value, width }),
                (e.clone(), small()).prop_map(|(value, width)| ExprKind::Unsigned { value, width }),
                e.clone().prop_map(ExprKind::Truth),
                (function_id(), vec(e.prop_map(|e| *e), 0..3))
                    .prop_map(|(function, args)| { ExprKind::Call { function, args } }),
            ];
            whole(kinds.boxed())
        })
        .boxed()
}

fn trigger() -> impl Strategy<Value = Trigger> {
    prop_oneof![
        signal_id().prop_map(Trigger::Change),
        signal_id().prop_map(Trigger::Rising),
        signal_id().prop_map(Trigger::Falling),
        expr().prop_map(Trigger::Delay),
    ]
}

fn print_part() -> impl Strategy<Value = PrintPart> {
    let bases =
        prop::sample::select(vec![Base::Binary, Base::Octal, Base::Decimal, Base::Hex, Base::HexUpper]);
    let pads = prop::sample::select(vec![Pad::Right, Pad::Left, Pad::Zeros]);
    let format = prop_oneof![
        Just(Format::Plain),
        small().prop_map(|width| Format::Vector { width }),
        (bases, small(), pads).prop_map(|(base, width, pad)| Format::Number { base, width, pad }),
    ];
    prop_oneof![
        string().prop_map(PrintPart::Text),
        (expr(), format).prop_map(|(value, format)| PrintPart::Value { value, format }),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    let place = prop_oneof![
        signal_id().prop_map(Place::Signal),
        local_id().prop_map(Place::Local),
        (memory_id(), expr()).prop_map(|(memory, index)| Place::Memory { memory, index }),
        (local_id(), expr()).prop_map(|(local, index)| Place::Element { local, index }),
    ];
    let part = prop_oneof![
        expr().prop_map(Part::Bit),
        (expr(), small()).prop_map(|(low, width)| Part::Slice { low, width }),
    ];
    (place, option::of(part), span()).prop_map(|(place, part, span)| Target { place, part, span })
}

fn block() -> BoxedStrategy<Block> {
    let simple = prop_oneof![
        (target(), expr()).prop_map(|(target, value)| StmtKind::Assign { target, value }),
        Just(StmtKind::Break),
        Just(StmtKind::Continue),
        option::of(expr()).prop_map(StmtKind::Return),
        vec(trigger(), 0..3).prop_map(StmtKind::Wait),
        (expr(), vec(print_part(), 0..3))
            .prop_map(|(condition, message)| StmtKind::Assert { condition, message }),
        vec(print_part(), 0..3).prop_map(StmtKind::Print),
        (string(), vec(print_part(), 0..3))
            .prop_map(|(exception, message)| StmtKind::Raise { exception, message }),
        (function_id(), vec(expr(), 0..2)).prop_map(|(function, args)| StmtKind::Call { function, args }),
        (local_id(), any::<u32>(), random_numbers())
            .prop_map(|(target, generator, numbers)| StmtKind::Draw { target, generator, numbers }),
        string().prop_map(StmtKind::Comment),
    ]
    .boxed();
    let whole = |kind| vec((kind, span()).prop_map(|(kind, span)| Stmt { kind, span }), 0..3);
    whole(simple.clone())
        .prop_recursive(2, 8, 2, move |block| {
            let block = block.boxed();
            let arm = (vec(number(), 0..3), option::of(expr()), block.clone(), span())
                .prop_map(|(patterns, guard, body, span)| MatchArm { patterns, guard, body, span });
            let nested = prop_oneof![
                (vec((expr(), block.clone()), 0..3), block.clone())
                    .prop_map(|(arms, otherwise)| StmtKind::If { arms, otherwise }),
                (expr(), vec(arm, 0..3), block.clone())
                    .prop_map(|(subject, arms, otherwise)| { StmtKind::Match { subject, arms, otherwise } }),
                (local_id(), expr(), expr(), number(), block.clone()).prop_map(
                    |(var, start, stop, step, body)| StmtKind::For { var, start, stop, step, body }
                ),
                (expr(), block).prop_map(|(condition, body)| StmtKind::While { condition, body }),
                simple.clone(),
            ];
            whole(nested.boxed())
        })
        .boxed()
}

fn polarity() -> impl Strategy<Value = ResetPolarity> + Clone {
    (any::<bool>(), any::<bool>())
        .prop_map(|(active_high, asynchronous)| ResetPolarity { active_high, asynchronous })
}

fn kind() -> impl Strategy<Value = ProcessKind> {
    let reset = (signal_id(), polarity(), vec(signal_id(), 0..3))
        .prop_map(|(signal, polarity, targets)| Reset { signal, polarity, targets });
    prop_oneof![
        vec(signal_id(), 0..3).prop_map(|sensitivity| ProcessKind::Continuous { sensitivity }),
        vec(signal_id(), 0..3).prop_map(|sensitivity| ProcessKind::Combinational { sensitivity }),
        vec(trigger(), 0..3).prop_map(|triggers| ProcessKind::Triggered { triggers }),
        (signal_id(), any::<bool>(), option::of(reset))
            .prop_map(|(clock, rising, reset)| ProcessKind::Sequential { clock, rising, reset }),
        Just(ProcessKind::Thread),
    ]
}

fn locals() -> impl Strategy<Value = IndexVec<LocalId, Local>> {
    vec(
        (string(), storage(), option::of(number()), any::<bool>(), option::of(0u32..9))
            .prop_map(|(name, ty, init, inout, length)| Local { name, ty, init, inout, length }),
        0..3,
    )
    .prop_map(|v| v.into_iter().collect())
}

fn scope() -> impl Strategy<Value = Scope> {
    let visible = prop_oneof![signal_id().prop_map(Visible::Signal), memory_id().prop_map(Visible::Memory)];
    let item = prop_oneof![process_id().prop_map(Item::Process), scope_id().prop_map(Item::Scope)];
    let port =
        (string(), signal_id(), any::<bool>(), option::of(span())).prop_map(|(name, signal, out, span)| {
            Port { name, signal, direction: if out { Direction::Out } else { Direction::In }, span }
        });
    let kind = prop_oneof![
        string().prop_map(|class| GroupKind::Object { class }),
        vec(small(), 1..3).prop_map(|dimensions| GroupKind::List { dimensions }),
    ];
    let group = (string(), kind, vec((string(), signal_id()), 1..3))
        .prop_map(|(name, kind, members)| Group { name, kind, members });
    (
        (
            string(),
            string(),
            option::of(scope_id()),
            option::of(string()),
            small(),
            (span(), option::of(span())),
        ),
        vec(item, 0..3),
        (vec((string(), visible), 0..3), vec(group, 0..3)),
        vec(port, 0..3),
    )
        .prop_map(
            |((name, block, parent, doc, params, (span, instance)), items, (names, groups), ports)| Scope {
                name,
                block,
                parent,
                items,
                names,
                params,
                groups,
                ports,
                doc,
                span,
                instance,
            },
        )
}

fn signal() -> impl Strategy<Value = Signal> {
    (string(), scope_id(), storage(), number(), any::<(bool, bool)>(), option::of(polarity()), span())
        .prop_map(|(name, home, ty, init, (constant, floating), reset, span)| Signal {
            name,
            home,
            ty,
            init,
            constant,
            floating,
            reset,
            span,
        })
}

fn process() -> impl Strategy<Value = Process> {
    ((string(), scope_id(), option::of(string()), option::of(string()), span()), kind(), locals(), block())
        .prop_map(|((name, scope, foreign, doc, span), kind, locals, body)| Process {
            name,
            scope,
            kind,
            locals,
            body,
            foreign,
            doc,
            span,
        })
}

fn function() -> impl Strategy<Value = Function> {
    ((string(), scope_id(), small(), option::of(string()), span()), option::of(ty()), locals(), block())
        .prop_map(|((name, scope, params, doc, span), returns, locals, body)| Function {
            name,
            scope,
            params,
            locals,
            body,
            returns,
            doc,
            span,
        })
}

pub fn design() -> impl Strategy<Value = Design> {
    let encoding = prop::sample::select(vec![Encoding::Binary, Encoding::OneHot, Encoding::OneCold]);
    let enumeration = (string(), vec(string(), 0..3), encoding)
        .prop_map(|(name, literals, encoding)| EnumType { name, literals, encoding });
    let memory = (string(), scope_id(), vec(signal_id(), 0..3), span())
        .prop_map(|(name, home, elements, span)| Memory { name, home, elements, span });
    let table = (string(), vec(number(), 0..3)).prop_map(|(name, entries)| Table { name, entries });
    (
        vec(scope(), 0..3),
        vec(signal(), 0..3),
        vec(memory, 0..3),
        vec(table, 0..3),
        vec(enumeration, 0..3),
        vec(process(), 0..3),
        vec(function(), 0..3),
        vec(span(), 0..3),
    )
        .prop_map(|(scopes, signals, memories, tables, enums, processes, functions, constants)| Design {
            scopes: scopes.into_iter().collect(),
            signals: signals.into_iter().collect(),
            memories: memories.into_iter().collect(),
            tables: tables.into_iter().collect(),
            enums: enums.into_iter().collect(),
            processes: processes.into_iter().collect(),
            functions: functions.into_iter().collect(),
            constants: constants.into_iter().collect(),
        })
}
