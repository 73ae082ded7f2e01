//! Which scopes share a module: those of one block whose printed bodies are the same.

use std::collections::HashMap;

use crate::marks::strip;

/// Modules in the order in which they were first printed, which is leaves first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    by_text: HashMap<(String, String), String>,
    /// Names and texts.
    pub printed: Vec<(String, String)>,
}

impl Modules {
    /// The name of the module with this text, which has `placeholder` where its name belongs. `fresh` makes a name
    /// for a new one. Lines that come from other places are the same text.
    pub fn intern(
        &mut self,
        block: &str,
        text: String,
        placeholder: &str,
        fresh: impl FnOnce() -> String,
    ) -> String {
        let key = (block.to_owned(), strip(&text).0);
        if let Some(name) = self.by_text.get(&key) {
            return name.clone();
        }
        let name = fresh();
        self.by_text.insert(key, name.clone());
        self.printed.push((name.clone(), text.replace(placeholder, &name)));
        name
    }
}
