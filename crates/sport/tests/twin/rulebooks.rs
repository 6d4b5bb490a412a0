//! Random rulebooks: every basis, scale, factor, tie step and way of counting that a rulebook can name.

use std::sync::Arc;

use sport::citation::{Cite, RuleCitation};
use sport::date::Micros;
use sport::grade::{Grade, GradeSet};
use sport::names::{AwardId, ChampionshipId, ClassId, CupId, MarkId, TableId};
use sport::points::Points;
use sport::rulebook::award::{Award, Basis, ClassifiedRule, CrewFactor, Length, PointsTable, Scale, Sessions, ShortenedStep};
use sport::rulebook::championship::{
    BestCars, Championship, CompetitorKind, Keep, KeepBest, KeepRange, KeepUnit, Listed, SharedDrive, TieBreak, Ties, TwoCars,
};
use sport::rulebook::crew::{Class, CrewPattern, Cup, EntryRules, StatusRule};
use sport::rulebook::success::{SuccessPenalty, SuccessStep, SuccessUnit};
use sport::rulebook::{Law, Rulebook, Version};
use sport::session::{Calendar, SessionKind};

use crate::random::Random;

/// A citation that says nothing.
pub fn cite() -> Cite {
    Arc::new(RuleCitation {
        rule: "rule".into(),
        article: "1".into(),
        source: None,
        assumed: None,
        file: "made.toml".into(),
        line: 1,
        bulletin: None,
    })
}

fn grades_of(random: &mut Random) -> GradeSet {
    match random.below(5) {
        0 => GradeSet::of(&[Grade::Bronze]),
        1 => GradeSet::of(&[Grade::Silver]),
        2 => GradeSet::of(&[Grade::Silver, Grade::Gold, Grade::Platinum]),
        3 => GradeSet::of(&[Grade::Bronze, Grade::Silver]),
        _ => GradeSet::of(&Grade::ALL),
    }
}

fn crew_of(random: &mut Random) -> CrewPattern {
    let drivers = *random.pick(&[1, 2, 2, 2, 3]);
    CrewPattern { slots: (0..drivers).map(|_| grades_of(random)).collect() }
}

fn points_of(random: &mut Random) -> Points {
    match random.below(6) {
        0 => Points::fraction(random.signed(1, 40), 2),
        1 => Points::fraction(random.signed(1, 300), 10),
        2 => Points::fraction(random.signed(1, 20), 3),
        _ => Points::fraction(random.signed(0, 30), 1),
    }
    .expect("small")
}

fn factor_of(random: &mut Random) -> Points {
    let text = *random.pick(&["1", "1", "1", "1", "1.5", "2", "0.5", "1/3"]);
    Points::parse(text).expect(text)
}

fn length_of(random: &mut Random) -> Length {
    let mut length = Length::default();
    match random.below(8) {
        0 => length.minutes_min = Some(60),
        1 => length.minutes_max = Some(60),
        2 => length.kilometres_min = Some(700),
        3 => length.kilometres_max = Some(700),
        _ => {}
    }
    length
}

fn classified_of(random: &mut Random, classes: &[Class]) -> ClassifiedRule {
    ClassifiedRule {
        sessions: Sessions { kind: SessionKind::Race, ids: Vec::new(), rounds: Vec::new(), length: length_of(random) },
        classes: if random.chance(50) { vec![random.pick(classes).id.clone()] } else { Vec::new() },
        share: Points::parse(random.pick::<&str>(&["1/2", "0.75", "0.9", "1"])).expect("written so"),
        of_class_winner: random.chance(50),
        round_down: random.chance(50),
        take_chequered: false,
        cite: cite(),
    }
}

