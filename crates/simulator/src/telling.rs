//! Everything that was said, put into the order in which it arrives.

use std::sync::Arc;

use sport::date::Instant;
use sport::fact::What;
use sport::line::Layout;
use sport::meeting_fact::{self, MeetingFact};
use sport::passing::Passing;

use crate::hearing::Heard;
use crate::said::Said;
use crate::troubles::Troubles;

/// What a word names among the things said before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Names {
    /// Nothing.
    Nothing,
    /// A batch, by position.
    Batch(usize),
    /// Another word, by position.
    Word(usize),
}

/// Something a person or a box says.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// What is said; what it names is still open.
    pub(crate) said: Said,
    /// What it names.
    pub(crate) names: Names,
}

impl Word {
    /// A word that names nothing.
    pub(crate) fn plain(said: Said) -> Self {
        Self { said, names: Names::Nothing }
    }
}

/// Batches and words in the order of arrival, each named by its number, from 1.
pub(crate) fn told(round: u16, layout: &Layout, heard: &Heard, mut words: Vec<Word>, troubles: &Troubles) -> Vec<Said> {
    for word in &mut words {
        word.said.at = Instant(troubles.said(word.said.at.0));
    }
    let batches = heard.batches.iter().enumerate().map(|(ix, batch)| (batch.at, Names::Batch(ix)));
    let mut order: Vec<(i64, Names)> =
        words.iter().enumerate().map(|(ix, word)| (word.said.at.0, Names::Word(ix))).chain(batches).collect();
    order.sort_by_key(|(at, _)| *at);
    let (mut of_batch, mut of_word) = (vec![0_u64; heard.batches.len()], vec![0_u64; words.len()]);
    for ((_, item), number) in order.iter().zip(1..) {
        match item {
            Names::Batch(ix) => of_batch[*ix] = number,
            Names::Word(ix) => of_word[*ix] = number,
            Names::Nothing => {}
        }
    }
    for word in &mut words {
        let number = match word.names {
            Names::Nothing => continue,
            Names::Batch(ix) => of_batch[ix],
            Names::Word(ix) => of_word[ix],
        };
        if let What::Undo { fact, .. } = &mut word.said.what {
            *fact = number;
        } else if let What::Meeting(MeetingFact::Judged { passing, .. }) = &mut word.said.what {
            passing.fact = u32::try_from(number).expect("a session has fewer than four billion facts");
        }
    }
    let mut words: Vec<Option<Said>> = words.into_iter().map(|word| Some(word.said)).collect();
    let said = |(at, item): (i64, Names)| match item {
        Names::Batch(ix) => {
            let batch = heard.batches[ix];
            Some(sent(round, layout, at, batch.source, &heard.passings[batch.from..batch.to]))
        }
        Names::Word(ix) => words[ix].take(),
        Names::Nothing => None,
    };
    order.into_iter().filter_map(said).collect()
}

fn sent(round: u16, layout: &Layout, at: i64, source: usize, passings: &[Passing]) -> Said {
    let source = layout.sources()[source].id.clone();
    let citation = source.as_str().to_owned();
    let what = What::Meeting(MeetingFact::Heard(meeting_fact::Heard { round, source, passings: Arc::from(passings) }));
    Said { at: Instant(at), happened: Instant(at), by: "decoder", citation, what }
}
