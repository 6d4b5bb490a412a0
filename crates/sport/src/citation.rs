//! Where a number comes from: an article of a rulebook, a bulletin, a published page, a decision. Every effect cites.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

/// The origin of a rule value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleCitation {
    /// Dotted name of the rule in the rulebook: `award.race`.
    pub rule: String,
    /// The article as the series numbers it, or our clause: `E1`.
    pub article: String,
    /// Ids of the rulebook's sources that say so: `S00 S02`.
    pub source: Option<String>,
    /// Why the value is assumed, where the text is not known.
    pub assumed: Option<String>,
    /// The file the value stands in, relative to the tree, `/` between parts.
    pub file: String,
    /// The line of the rule's heading, from 1.
    pub line: u32,
    /// The bulletin that set it, where one did.
    pub bulletin: Option<String>,
}

impl fmt::Display for RuleCitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{}, article {}", self.rule, self.file, self.line, self.article)?;
        if let Some(source) = &self.source {
            write!(f, ", source {source}")?;
        }
        if let Some(bulletin) = &self.bulletin {
            write!(f, ", bulletin {bulletin}")?;
        }
        if self.assumed.is_some() {
            f.write_str(", assumed")?;
        }
        f.write_str(")")
    }
}

/// A rule value's citation, shared by all that follows from it.
pub type Cite = Arc<RuleCitation>;
