//! Where each line of HDL comes from. While a text is made, a line carries a mark with the place in the Python that it
//! was printed for; what the user gets has none, and the places beside it.

use pyhdl_diag::{FileId, Span};

/// Characters that nothing else in a text has: control characters of comments and names are replaced before.
const BEGIN: char = '\u{2}';
const END: char = '\u{3}';

/// What stands in a line that comes from a place.
pub(crate) fn mark(span: Span) -> String {
    format!("{BEGIN}{:x},{:x},{:x}{END}", span.file.index(), span.start, span.end)
}

/// A text as the user gets it, and for each of its lines the place that it comes from.
pub(crate) fn strip(text: &str) -> (String, Vec<Option<Span>>) {
    let mut plain = String::with_capacity(text.len());
    let mut places = Vec::new();
    for line in text.split_inclusive('\n') {
        let mut place = None;
        let mut rest = line;
        while let Some((before, marked)) = rest.split_once(BEGIN) {
            plain.push_str(before);
            let Some((mark, after)) = marked.split_once(END) else { break };
            place = place.or_else(|| read(mark));
            rest = after;
        }
        plain.push_str(rest);
        places.push(place);
    }
    (plain, places)
}

/// The place that a line comes from.
pub(crate) fn first(line: &str) -> Option<Span> {
    let (mark, _) = line.split_once(BEGIN)?.1.split_once(END)?;
    read(mark)
}

/// A line without marks.
pub(crate) fn without(line: &str) -> String {
    strip(line).0
}

fn read(mark: &str) -> Option<Span> {
    let mut numbers = mark.split(',').map(|number| u32::from_str_radix(number, 16).ok());
    let (file, start, end) = (numbers.next()??, numbers.next()??, numbers.next()??);
    Some(Span::new(FileId::from_usize(file as usize), start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_line_gives_its_text_and_its_place() {
        let span = Span::new(FileId::from_usize(1), 20, 42);
        let text = format!("a\n  {}b {}c\nd", mark(span), mark(Span::new(FileId::from_usize(0), 1, 2)));
        assert_eq!(strip(&text), ("a\n  b c\nd".to_owned(), vec![None, Some(span), None]));
    }
}
