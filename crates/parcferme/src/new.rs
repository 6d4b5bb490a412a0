//! `new`: a series to fill in, that loads as it is.

use std::fs;
use std::path::Path;

use crate::columns::hides;
use crate::stop::Stop;

/// The files of a new series, each with its path below the new folder.
const FILES: &[(&str, &str)] = &[
    ("rulebook/rulebook.toml", include_str!("../new/rulebook.toml")),
    ("rulebook/cases/points.toml", include_str!("../new/points.toml")),
    ("season/season.toml", include_str!("../new/season.toml")),
    ("season/entries.toml", include_str!("../new/entries.toml")),
    ("season/results.toml", include_str!("../new/results.toml")),
    ("circuits/first-circuit.toml", include_str!("../new/first-circuit.toml")),
    ("circuits/second-circuit.toml", include_str!("../new/second-circuit.toml")),
];

/// Makes the folder, or leaves everything as it was.
pub(crate) fn run(series: &str, dir: &Path, year: u16) -> Result<String, Stop> {
    if series.trim().is_empty() || series.chars().any(hides) {
        return Err(Stop::usage("a series needs a name on one line"));
    }
    if !(1900..=9000).contains(&year) {
        return Err(Stop::usage(format!("{year} is no year a season can be in")));
    }
    let full = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    // A link that leads nowhere is there too.
    if full || dir.is_file() || (dir.is_symlink() && !dir.exists()) {
        return Err(Stop::usage(format!("{} is there already; name a new folder", dir.display())));
    }
    let title = series.replace('\\', "\\\\").replace('"', "\\\"");
    let written =
        FILES.iter().map(|(file, text)| ((*file).to_owned(), text.replace("{series}", &title).replace("{year}", &year.to_string())));
    let schemas = paperwork::schema::all().into_iter().map(|(name, text)| (format!("schemas/{name}"), text));
    for (file, text) in written.chain(schemas) {
        let path = dir.join(file);
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)).map_err(|error| Stop::file(&path, &error))?;
    }
    // Whole paths: a command that is copied works from any folder.
    let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let (at, season, results) = (quoted(&whole), quoted(&whole.join("season")), quoted(&whole.join("season/results.toml")));
    Ok(format!(
        "made {}: a rulebook with one class and one cup, a season of two rounds, two circuits with their timing lines,\n\
         an example result, and schemas/, with which an editor completes them\n\n\
         next:\n  parcferme check {at}\n  parcferme record {season} {results} --by 'Race secretary'\n  parcferme standings {season}\n  parcferme serve {season}\n\
         or let a weekend happen:\n  parcferme simulate {season} 2 --seed 7\n  parcferme meeting {season} 2\n\n\
         facts go to {}, which the first record makes\n",
        dir.display(),
        whole.join("season/journal.sqlite").display(),
    ))
}

/// A path as a shell takes it: in quotes where it holds more than plain characters.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '\\' | ':');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_more_than_plain_characters_is_quoted() {
        assert_eq!(quoted(Path::new("a/b-1_2.x")), "a/b-1_2.x");
        assert_eq!(quoted(Path::new("a b/it's")), "'a b/it'\\''s'");
    }
}
