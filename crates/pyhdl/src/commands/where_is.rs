//! `pyhdl where`: from HDL lines to Python lines and back, by the source maps beside the HDL.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use pyhdl_diag::Diagnostic;
use pyhdl_emit::{MappedLines, SourceMap, digest};

use crate::report::Reporter;
use crate::{Stop, cli, codes, output};

pub fn run(args: &cli::Where, reporter: &mut Reporter) -> Result<(), Stop> {
    if args.place == "-" {
        return annotate(reporter);
    }
    let Some((file, what)) =
        args.place.rsplit_once(':').filter(|(file, what)| !file.is_empty() && !what.is_empty())
    else {
        let message = format!("`{}` is no place", args.place);
        return Err(Stop::Usage(Box::new(
            Diagnostic::error(codes::NO_PLACE, message)
                .help("write FILE:LINE or FILE:NAME, as in counter.v:12"),
        )));
    };
    let wanted = match what.parse() {
        Ok(line) => Wanted::Line(line),
        Err(_) => Wanted::Name(what),
    };
    let path = Path::new(file);
    let found = if path.extension().is_some_and(|ending| ending == "py") {
        from_python(path, &wanted, &args.output, reporter)?
    } else {
        from_hdl(path, &wanted, reporter)?
    };
    if found.is_empty() {
        return Err(Stop::Diagnostic(Box::new(nothing(&args.place, &wanted))));
    }
    let mut out = std::io::stdout().lock();
    for line in found {
        // A closed standard output is nobody's loss.
        let _ = writeln!(out, "{line}");
    }
    Ok(())
}

enum Wanted<'a> {
    Line(u32),
    Name(&'a str),
}

fn nothing(place: &str, wanted: &Wanted) -> Diagnostic {
    match wanted {
        Wanted::Line(_) => Diagnostic::error(
            codes::NOT_MAPPED,
            format!("`{place}` has no line on the other side"),
        )
        .help(
            "comments, blank lines and what belongs to the file as a whole come from no line of Python, and \
                 Python that only elaboration runs becomes no line of HDL",
        ),
        Wanted::Name(_) => Diagnostic::error(
            codes::NOT_MAPPED,
            format!("nothing in the source maps is called as in `{place}`"),
        )
        .help("ask for a signal, a memory or a block; variables of processes have the names of their lines"),
    }
}

/// A map that is on disk.
struct Map {
    map: SourceMap,
    /// Where it is.
    folder: PathBuf,
}

impl Map {
    fn read(path: &Path) -> Result<Map, Stop> {
        let refuse = |why: String| {
            let help = "pyhdl emit writes it beside the HDL, if it is not called with --no-map";
            Stop::Diagnostic(Box::new(Diagnostic::error(codes::NO_MAP, why).help(help)))
        };
        let text = fs::read_to_string(path)
            .map_err(|e| refuse(format!("the source map {} cannot be read: {e}", path.display())))?;
        let map: SourceMap = serde_json::from_str(&text)
            .map_err(|e| refuse(format!("{} is no source map: {e}", path.display())))?;
        if map.version != SourceMap::VERSION {
            return Err(refuse(format!("{} is of another version of pyhdl", path.display())));
        }
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        Ok(Map { map, folder })
    }

    fn of(hdl: &Path) -> Result<Map, Stop> {
        let mut name = hdl.as_os_str().to_owned();
        name.push(".map.json");
        Map::read(Path::new(&name))
    }

    fn hdl(&self) -> PathBuf {
        self.folder.join(&self.map.hdl)
    }

    fn source(&self, index: u32) -> Option<PathBuf> {
        let source = self.map.sources.get(index as usize)?;
        Some(short(&self.folder.join(&source.path)))
    }

    /// Says which of the files have changed since the map was made.
    fn report_changes(&self, files: &mut Files, reporter: &mut Reporter) {
        let hdl = self.hdl();
        let changed = |known: &str, text: Option<&str>| text.is_some_and(|text| digest(text) != known);
        let mut names = Vec::new();
        if changed(&self.map.digest, files.text(&hdl)) {
            names.push(hdl.display().to_string());
        }
        for (index, source) in (0..).zip(&self.map.sources) {
            if let Some(path) = self.source(index)
                && changed(&source.digest, files.text(&path))
            {
                names.push(path.display().to_string());
            }
        }
        if !names.is_empty() {
            let message =
                format!("{} changed after the HDL was written: lines may be others", names.join(", "));
            reporter.show(
                &Diagnostic::warning(codes::STALE_MAP, message).help("run pyhdl emit again"),
                &pyhdl_diag::SourceTable::new(),
            );
        }
    }
}

/// Texts of files, each read once.
#[derive(Default)]
struct Files {
    texts: HashMap<PathBuf, Option<String>>,
}

impl Files {
    fn text(&mut self, path: &Path) -> Option<&str> {
        self.texts.entry(path.to_owned()).or_insert_with(|| fs::read_to_string(path).ok()).as_deref()
    }

    /// `counter.py:14: count.next = count + 1`
    fn line(&mut self, path: &Path, line: u32) -> String {
        let text = self.text(path).and_then(|text| text.lines().nth(line.saturating_sub(1) as usize));
        format!("{}:{line}: {}", path.display(), text.unwrap_or_default().trim()).trim_end().to_owned()
    }
}

/// A path as it is written from the current folder.
fn short(path: &Path) -> PathBuf {
    let here = output::resolved(Path::new("."));
    let path = output::resolved(path);
    match path.strip_prefix(&here) {
        Ok(below) => below.to_owned(),
        Err(_) => path,
    }
}

