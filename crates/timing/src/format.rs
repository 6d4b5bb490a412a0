//! Every format that tells of sessions: known by its content, read into accounts, written from one.

use crate::account::Account;
use crate::al_kamel::analysis::{self, Analysis};
use crate::al_kamel::classification::{self, Classification};
use crate::al_kamel::flags::{self, FlagAnalysis};
use crate::al_kamel::weather::{self, WeatherReport};
use crate::flaw::Flaw;
use crate::mapped::mapping::{Known, Rows};
use crate::mapped::{self, Kind, Mapped};
use crate::multiloop::field::Separator;
use crate::scoreboard::reader::Session;
use crate::scoreboard::{log, replay};
use crate::sim::acc::bop::Bop;
use crate::sim::acc::entry_list::EntryList;
use crate::sim::acc::limits::Beyond;
use crate::sim::acc::results::Results;
use crate::sim::acc::tables::Platform;
use crate::sim::assetto_corsa;
use crate::sim::iracing;
use crate::sim::iracing::results_page::ResultsPage;
use crate::sim::rfactor;
use crate::swiss_tables::{self, PitStops, SectorList};
use crate::{crossings, decoder, gtwce, multiloop, p3, swiss};

/// A format of files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// What a P3 decoder sent.
    P3,
    /// What another decoder sent.
    DecoderLog,
    /// The log of a scoreboard's feed.
    Rmonitor,
    /// The same, in the other language of scoreboards.
    Multiloop,
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
    /// A result of rFactor 2 or Le Mans Ultimate.
    Rfactor,
    /// Laps of a session timed by Al Kamel.
    AlKamelAnalysis,
    /// Its classification.
    AlKamelClassification,
    /// Its flags and messages of race control.
    AlKamelFlags,
    /// Its weather.
    AlKamelWeather,
    /// A result of GT World Challenge Europe.
    Gtwce,
    /// An entry list of Swiss Timing.
    SwissEntryList,
    /// A result list of Swiss Timing.
    SwissResultList,
    /// A session of Swiss Timing, as a viewer archived it.
    SwissSession,
    /// Pit stops as Swiss Timing reports them.
    SwissStops,
    /// Laps with sectors as Swiss Timing reports them.
    SwissSectors,
    /// Separated text or a spreadsheet of results.
    Table,
    /// The same, of laps.
    LapTable,
    /// A spreadsheet of results.
    Spreadsheet,
    /// A spreadsheet of laps.
    LapSpreadsheet,
}