fn scale_of(random: &mut Random) -> Scale {
    match random.below(8) {
        0 => Scale::ByStarters { base: Points::whole(10), decimals: 2 },
        1 => Scale::PlaceItself,
        2 | 3 => Scale::Places { points: [25, 18, 15, 12, 10, 8, 6, 4, 2, 1].map(Points::whole).to_vec(), rest: Points::ZERO },
        _ => {
            let mut points: Vec<Points> = (0..random.between(1, 12)).map(|_| points_of(random)).collect();
            points.sort();
            points.reverse();
            let rest = if random.chance(25) { Points::parse("0.5").expect("0.5") } else { Points::ZERO };
            Scale::Places { points, rest }
        }
    }
}

fn basis_of(random: &mut Random, tables: &[PointsTable], kind: SessionKind) -> Basis {
    match random.below(10) {
        0 | 1 => Basis::FastestLap { points: points_of(random), place_max: random.chance(40).then(|| random.small(1, 8)) },
        2 => Basis::Led { points: points_of(random) },
        3 if kind != SessionKind::Qualifying => {
            Basis::LapsBehind { points: (0..random.between(1, 4)).map(|_| points_of(random)).collect() }
        }
        _ => Basis::Place { table: random.pick(tables).id.clone() },
    }
}

fn awards_of(random: &mut Random, calendar: &Calendar, tables: &[PointsTable]) -> Vec<Award> {
    let mut awards = Vec::new();
    for number in 0..random.between(2, 6) {
        let kind = if number == 0 { SessionKind::Race } else { random.pick(&calendar.sessions).kind };
        let rounds: Vec<u16> = calendar.rounds.iter().map(|round| round.number).collect();
        let ids = if random.chance(10) { vec![random.pick(&calendar.sessions).name.id.clone()] } else { Vec::new() };
        let sessions = Sessions {
            kind,
            ids,
            rounds: if number > 0 && random.chance(20) { random.some(&rounds, 60) } else { Vec::new() },
            length: if number > 0 { length_of(random) } else { Length::default() },
        };
        let mark = (number > 0 && kind == SessionKind::Race && random.chance(25)).then(|| MarkId::from("6h"));
        let basis = if number == 0 { Basis::Place { table: random.pick(tables).id.clone() } } else { basis_of(random, tables, kind) };
        let crew_factors = (0..if random.chance(30) { random.between(1, 3) } else { 0 }).map(|_| CrewFactor {
            crew: crew_of(random),
            factor: factor_of(random),
            place_max: random.chance(40).then(|| random.small(1, 6)),
        });
        awards.push(Award {
            id: AwardId::new(&format!("award-{number}")),
            sessions,
            mark,
            basis,
            crew_factors: crew_factors.collect(),
            factor: factor_of(random),
            countback: number == 0 || random.chance(30),
            cite: cite(),
        });
    }
    awards
}

fn keep_of(random: &mut Random, rounds: u16) -> Keep {
    let best = |random: &mut Random, most: u16| {
        let mut steps: Vec<KeepBest> =
            (0..random.between(1, 3)).map(|_| KeepBest { held: random.small(1, most + 2), best: random.small(1, most) }).collect();
        steps.sort_by_key(|step| step.held);
        steps.dedup_by_key(|step| step.held);
        steps
    };
    let ranges = if rounds > 2 && random.chance(50) {
        let cut = random.small(1, rounds - 1);
        vec![
            KeepRange { first: 1, last: cut, best: best(random, cut) },
            KeepRange { first: cut + 1, last: rounds, best: best(random, rounds - cut) },
        ]
    } else {
        let last = if random.chance(80) { rounds } else { random.small(1, rounds) };
        vec![KeepRange { first: 1, last, best: best(random, last) }]
    };
    let unit = if random.chance(50) { KeepUnit::Round } else { KeepUnit::Session };
    Keep { unit, ranges, disqualification_counts: random.chance(50), cite: cite() }
}

fn ties_of(random: &mut Random) -> Ties {
    let mut steps: Vec<TieBreak> = TieBreak::WORDS.iter().map(|(_, tie)| *tie).collect();
    random.shuffle(&mut steps);
    steps.truncate(random.between(0, 5));
    Ties { steps, cite: cite() }
}

