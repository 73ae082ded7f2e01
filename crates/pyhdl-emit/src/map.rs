//! Source maps: which lines of an HDL file come from which lines of Python, and what things are called in both.

use std::collections::BTreeMap;
use std::hash::Hasher;

use pyhdl_diag::{SourceTable, Span};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

/// The map of one HDL file.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct SourceMap {
    /// Of this form of a map: [`SourceMap::VERSION`].
    pub version: u32,
    /// The name of the HDL file, which lies beside the map.
    pub hdl: String,
    /// The Python files: as the source table has them, or relative to the map's folder when it is on disk.
    pub sources: Vec<MappedSource>,
    /// Of the HDL file's text.
    pub digest: String,
    pub lines: Vec<MappedLines>,
    /// In the order of the file.
    pub modules: Vec<MappedModule>,
}

/// A Python file that HDL comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappedSource {
    pub path: String,
    /// Of its text.
    pub digest: String,
}

/// What tells a text from a changed one.
pub fn digest(text: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}

/// Neighbouring HDL lines that come from one place. Lines count from 1 and are inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "[u32; 5]", into = "[u32; 5]")]
pub struct MappedLines {
    pub first: u32,
    pub last: u32,
    /// An index into the map's sources.
    pub source: u32,
    pub python_first: u32,
    pub python_last: u32,
}

impl From<[u32; 5]> for MappedLines {
    fn from([first, last, source, python_first, python_last]: [u32; 5]) -> MappedLines {
        MappedLines { first, last, source, python_first, python_last }
    }
}

impl From<MappedLines> for [u32; 5] {
    fn from(lines: MappedLines) -> [u32; 5] {
        [lines.first, lines.last, lines.source, lines.python_first, lines.python_last]
    }
}

/// What a module is in Python.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappedModule {
    /// As emitted.
    pub name: String,
    /// The block's name.
    pub block: String,
    /// The paths of the instances that share the module, from the top.
    pub instances: Vec<String>,
    /// Signals and memories: as emitted, and below each instance in Python.
    pub names: Vec<(String, String)>,
}

impl SourceMap {
    pub const VERSION: u32 = 1;

    /// The map of a file whose lines come from these places.
    pub(crate) fn new(
        hdl: &str,
        text: &str,
        places: &[Option<Span>],
        modules: Vec<MappedModule>,
        sources: &SourceTable,
    ) -> SourceMap {
        let mut map = SourceMap {
            version: SourceMap::VERSION,
            hdl: hdl.to_owned(),
            digest: digest(text),
            modules,
            ..SourceMap::default()
        };
        let mut known: BTreeMap<_, u32> = BTreeMap::new();
        for (line, place) in (1..).zip(places) {
            let Some(span) = place else { continue };
            let file = sources.get(span.file);
            if file.path.as_os_str().is_empty() {
                continue;
            }
            let source = *known.entry(span.file).or_insert_with(|| {
                map.sources.push(MappedSource {
                    path: file.path.to_string_lossy().into_owned(),
                    digest: digest(&file.text),
                });
                map.sources.len() as u32 - 1
            });
            let (python_first, python_last) =
                (file.line(span.start), file.line(span.end.saturating_sub(1).max(span.start)));
            match map.lines.last_mut() {
                Some(before)
                    if before.last + 1 == line
                        && (before.source, before.python_first, before.python_last)
                            == (source, python_first, python_last) =>
                {
                    before.last = line;
                }
                _ => {
                    map.lines.push(MappedLines { first: line, last: line, source, python_first, python_last })
                }
            }
        }
        map
    }

    /// What an HDL line comes from.
    pub fn at(&self, line: u32) -> Option<MappedLines> {
        let index = self.lines.partition_point(|lines| lines.last < line);
        self.lines.get(index).filter(|lines| lines.first <= line).copied()
    }

    /// The name of its file: that of the HDL with another ending.
    pub fn file_name(&self) -> String {
        format!("{}.map.json", self.hdl)
    }

    /// As it is on disk: one entry to a line, so that a change is one line of a difference.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let list = |entries: Vec<String>| match entries.is_empty() {
            true => "[]".to_owned(),
            false => format!("[\n{}\n]", entries.join(",\n")),
        };
        let lines = self.lines.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let modules = self.modules.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        Ok(format!(
            "{{\n\"version\": {},\n\"hdl\": {},\n\"digest\": {},\n\"sources\": {},\n\"lines\": {},\n\"modules\": {}\n}}\n",
            self.version,
            serde_json::to_string(&self.hdl)?,
            serde_json::to_string(&self.digest)?,
            serde_json::to_string(&self.sources)?,
            list(lines),
            list(modules),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_on_disk_reads_back() {
        let mut sources = SourceTable::new();
        let file = sources.add("a.py", "one\ntwo\nthree\n");
        let two = Some(Span::new(file, 4, 7));
        let places = [None, two, two, Some(Span::new(file, 0, 13))];
        let module = MappedModule {
            name: "m".to_owned(),
            block: "m".to_owned(),
            instances: vec!["top".to_owned(), "top.\"x".to_owned()],
            names: vec![("a_b".to_owned(), "a.b".to_owned())],
        };
        let map = SourceMap::new("m.v", "text", &places, vec![module], &sources);
        assert_eq!(map.lines, [[2, 3, 0, 2, 2].into(), [4, 4, 0, 1, 3].into()]);
        assert_eq!(map.at(3).map(|l| l.python_first), Some(2));
        assert_eq!((map.at(1), map.at(5)), (None, None));
        let text = map.to_json().expect("plain data");
        assert_eq!(serde_json::from_str::<SourceMap>(&text).expect("what was written"), map);
    }
}
