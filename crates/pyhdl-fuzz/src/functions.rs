//! The functions of a text and their decorators, found line by line: also in a text that is no Python.

/// A function by where its source is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found<'t> {
    pub name: &'t str,
    /// Of the first decorator, or of the `def`; from 1.
    pub line: u32,
    /// The last decorator without its `@`.
    pub decorator: Option<&'t str>,
    /// What stands between the brackets of the `def`, up to the end of the line.
    pub parameters: &'t str,
    /// What stands between its `def` and the next function.
    pub body: &'t str,
}

/// A text of the largest size has room for hundreds of empty functions; each costs a scope's worth of names.
const MOST: usize = 24;

/// The words of a text, each as often as it is there.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// Decorated functions at any depth, as blocks have them, and those without a decorator that are not inside others.
pub fn functions(text: &str) -> Vec<Found<'_>> {
    let mut decorators: Option<(u32, &str)> = None;
    let mut found: Vec<Found> = Vec::new();
    let mut end = 0;
    for (index, line) in text.split('\n').enumerate() {
        let (at, start) = (index as u32 + 1, end);
        end += line.len() + 1;
        let code = line.trim();
        if let Some(decorator) = code.strip_prefix('@') {
            decorators = Some((decorators.map_or(at, |(first, _)| first), decorator));
            continue;
        }
        let above = decorators.take();
        let Some(header) = code.strip_prefix("def ") else { continue };
        if above.is_none() && line.starts_with([' ', '\t']) {
            continue;
        }
        let (name, rest) = header.split_once('(').unwrap_or((header, ""));
        let parameters = rest.rsplit_once(')').map_or(rest, |(inside, _)| inside);
        let (line, decorator) = above.map_or((at, None), |(first, decorator)| (first, Some(decorator)));
        if let Some(before) = found.last_mut() {
            before.body = &before.body[..before.body.len() - (text.len() - start)];
        }
        if found.len() == MOST {
            break;
        }
        found.push(Found { name: name.trim(), line, decorator, parameters, body: &text[start..] });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_decorated_functions_inside_and_others_outside() {
        let text = "@block\ndef top(a):\n  @always(clk.posedge)\n  def p():\n    def own():\n      pass\ndef f(x, n=3):\n";
        let names: Vec<_> = functions(text).iter().map(|f| (f.name, f.line, f.decorator)).collect();
        assert_eq!(names, [("top", 1, Some("block")), ("p", 3, Some("always(clk.posedge)")), ("f", 7, None)]);
        assert_eq!(functions(text)[2].parameters, "x, n=3");
        assert_eq!(functions(text)[0].body, "def top(a):\n  @always(clk.posedge)\n");
    }

    #[test]
    fn takes_any_text() {
        for text in ["", "@", "def ", "@\ndef", "def (", "def )(", "@x\n\ndef f()"] {
            functions(text);
        }
    }
}
