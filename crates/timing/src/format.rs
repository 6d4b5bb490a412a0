//! Every format that tells of sessions: known by its content, read into accounts, written from one.

use crate::account::Account;
use crate::crossings;
use crate::flaw::Flaw;
use crate::p3;
use crate::sim::acc::bop::Bop;
use crate::sim::acc::entry_list::EntryList;
use crate::sim::acc::limits::Beyond;
use crate::sim::acc::results::Results;
use crate::sim::acc::tables::Platform;
use crate::sim::assetto_corsa;
use crate::sim::iracing;
use crate::sim::iracing::results_page::ResultsPage;

/// A format of files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// What a P3 decoder sent.
    P3,
    /// A result of a server of Assetto Corsa Competizione.
    AccResults,
    /// Its entry list.
    AccEntryList,
    /// Its balance of performance.
    AccBop,
    /// A result of Assetto Corsa.
    AssettoCorsa,
    /// A result of iRacing, as its data service tells it.
    Iracing,
    /// A result of iRacing, as its page saves it.
    IracingCsv,
}

/// What a file tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// In which format.
    pub format: Format,
    /// The sessions it tells of.
    pub accounts: Vec<Account>,
    /// What of it could not be read.
    pub flaws: Vec<Flaw>,
}

type Read = Result<(Vec<Account>, Vec<Flaw>), Flaw>;

impl Format {
    /// All, with the word each is asked for by and what it is, in the order in which they are looked for.
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::P3, "p3", "passings of a MYLAPS P3 decoder"),
        (Self::AccEntryList, "acc-entry-list", "entry list of an Assetto Corsa Competizione server"),
        (Self::AccBop, "acc-bop", "balance of performance of an Assetto Corsa Competizione server"),
        (Self::AccResults, "acc-results", "result of an Assetto Corsa Competizione server"),
        (Self::AssettoCorsa, "assetto-corsa", "result of an Assetto Corsa server"),
        (Self::Iracing, "iracing", "result of iRacing"),
        (Self::IracingCsv, "iracing-csv", "results page of iRacing"),
    ];

    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(_, word, _)| word)
    }

    /// What it is.
    pub fn title(self) -> &'static str {
        Self::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(.., title)| title)
    }

    /// What a file of it is called where nobody says otherwise: servers look for their files by these names.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::P3 => "passings.hex",
            Self::AccResults => "results.json",
            Self::AccEntryList => "entrylist.json",
            Self::AccBop => "bop.json",
            Self::AssettoCorsa => "race.json",
            Self::Iracing => "iracing.json",
            Self::IracingCsv => "iracing.csv",
        }
    }

    /// The format of a file by its content, of which the beginning is enough.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().map(|(format, ..)| format).find(|format| format.holds(bytes))
    }

    /// Whether bytes are the beginning of a file of this format.
    fn holds(self, bytes: &[u8]) -> bool {
        match self {
            Self::P3 => p3::log::is(bytes),
            Self::AccResults => Results::is(bytes),
            Self::AccEntryList => EntryList::is(bytes),
            Self::AccBop => Bop::is(bytes),
            Self::AssettoCorsa => assetto_corsa::Results::is(bytes),
            Self::Iracing => iracing::Results::is(bytes),
            Self::IracingCsv => ResultsPage::is(bytes),
        }
    }

    /// The sessions that a file of this format tells of.
    ///
    /// # Errors
    /// Nothing of it can be read: where and why.
    pub fn read(self, bytes: &[u8]) -> Result<Told, Flaw> {
        let (mut accounts, flaws) = self.accounts(bytes)?;
        accounts.iter_mut().for_each(crossings::laps);
        Ok(Told { format: self, accounts, flaws })
    }

    fn accounts(self, bytes: &[u8]) -> Read {
        match self {
            Self::P3 => {
                let (account, flaws) = p3::log::decode(bytes);
                Ok((vec![account], flaws))
            }
            Self::AccResults => Results::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::AccEntryList => EntryList::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::AccBop => Bop::decode(bytes).map(|(of, flaws)| (of.accounts(Platform::Pc), flaws)),
            Self::AssettoCorsa => assetto_corsa::Results::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::Iracing => iracing::Results::decode(bytes).map(|(of, flaws)| (of.accounts(), flaws)),
            Self::IracingCsv => ResultsPage::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
        }
    }

    /// A session in this format.
    ///
    /// # Errors
    /// The session has nothing that this format tells of, or whoever reads it would not take it.
    pub fn write(self, account: &Account) -> Result<Vec<u8>, String> {
        let told = |beyond: Vec<Beyond>| beyond.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ");
        match self {
            Self::P3 if account.crossings.is_empty() && account.laps.is_empty() => Err(String::from("it has no passings and no laps")),
            Self::P3 => Ok(p3::log::encode(account)),
            Self::AccResults => Ok(Results::of(account).encode()),
            Self::AccEntryList => {
                let list = EntryList::of(account);
                list.for_server(list.document.encoding).map_err(|beyond| format!("the server would not take it:\n  {}", told(beyond)))
            }
            Self::AccBop => {
                let bop = Bop::of(account, Platform::Pc)?;
                bop.for_server(bop.document.encoding, Platform::Pc)
                    .map_err(|beyond| format!("the server would not take it:\n  {}", told(beyond)))
            }
            Self::AssettoCorsa => Ok(assetto_corsa::Results::of(account).encode()),
            Self::Iracing => Ok(iracing::Results::of(std::slice::from_ref(account)).encode()),
            Self::IracingCsv => Ok(ResultsPage::of(account).encode()),
        }
    }
}

/// What several files tell of one session, as one account.
pub fn together(mut accounts: Vec<Account>) -> Account {
    accounts.pop().unwrap_or_default()
}