fn championship_of(random: &mut Random, number: usize, law: &Law, rounds: u16) -> Championship {
    let kinds = [CompetitorKind::Driver, CompetitorKind::Team, CompetitorKind::Maker, CompetitorKind::Constructor, CompetitorKind::Entry];
    let competitor = if random.chance(50) { CompetitorKind::Driver } else { *random.pick(&kinds) };
    let driver = competitor == CompetitorKind::Driver;
    let classes: Vec<ClassId> = law.classes.iter().map(|class| class.id.clone()).collect();
    let cups: Vec<CupId> = law.cups.iter().map(|cup| cup.id.clone()).collect();
    let awards: Vec<AwardId> = law.awards.iter().map(|award| award.id.clone()).collect();
    let lowest_wins = random.chance(10);
    let mut counted = vec![awards[0].clone()];
    let two_cars = if lowest_wins { TwoCars::Both } else { *random.pick(&[TwoCars::Both, TwoCars::Better, TwoCars::Nominated]) };
    counted.extend(random.some(&awards[1..], 60));
    let best_cars =
        (!driver && random.chance(50)).then(|| BestCars { count: random.small(1, 3), surplus_invisible: random.chance(50), cite: cite() });
    let shared_drive = if driver {
        *random.pick(&[SharedDrive::Full, SharedDrive::Full, SharedDrive::Split, SharedDrive::Nothing])
    } else {
        SharedDrive::Full
    };
    let driver_grades = (driver && random.chance(15)).then(|| grades_of(random));
    let driver_ages = (driver && random.chance(15)).then_some((18, 40));
    let listed = *random.pick(&[Listed::Scorers, Listed::Scorers, Listed::Finishers, Listed::Everybody]);
    Championship {
        id: ChampionshipId::new(&format!("title-{number}")),
        title: format!("Title {number}"),
        competitor,
        crews_on_one_line: driver && random.chance(50),
        classes: if random.chance(50) { vec![random.pick(&classes).clone()] } else { Vec::new() },
        cups: if !cups.is_empty() && random.chance(25) { vec![random.pick(&cups).clone()] } else { Vec::new() },
        driver_grades,
        driver_ages,
        by_registration: random.chance(15),
        awards: counted,
        sum_of: Vec::new(),
        best_cars,
        newcomers_until: random.chance(15).then(|| random.small(1, rounds)),
        rounds_min: random.chance(25).then(|| random.small(1, rounds.min(4))),
        shared_drive,
        two_cars,
        drive_min: (driver && shared_drive == SharedDrive::Full && random.chance(20)).then(|| Micros::seconds(600)),
        keep: (!lowest_wins && random.chance(50)).then(|| keep_of(random, rounds)),
        skip_rounds: if random.chance(15) { vec![random.small(1, rounds)] } else { Vec::new() },
        ties: ties_of(random),
        lowest_wins,
        listed,
        cite: cite(),
    }
}

fn sum_of(random: &mut Random, number: usize, law: &Law) -> Option<Championship> {
    let first = random.pick(&law.championships).clone();
    let alike =
        |other: &&Championship| other.competitor == first.competitor && other.id != first.id && other.lowest_wins == first.lowest_wins;
    let second = law.championships.iter().find(alike)?;
    Some(Championship {
        id: ChampionshipId::new(&format!("title-{number}")),
        title: format!("Title {number}"),
        awards: Vec::new(),
        sum_of: vec![first.id.clone(), second.id.clone()],
        keep: None,
        skip_rounds: Vec::new(),
        best_cars: None,
        listed: Listed::Scorers,
        ..first
    })
}

fn status_of(random: &mut Random) -> StatusRule {
    StatusRule { scores: random.chance(20), others_move_up: random.chance(60), takes_success: random.chance(30), cite: cite() }
}

