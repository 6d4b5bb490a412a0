//! Faults for people: the cause, the file with line and column, the excerpt, and the word that was probably meant.

use std::io::IsTerminal as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use paperwork::fault::{Fault, Weight};
use paperwork::read::Sources;

use crate::columns::visible;

/// An excerpt is taken from at most so many bytes of a file, so that one line of a huge file stays one line.
const EXCERPT_MAX: usize = 1 << 20;

/// Whether what is said on standard error has colours.
pub(crate) fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Faults as text, each with its excerpt where its file could be read.
pub(crate) fn text(faults: &[Fault], sources: &Sources) -> String {
    let renderer = if colours() { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(120);
    let one = |fault: &Fault| {
        let plain = |text: &str| visible(text, false);
        let (message, label, file) = (plain(&fault.message), plain(&fault.label), plain(&fault.file));
        let help = fault.help.as_deref().map(plain);
        let level = match fault.weight {
            Weight::Error => Level::ERROR,
            Weight::Warning => Level::WARNING,
        };
        let title = level.primary_title(message.as_str()).id(fault.code);
        let source = sources.text(&fault.file).filter(|text| text.len() <= EXCERPT_MAX);
        let group: Group<'_> = match (&fault.span, source) {
            (Some(span), Some(source)) if span.end <= source.len() => {
                let mark = AnnotationKind::Primary.span(span.clone());
                let mark = if label.is_empty() { mark } else { mark.label(label.as_str()) };
                title.element(Snippet::source(source).path(file.as_str()).annotation(mark))
            }
            // Line 0: what stands in no line of a file, such as a fact of a journal.
            _ if fault.line == 0 => title.element(Origin::path(file.as_str())),
            _ => title.element(Origin::path(file.as_str()).line(fault.line as usize).char_column(fault.column as usize)),
        };
        let group = match &help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        };
        renderer.render(&[group])
    };
    let many =
        |fault: &Fault| fault.weight == Weight::Warning && faults.iter().filter(|other| same_kind(other, fault)).count() > FOLDED_ABOVE;
    let mut text = String::new();
    for (ix, fault) in faults.iter().enumerate() {
        if !many(fault) {
            text.push_str(&format!("{}\n\n", one(fault)));
        } else if !faults[..ix].iter().any(|earlier| same_kind(earlier, fault)) {
            text.push_str(&folded(faults, fault));
        }
    }
    let count = |weight: Weight| faults.iter().filter(|fault| fault.weight == weight).count();
    text.push_str(&summary(count(Weight::Error), count(Weight::Warning)));
    text
}

/// More warnings of one kind than this are folded into one.
const FOLDED_ABOVE: usize = 3;

fn same_kind(one: &Fault, other: &Fault) -> bool {
    (one.weight, one.code) == (other.weight, other.code)
}

/// All warnings of one kind: how many, and the first few with their places.
fn folded(faults: &[Fault], of: &Fault) -> String {
    let all: Vec<&Fault> = faults.iter().filter(|fault| same_kind(fault, of)).collect();
    let mut text = format!("warning[{}]: {} of this kind\n", of.code, all.len());
    for fault in &all[..FOLDED_ABOVE] {
        text.push_str(&format!("  {}:{}:{}: {}\n", fault.file, fault.line, fault.column, fault.message));
    }
    text.push_str(&format!("  … and {} more\n\n", all.len() - FOLDED_ABOVE));
    text
}

/// `2 errors, 1 warning`.
pub(crate) fn summary(errors: usize, warnings: usize) -> String {
    let many = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}\n", many(errors, "error"), many(warnings, "warning"))
}