fn from_hdl(path: &Path, wanted: &Wanted, reporter: &mut Reporter) -> Result<Vec<String>, Stop> {
    let map = Map::of(path)?;
    let mut files = Files::default();
    map.report_changes(&mut files, reporter);
    match wanted {
        Wanted::Line(line) => {
            let found = map.map.at(*line).and_then(|lines| python(&map, lines, &mut files));
            Ok(found.into_iter().collect())
        }
        Wanted::Name(name) => Ok(map
            .map
            .modules
            .iter()
            .flat_map(|module| {
                let inside = module.names.iter().filter(|(emitted, _)| emitted == name);
                let inside = inside.flat_map(|(_, python)| {
                    module.instances.iter().map(move |instance| format!("{instance}.{python}"))
                });
                let own = if module.name == *name { &module.instances[..] } else { &[] };
                inside.chain(own.iter().cloned()).collect::<Vec<_>>()
            })
            .collect()),
    }
}

fn python(map: &Map, lines: MappedLines, files: &mut Files) -> Option<String> {
    Some(files.line(&map.source(lines.source)?, lines.python_first))
}

fn from_python(
    path: &Path,
    wanted: &Wanted,
    folder: &Path,
    reporter: &mut Reporter,
) -> Result<Vec<String>, Stop> {
    let python = output::resolved(path);
    let mut files = Files::default();
    let mut found = Vec::new();
    for map in maps(folder)? {
        let sources = (0..).zip(&map.map.sources);
        let source = sources
            .map(|(index, source)| (index, output::resolved(&map.folder.join(&source.path))))
            .find_map(|(index, source)| (source == python).then_some(index));
        let Some(source) = source else { continue };
        map.report_changes(&mut files, reporter);
        let hdl = map.hdl();
        match wanted {
            Wanted::Line(line) => {
                let of_line = |lines: &&MappedLines| {
                    lines.source == source && (lines.python_first..=lines.python_last).contains(line)
                };
                for lines in map.map.lines.iter().filter(of_line) {
                    found.extend((lines.first..=lines.last).map(|line| files.line(&hdl, line)));
                }
            }
            Wanted::Name(name) => {
                for module in &map.map.modules {
                    for (emitted, python) in &module.names {
                        let last = python.rsplit('.').next();
                        if python == name || last == Some(name) {
                            found.push(format!("{}:{}.{emitted}", hdl.display(), module.name));
                        }
                    }
                    if module.block == *name {
                        found.push(format!("{}:{}", hdl.display(), module.name));
                    }
                }
            }
        }
    }
    Ok(found)
}

/// The maps of a folder, in the order of their names.
fn maps(folder: &Path) -> Result<Vec<Map>, Stop> {
    let refuse = |why: String, help: &str| {
        Stop::Diagnostic(Box::new(Diagnostic::error(codes::NO_MAP, why).help(help)))
    };
    let entries = fs::read_dir(folder).map_err(|e| {
        refuse(format!("{} cannot be read: {e}", folder.display()), "name the folder with the HDL with -o")
    })?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".map.json"));
    paths.sort();
    if paths.is_empty() {
        return Err(refuse(
            format!("there are no source maps in {}", folder.display()),
            "name the folder that pyhdl emit has written to with -o",
        ));
    }
    paths.iter().map(|path| Map::read(path)).collect()
}

/// Repeats what other tools print, with the Python lines below the HDL lines that they name.
fn annotate(reporter: &mut Reporter) -> Result<(), Stop> {
    let mut maps: HashMap<PathBuf, Option<Map>> = HashMap::new();
    let mut files = Files::default();
    let mut out = std::io::stdout().lock();
    let mut before = None;
    for line in std::io::stdin().lock().split(b'\n') {
        let Ok(line) = line else { break };
        let line = String::from_utf8_lossy(&line);
        if writeln!(out, "{line}").is_err() {
            return Ok(());
        }
        let Some((path, number)) = place_in(&line) else { continue };
        let map = match maps.entry(path.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let map = Map::of(&path).ok();
                if let Some(map) = &map {
                    map.report_changes(&mut files, reporter);
                }
                new.insert(map)
            }
        };
        let found =
            map.as_ref().and_then(|map| map.map.at(number).and_then(|lines| python(map, lines, &mut files)));
        // Tools name a place again in the lines that go on.
        if let Some(found) = found
            && before.as_ref() != Some(&found)
        {
            let _ = writeln!(out, "  {found}");
            before = Some(found);
        }
    }
    Ok(())
}

/// The first `FILE:LINE` of an HDL file in a line of text.
fn place_in(text: &str) -> Option<(PathBuf, u32)> {
    for ending in [".v:", ".sv:", ".vhd:"] {
        let Some(at) = text.find(ending) else { continue };
        let end = at + ending.len() - 1;
        let digits: String = text[end + 1..].chars().take_while(char::is_ascii_digit).collect();
        let Ok(number) = digits.parse() else { continue };
        let start = text[..at].rfind([' ', '\t', '"', '\'', '`', '(', '<']).map_or(0, |i| i + 1);
        return Some((PathBuf::from(&text[start..end]), number));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_message_is_found_in_every_tools_form() {
        let place = |text| place_in(text).map(|(path, line)| format!("{} {line}", path.display()));
        let found = |text: &str| Some(text.to_owned());
        assert_eq!(place("%Warning-WIDTH: rtl/a.v:12:5: Operator ADD"), found("rtl/a.v 12"));
        assert_eq!(place("a.sv:3: warning: implicit definition"), found("a.sv 3"));
        assert_eq!(place("/x/a.vhd:7:10:warning: declaration hides"), found("/x/a.vhd 7"));
        assert_eq!(place("Warning: wire at `b.v:9' is used"), found("b.v 9"));
        assert_eq!(place("   12 |   assign a = b;"), None);
        assert_eq!(place("a.v: no line"), None);
    }
}