/// How a file is read, where its content does not say it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct How {
    /// What the columns of a table are.
    pub known: Known,
    /// For which machines the server was.
    pub platform: Platform,
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
    pub const ALL: [(Self, &'static str, &'static str); 25] = [
        (Self::P3, "p3", "passings of a MYLAPS P3 decoder"),
        (Self::Rmonitor, "rmonitor", "log of an RMonitor feed"),
        (Self::Multiloop, "multiloop", "log of a Multiloop feed"),
        (Self::AccEntryList, "acc-entry-list", "entry list of an Assetto Corsa Competizione server"),
        (Self::AccBop, "acc-bop", "balance of performance of an Assetto Corsa Competizione server"),
        (Self::AccResults, "acc-results", "result of an Assetto Corsa Competizione server"),
        (Self::AssettoCorsa, "assetto-corsa", "result of an Assetto Corsa server"),
        (Self::Iracing, "iracing", "result of iRacing"),
        (Self::IracingCsv, "iracing-csv", "results page of iRacing"),
        (Self::Rfactor, "rfactor", "result of rFactor 2 or Le Mans Ultimate"),
        (Self::AlKamelAnalysis, "al-kamel-analysis", "laps of an Al Kamel session"),
        (Self::AlKamelClassification, "al-kamel-classification", "classification of an Al Kamel session"),
        (Self::AlKamelFlags, "al-kamel-flags", "flags and messages of an Al Kamel session"),
        (Self::AlKamelWeather, "al-kamel-weather", "weather of an Al Kamel session"),
        (Self::Gtwce, "gtwce", "result of GT World Challenge Europe"),
        (Self::SwissEntryList, "swiss-entry-list", "entry list of Swiss Timing"),
        (Self::SwissResultList, "swiss-results", "result list of Swiss Timing"),
        (Self::SwissSession, "swiss-session", "archived session of Swiss Timing"),
        (Self::SwissStops, "swiss-stops", "pit stops of a Swiss Timing session"),
        (Self::SwissSectors, "swiss-sectors", "laps and sectors of a Swiss Timing session"),
        (Self::DecoderLog, "decoder-log", "log of a TranX, AMBrc, Chronelec, Timy or RACE RESULT decoder, or of an X2 bridge"),
        (Self::Table, "table", "table of results or laps"),
        (Self::LapTable, "lap-table", "table of laps"),
        (Self::Spreadsheet, "xlsx", "spreadsheet of results or laps"),
        (Self::LapSpreadsheet, "lap-xlsx", "spreadsheet of laps"),
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
            Self::DecoderLog => "passings.log",
            Self::Rmonitor => "session.rmon",
            Self::Multiloop => "session.mlp",
            Self::AccResults => "results.json",
            Self::AccEntryList => "entrylist.json",
            Self::AccBop => "bop.json",
            Self::AssettoCorsa => "race.json",
            Self::Iracing => "iracing.json",
            Self::IracingCsv => "iracing.csv",
            Self::Rfactor => "rfactor.xml",
            Self::SwissEntryList => "ENTRY_LIST.XML",
            Self::SwissResultList => "RESULT_LIST.XML",
            Self::SwissSession => "session.json",
            Self::AlKamelAnalysis => "23_Analysis.CSV",
            Self::AlKamelClassification => "03_Classification.CSV",
            Self::AlKamelFlags => "25_FlagsAnalysisWithRCMessages.CSV",
            Self::AlKamelWeather => "26_Weather.CSV",
            Self::Gtwce => "results.csv",
            Self::SwissStops => "PitStops.csv",
            Self::SwissSectors => "SectorList.csv",
            Self::Table => "table.csv",
            Self::LapTable => "laps.csv",
            Self::Spreadsheet => "table.xlsx",
            Self::LapSpreadsheet => "laps.xlsx",
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
            Self::DecoderLog => decoder::log::kind(bytes).is_some(),
            Self::Rmonitor => log::is_rmonitor(bytes),
            Self::Multiloop => multiloop::stream::is(bytes),
            Self::AccResults => Results::is(bytes),
            Self::AccEntryList => EntryList::is(bytes),
            Self::AccBop => Bop::is(bytes),
            Self::AssettoCorsa => assetto_corsa::Results::is(bytes),
            Self::Iracing => iracing::Results::is(bytes),
            Self::IracingCsv => ResultsPage::is(bytes),
            Self::Rfactor => rfactor::Results::is(bytes),
            Self::SwissEntryList => swiss::entry_list::EntryList::is(bytes),
            Self::SwissResultList => swiss::result_list::ResultList::is(bytes),
            Self::SwissSession => swiss::session::Session::is(bytes),
            Self::AlKamelAnalysis => analysis::is(bytes),
            Self::AlKamelClassification => classification::is(bytes),
            Self::AlKamelFlags => flags::is(bytes),
            Self::AlKamelWeather => weather::is(bytes),
            Self::Gtwce => gtwce::is(bytes),
            Self::SwissStops => swiss_tables::is_stops(bytes),
            Self::SwissSectors => swiss_tables::is_sectors(bytes),
            Self::Table => mapped::is(bytes) && !mapped::is_spreadsheet(bytes),
            Self::Spreadsheet => mapped::is_spreadsheet(bytes),
            // Whether a table is of results or of laps it says itself; the word is for writing.
            Self::LapTable | Self::LapSpreadsheet => false,
        }
    }

    /// The sessions that a file of this format tells of.
    ///
    /// # Errors
    /// Nothing of it can be read: where and why.
    pub fn read(self, bytes: &[u8], how: &How) -> Result<Told, Flaw> {
        let (mut accounts, flaws) = self.accounts(bytes, how)?;
        accounts.iter_mut().for_each(crossings::laps);
        Ok(Told { format: self, accounts, flaws })
    }

    fn accounts(self, bytes: &[u8], how: &How) -> Read {
        let on = how.platform;
        match self {
            Self::P3 => {
                let (account, flaws) = p3::log::decode(bytes);
                Ok((vec![account], flaws))
            }
            Self::DecoderLog => decoder::log::decode(bytes).map(|(account, flaws)| (vec![account], flaws)),
            Self::Rmonitor => Ok(runs(log::rmonitor(bytes))),
            Self::Multiloop => Ok(runs(log::multiloop(bytes))),
            Self::AccResults => Results::decode(bytes).map(|(of, flaws)| (vec![of.account_on(on)], flaws)),
            Self::AccEntryList => EntryList::decode(bytes).map(|(of, flaws)| (vec![of.account_on(on)], flaws)),
            Self::AccBop => Bop::decode(bytes).map(|(of, flaws)| (of.accounts(on), flaws)),
            Self::AssettoCorsa => assetto_corsa::Results::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::Iracing => iracing::Results::decode(bytes).map(|(of, flaws)| (of.accounts(), flaws)),
            Self::IracingCsv => ResultsPage::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::Rfactor => rfactor::Results::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::SwissEntryList => swiss::entry_list::EntryList::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::SwissResultList => swiss::result_list::ResultList::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::SwissSession => swiss::session::Session::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::AlKamelAnalysis => Analysis::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::AlKamelClassification => Classification::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::AlKamelFlags => FlagAnalysis::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::AlKamelWeather => WeatherReport::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::Gtwce => gtwce::Results::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::SwissStops => PitStops::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::SwissSectors => SectorList::decode(bytes).map(|(of, flaws)| (vec![of.account()], flaws)),
            Self::Table | Self::LapTable | Self::Spreadsheet | Self::LapSpreadsheet => {
                Mapped::decode(bytes, &how.known).map(|(of, flaws)| (vec![of.account()], flaws))
            }
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
            Self::DecoderLog => Err(String::from("a decoder's lines are only read; p3 is written")),
            Self::Rmonitor => Ok(replay::rmonitor(account)),
            Self::Multiloop => Ok(replay::multiloop(account, Separator::USUAL)),
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
            Self::Rfactor => Ok(rfactor::Results::of(account).encode()),
            Self::SwissEntryList => Ok(swiss::entry_list::EntryList::of(account).encode()),
            Self::SwissResultList => Ok(swiss::result_list::ResultList::of(account).encode()),
            Self::SwissSession => Err(String::from("a viewer's archive is only read")),
            Self::AlKamelAnalysis if account.laps.is_empty() => Err(String::from("it has no laps")),
            Self::AlKamelAnalysis => Ok(Analysis::of(account).encode()),
            Self::AlKamelClassification => Ok(Classification::of(account).encode()),
            Self::AlKamelFlags => Ok(FlagAnalysis::of(account).encode()),
            Self::AlKamelWeather => Ok(WeatherReport::of(account).encode()),
            Self::Gtwce => Ok(gtwce::Results::of(account).encode()),
            Self::SwissStops => Ok(PitStops::of(account).encode()),
            Self::SwissSectors if account.laps.is_empty() => Err(String::from("it has no laps")),
            Self::SwissSectors => Ok(SectorList::of(account).encode()),
            Self::Table => Ok(Mapped::of_rows(account, Kind::Text, Rows::Results).encode()),
            Self::LapTable => Ok(Mapped::of_rows(account, Kind::Text, Rows::Laps).encode()),
            Self::Spreadsheet => Ok(Mapped::of_rows(account, Kind::Sheet(sheet(account)), Rows::Results).encode()),
            Self::LapSpreadsheet => Ok(Mapped::of_rows(account, Kind::Sheet(sheet(account)), Rows::Laps).encode()),
        }
    }
}

/// What the runs of a feed tell.
fn runs((runs, flaws): (Vec<Session>, Vec<Flaw>)) -> (Vec<Account>, Vec<Flaw>) {
    (runs.iter().map(Session::account).collect(), flaws)
}

/// The name of a sheet: the session's.
fn sheet(account: &Account) -> String {
    account.about.session.clone().unwrap_or_else(|| String::from("Session"))
}
