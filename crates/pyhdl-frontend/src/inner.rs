//! Functions that a process defines for itself, with `def` or `lambda`. What such a function sees of the process's
//! variables is passed to it as arguments, by the value that they have at the call.

use std::collections::BTreeSet;
use std::rc::Rc;

use pyhdl_diag::{FileId, Span};
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::kinds;
use crate::scan::{for_each_expr, for_each_stmt, scan};
use crate::value::{Lower, Meaning};

#[derive(Debug)]
pub(crate) struct InnerFunction {
    pub def: Rc<ast::StmtFunctionDef>,
    pub file: FileId,
    pub span: Span,
    /// The names that it does not bind itself.
    pub free: BTreeSet<String>,
}

impl Body<'_, '_, '_> {
    /// `def name(...): ...` inside a process.
    pub fn define(&mut self, def: &ast::StmtFunctionDef, span: Span) -> Lower<()> {
        self.beyond("a function defined inside a process", span, kinds::NOT_SUPPORTED)?;
        if !def.decorator_list.is_empty() {
            return self.unsupported("a decorator inside a process", span, "decorate it in the block");
        }
        let name = def.name.to_string();
        if self.inner.get(&name).is_some_and(|before| before.span != span)
            || self.scan.bound.contains(&name)
            || self.scan.outer.contains(&name)
        {
            let message = format!("`{name}` is defined more than once");
            return self.mismatch(message, span, "give each function a name of its own");
        }
        let inner = InnerFunction { def: Rc::new(def.clone()), file: self.file, span, free: free_names(def) };
        self.inner.insert(name, Rc::new(inner));
        Ok(())
    }

    /// `name = lambda ...: ...`; false for another value.
    pub fn define_lambda(&mut self, name: &str, value: &ast::Expr, span: Span) -> Lower<bool> {
        let ast::Expr::Lambda(lambda) = value else { return Ok(false) };
        self.beyond("a lambda", span, kinds::NOT_SUPPORTED)?;
        if self.scan.times_bound(name) != 1 {
            return self.mismatch(format!("`{name}` is defined more than once"), span, "use another name");
        }
        let result = ast::StmtReturn { range: lambda.range, value: Some(lambda.body.clone()) };
        let def = ast::StmtFunctionDef {
            range: lambda.range,
            name: ast::Identifier::new(name),
            args: lambda.args.clone(),
            body: vec![ast::Stmt::Return(result)],
            decorator_list: Vec::new(),
            returns: None,
            type_comment: None,
            type_params: Vec::new(),
        };
        let inner = InnerFunction { file: self.file, span, free: free_names(&def), def: Rc::new(def) };
        self.inner.insert(name.to_owned(), Rc::new(inner));
        Ok(true)
    }

    /// What a call of such a function passes besides its arguments: the variables that it sees.
    pub fn captured(&mut self, function: &InnerFunction) -> Lower<Vec<(String, Meaning)>> {
        let mut names = BTreeSet::new();
        let mut open = vec![&function.free];
        let inner = self.inner.clone();
        while let Some(free) = open.pop() {
            for name in free {
                if names.insert(name.clone())
                    && let Some(function) = inner.get(name)
                {
                    open.push(&function.free);
                }
            }
        }
        let mut captured = Vec::new();
        for name in names {
            if self.statics.contains_key(&name) || self.names.contains_key(&name) {
                let meaning = self.name(&name, function.span)?;
                captured.push((name, meaning));
            } else if self.lists.contains_key(&name) {
                return self.unsupported(
                    "a list of variables that a function inside the process sees",
                    function.span,
                    "pass what it needs as arguments",
                );
            }
        }
        Ok(captured)
    }
}

/// The names that a function's body uses and does not bind.
fn free_names(def: &ast::StmtFunctionDef) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for_each_stmt(&def.body, &mut |stmt| {
        for_each_expr(stmt, &mut |e| {
            if let ast::Expr::Name(name) = e {
                names.insert(name.id.to_string());
            }
        });
    });
    let bound = scan(&def.body).bound;
    let args = &def.args;
    let params = args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs);
    let params: BTreeSet<String> = params.map(|p| p.def.arg.to_string()).collect();
    names.retain(|name| !bound.contains(name) && !params.contains(name));
    names
}