fn success_of(random: &mut Random, classes: &[Class]) -> SuccessPenalty {
    let amounts = vec![Micros::seconds(15), Micros::seconds(10), Micros::seconds(5)];
    let long = SuccessStep {
        length: Length { minutes_min: Some(120), ..Length::default() },
        amounts: vec![Micros::seconds(20), Micros::seconds(15)],
        cite: cite(),
    };
    SuccessPenalty {
        unit: SuccessUnit::Time,
        classes: random.some(&classes.iter().map(|class| class.id.clone()).collect::<Vec<_>>(), 70),
        steps: vec![long, SuccessStep { length: Length::default(), amounts, cite: cite() }],
        kept_when_absent: random.chance(50),
        cite: cite(),
    }
}

/// The law of a random rulebook for a calendar.
pub fn law(random: &mut Random, calendar: &Calendar) -> Law {
    let classes: Vec<Class> = (0..random.between(1, 4))
        .map(|ix| Class { id: ClassId::new(&format!("class-{ix}")), title: format!("Class {ix}"), admits: Vec::new(), cite: cite() })
        .collect();
    let mut cups = Vec::new();
    for class in &classes {
        for number in 0..if random.chance(50) { random.between(1, 3) } else { 0 } {
            let id = CupId::new(&format!("{}-cup-{number}", class.id));
            let crews = (0..random.between(1, 2)).map(|_| crew_of(random)).collect();
            cups.push(Cup { id, title: format!("Cup {number}"), class: class.id.clone(), crews, cite: cite() });
        }
    }
    let tables: Vec<PointsTable> = (0..random.between(1, 4))
        .map(|ix| PointsTable { id: TableId::new(&format!("table-{ix}")), scale: scale_of(random), cite: cite() })
        .collect();
    let awards = awards_of(random, calendar, &tables);
    let shortened = vec![
        ShortenedStep { laps_below: Some(2), share_below: None, factor: Points::ZERO, cite: cite() },
        ShortenedStep { laps_below: None, share_below: Points::parse("0.75"), factor: Points::parse("0.5").expect("0.5"), cite: cite() },
    ];
    let classified = (0..random.below(3)).map(|_| classified_of(random, &classes)).collect();
    let success = random.chance(50).then(|| success_of(random, &classes));
    let mut law = Law {
        classes,
        cups,
        dispensations: Vec::new(),
        entries: EntryRules { crew: (1, 3), cars_per_licence: None, class_minimum: None, cite: cite() },
        guests: status_of(random),
        invitational: status_of(random),
        weekend: Vec::new(),
        qualifying: None,
        grid: None,
        start: None,
        end: None,
        pit_stop: None,
        drive_times: Vec::new(),
        success,
        classified,
        shortened: if random.chance(70) { shortened } else { Vec::new() },
        tables,
        awards,
        championships: Vec::new(),
        podiums: Vec::new(),
        tariff: Vec::new(),
        conversion: None,
        protest: None,
        appeal: None,
        licence: None,
        bop: None,
        scrutineering: None,
        tyres: None,
    };
    let rounds = calendar.rounds.last().expect("a round").number;
    for number in 0..random.between(1, 5) {
        let championship = championship_of(random, number, &law, rounds);
        law.championships.push(championship);
    }
    if random.chance(30)
        && let Some(sum) = sum_of(random, 9, &law)
    {
        law.championships.push(sum);
    }
    law
}

/// A random rulebook; at times a bulletin changes a table in mid-season.
pub fn rulebook(random: &mut Random, calendar: &Calendar) -> Rulebook {
    let law = law(random, calendar);
    let mut versions = vec![Version { from: None, bulletin: None, law }];
    if random.chance(20) {
        let mut later = versions[0].law.clone();
        later.tables[0].scale = scale_of(random);
        later.guests = status_of(random);
        let from = random.pick(&calendar.sessions).name.clone();
        versions.push(Version { from: Some(from), bulletin: Some("1".into()), law: later });
    }
    Rulebook {
        id: "made/2018".into(),
        series: "Made".into(),
        year: 2018,
        edition: "1".into(),
        hash: "0".into(),
        sources: Vec::new(),
        versions,
    }
}
