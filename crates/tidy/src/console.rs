//! Pages that show commands: every `console` block is a promise that the command works and prints what stands below it.
//!
//! In a block, a line beginning `$ ` is a command; what follows up to the next command is its output. A last output line `…` means that more
//! follows. A block after a line `<!-- output: name -->` always shows its output; elsewhere a command without output promises only exit code 0.

/// A command on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Its line, from 1.
    pub line: usize,
    /// As a person types it.
    pub command: String,
    /// The output as shown.
    pub output: Vec<String>,
    /// Output is promised even where none stands there yet.
    pub promised: bool,
}

/// What stands for "and more".
const MORE: &str = "…";

impl Shown {
    /// The lines to show for what the command printed: all, or as many as before where the page ends in `…`.
    pub fn lines_of<'a>(&self, printed: &'a str) -> Vec<&'a str> {
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        match self.output.split_last() {
            Some((last, before)) if last == MORE && before.len() < printed.len() => {
                let mut lines = printed[..before.len()].to_vec();
                lines.push(MORE);
                lines
            }
            _ => printed,
        }
    }

    /// The first line in which the page and the program differ, in words; `None` where the promise is kept.
    pub fn broken_by(&self, printed: &str) -> Option<String> {
        if self.output.is_empty() && !self.promised {
            return None;
        }
        let printed = self.lines_of(printed);
        let place = |ix: &usize| printed.get(*ix).copied() != self.output.get(*ix).map(String::as_str);
        let ix = (0..printed.len().max(self.output.len())).find(place)?;
        let show = |line: Option<&str>| line.map_or("nothing".into(), |line| format!("`{line}`"));
        Some(format!(
            "line {} of the output: the page shows {}, the program prints {}",
            ix + 1,
            show(self.output.get(ix).map(String::as_str)),
            show(printed.get(ix).copied())
        ))
    }
}

/// The commands of a page.
pub fn shown(page: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let (mut inside, mut promised) = (false, false);
    for (ix, line) in page.lines().enumerate() {
        if inside && line == "```" {
            (inside, promised) = (false, false);
        } else if inside {
            match (line.strip_prefix("$ "), all.last_mut()) {
                (Some(command), _) => all.push(Shown { line: ix + 1, command: command.into(), output: Vec::new(), promised }),
                (None, Some(last)) => last.output.push(line.into()),
                (None, None) => {}
            }
        } else if line == "```console" {
            inside = true;
        } else {
            promised = line.starts_with("<!-- output:");
        }
    }
    all
}

/// The page with the outputs put in that it shows or promises.
pub fn rewritten(page: &str, printed: impl Fn(&Shown) -> String) -> String {
    let commands = shown(page);
    let mut lines = Vec::new();
    let mut skip = 0;
    for (ix, line) in page.lines().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        lines.push(line.to_owned());
        let command = commands.iter().find(|shown| shown.line == ix + 1).filter(|shown| shown.promised || !shown.output.is_empty());
        if let Some(command) = command {
            skip = command.output.len();
            let printed = printed(command);
            lines.extend(command.lines_of(&printed).into_iter().map(String::from));
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# A\n\n<!-- output: one -->\n```console\n$ one\n1\n…\n```\n\n```console\n$ two\n$ three\n3\n```\n```sh\n$ four\n```\n";

    #[test]
    fn commands_and_their_outputs_are_read() {
        let commands = shown(PAGE);
        let read: Vec<(usize, &str, usize, bool)> =
            commands.iter().map(|c| (c.line, c.command.as_str(), c.output.len(), c.promised)).collect();
        assert_eq!(read, [(5, "one", 2, true), (11, "two", 0, false), (12, "three", 1, false)]);
    }

    #[test]
    fn a_promise_is_kept_or_broken() {
        let commands = shown(PAGE);
        assert_eq!(commands[0].broken_by("1\n2\n3\n"), None);
        assert_eq!(commands[0].broken_by("2\n3\n").as_deref(), Some("line 1 of the output: the page shows `1`, the program prints `2`"));
        assert_eq!(commands[0].broken_by("").as_deref(), Some("line 1 of the output: the page shows `1`, the program prints nothing"));
        assert_eq!((commands[1].broken_by("anything"), commands[2].broken_by("3\n")), (None, None));
        assert_eq!(
            commands[2].broken_by("3\n4\n").as_deref(),
            Some("line 2 of the output: the page shows nothing, the program prints `4`")
        );
        let empty = Shown { output: Vec::new(), ..commands[0].clone() };
        assert!(empty.broken_by("1\n").is_some());
    }

    #[test]
    fn a_rewritten_page_keeps_its_promises() {
        let printed = |shown: &Shown| format!("{}\nx\ny\n", shown.command);
        let page = rewritten(PAGE, printed);
        assert_eq!(page.lines().count(), PAGE.lines().count() + 2, "{page}");
        for command in shown(&page) {
            assert_eq!(command.broken_by(&printed(&command)), None);
        }
        assert_eq!(rewritten(&page, printed), page);
    }
}
