//! The cup follows the crew actually entered for the event (A4, A5, P21, P22).

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::grade::Grade;
use crate::names::{ClassId, CupId, DriverId};
use crate::rulebook::crew::Granted;
use crate::rulebook::{Law, Rulebook};

/// The cup a crew belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CupFit {
    /// This cup.
    Cup(CupId),
    /// The class has cups and the crew fits none: it scores in the class only (A4, our choice).
    None,
    /// The class has no cups.
    NoCups,
    /// Not every grade is known; these cups remain possible.
    Open(Vec<CupId>),
}

impl CupFit {
    /// Whether a car with this fit is ranked in a cup: surely, perhaps (`None`), or not.
    pub fn is(&self, cup: &CupId) -> Option<bool> {
        match self {
            Self::Cup(fits) => Some(fits == cup),
            Self::None | Self::NoCups => Some(false),
            Self::Open(possible) if possible.contains(cup) => None,
            Self::Open(_) => Some(false),
        }
    }

    /// The cup, or those that remain possible.
    pub fn possible(&self) -> &[CupId] {
        match self {
            Self::Cup(cup) => core::slice::from_ref(cup),
            Self::Open(possible) => possible,
            Self::None | Self::NoCups => &[],
        }
    }

    /// As people read it: the cup's title, `?` where several are possible, nothing where there is none.
    pub fn title(&self, rulebook: &Rulebook) -> String {
        match self {
            Self::Cup(cup) => rulebook.latest().cup(cup).map_or_else(|| cup.to_string(), |cup| cup.title.clone()),
            Self::Open(_) => String::from("?"),
            Self::None | Self::NoCups => String::new(),
        }
    }

    /// For machines: its id, or those that remain possible with `|` between.
    pub fn ids(&self) -> String {
        match self {
            Self::Cup(cup) => cup.to_string(),
            Self::Open(possible) => possible.iter().map(CupId::as_str).collect::<Vec<_>>().join("|"),
            Self::None | Self::NoCups => String::new(),
        }
    }
}

/// The grade a driver has in a series: its own dispensation before the FIA's (A3, P22).
pub fn grade_in(law: &Law, driver: &DriverId, grade: Option<Grade>) -> Option<Grade> {
    let own = law.dispensations.iter().find_map(|dispensation| match &dispensation.grants {
        Granted::Grade { driver: id, grade } if id == driver => Some(*grade),
        Granted::Grade { .. } | Granted::Crew { .. } => None,
    });
    own.or(grade)
}

/// The cup of a crew with these grades (`None` where a grade is not known). `crew_open` says that a driver may be missing from the list.
pub fn cup_of(law: &Law, class: &ClassId, grades: &[Option<Grade>], crew_open: bool) -> CupFit {
    let cups: Vec<_> = law.cups.iter().filter(|cup| cup.class == *class).collect();
    if cups.is_empty() {
        return CupFit::NoCups;
    }
    let known: Vec<Grade> = grades.iter().copied().flatten().collect();
    let complete = known.len() == grades.len() && !crew_open && !grades.is_empty();
    if complete {
        let granted = law.dispensations.iter().find_map(|dispensation| match &dispensation.grants {
            Granted::Crew { class: of, cup: Some(cup), crew } if of == class && crew.fits(&known) => Some(cup.clone()),
            Granted::Crew { .. } | Granted::Grade { .. } => None,
        });
        let written = || cups.iter().find(|cup| cup.crews.iter().any(|crew| crew.fits(&known))).map(|cup| cup.id.clone());
        return granted.or_else(written).map_or(CupFit::None, CupFit::Cup);
    }
    let possible = cups.iter().filter(|cup| cup.crews.iter().any(|crew| crew.could_fit(&known)));
    CupFit::Open(possible.map(|cup| cup.id.clone()).collect())
}

/// Whether a class admits a crew, by its patterns or by a dispensation (A5). A class without patterns admits any crew.
pub fn admits(law: &Law, class: &ClassId, grades: &[Grade]) -> bool {
    let Some(of) = law.class(class) else { return false };
    let granted = || {
        law.dispensations.iter().any(|dispensation| match &dispensation.grants {
            Granted::Crew { class: of, crew, .. } => of == class && crew.fits(grades),
            Granted::Grade { .. } => false,
        })
    };
    of.admits.is_empty() || of.admits.iter().any(|crew| crew.fits(grades)) || granted()
}
