//! A season for the simulator: the rulebook and calendar of Blancpain GT Series Asia 2018, and as many cars as wanted.

use std::path::Path;

use paperwork::read::Sources;
use sport::date::{Date, Instant, Micros};
use sport::entry::{Driver, Entry, EntryList, EntryStatus, Spell};
use sport::grade::{DatedGrade, Grade};
use sport::names::{DriverId, EntryId};
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::SessionKind;

use simulator::{Faults, Orders, Plan};

/// A rulebook and a season without a fact.
pub(crate) struct Made {
    pub(crate) rulebook: Rulebook,
    pub(crate) season: Season,
}

/// A season with so many cars: two thirds GT3, the rest GT4; crews of two with every mixture of grades.
pub(crate) fn made(cars: usize) -> Made {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let loaded = paperwork::season::season(&root.join("seasons/blancpain-gt-series-asia-2018"), &mut Sources::new(&root));
    let loaded = loaded.value.expect("the season in the tree loads");
    let season = Season::new(&loaded.title, 2018, loaded.calendar.clone(), entry_list(cars));
    Made { rulebook: loaded.rulebook, season }
}

fn entry_list(cars: usize) -> EntryList {
    let mut list = EntryList::default();
    let from = Date { year: 2018, month: 1, day: 1 };
    for car in 0..cars {
        let crew: Vec<DriverId> = (0..2).map(|seat| DriverId::new(&format!("driver-{car:02}-{seat}"))).collect();
        for (seat, id) in crew.iter().enumerate() {
            let grades = vec![DatedGrade { grade: Grade::ALL[(car / 3 + seat * 2) % 4], from }];
            list.drivers.push(Driver {
                id: id.clone(),
                name: format!("Driver {id}"),
                nationality: None,
                players: Vec::new(),
                born: None,
                grades,
            });
        }
        let number = format!("{}", car + 1);
        list.entries.push(Entry {
            id: EntryId::new(&number),
            number: Some(number),
            team: None,
            class: if car * 3 < cars * 2 { "GT3".into() } else { "GT4".into() },
            model: None,
            maker: None,
            constructor: None,
            status: EntryStatus::Regular,
            registered: Vec::new(),
            spells: vec![Spell { rounds: (1..=6).collect(), crew, perhaps: Vec::new(), crew_open: false, cup: None }],
        });
    }
    list
}

impl Made {
    /// The position of the first session of a kind in a round.
    pub(crate) fn session(&self, round: u16, kind: SessionKind) -> usize {
        let wanted = |session: &sport::session::Session| session.name.round == round && session.kind == kind;
        self.season.calendar.sessions.iter().position(wanted).expect("every weekend has one")
    }

    /// The meeting of a seed.
    pub(crate) fn plan(&self, round: u16, seed: u64, faults: Faults) -> Plan<'_> {
        Plan { rulebook: &self.rulebook, season: &self.season, round, seed, faults }
    }

    /// A session with the cars on the grid as on the entry list; the first three owe seconds.
    pub(crate) fn orders(&self, session: usize) -> Orders {
        let due = [15, 10, 5].map(Micros::seconds).to_vec();
        let begins = Instant(self.season.calendar.sessions[session].date.midnight().0 + 8 * 3_600_000_000);
        Orders { session, begins, grid: (0..self.season.list.entries.len()).collect(), due, first_fact: 1 }
    }
}
