//! Balance of Performance bulletins as people write them (F1).

use sport::fact::{BopBulletin, BopRow, What};
use sport::names::SessionId;
use sport::points::Points;

use crate::fault::Fault;
use crate::fields::Fields;
use crate::request::{Reader, request};
use crate::shape::{Key, Kind, Noun, Shape};
use crate::suggest;
use crate::tree::Node;

request!(
    /// `[[bop]]`.
    BOP,
    "bop",
    "A Balance of Performance bulletin.",
    [
        Key::must("number", Kind::Text, "Its number as published."),
        Key::must("from-round", Kind::Whole(1, 999), "The first round it applies to."),
        Key::may("from-session", Kind::Id(Noun::SessionPlan), "The session of that round; its first when absent."),
        Key::must("article", Kind::Text, "The article that allows it."),
        Key::must("rows", Kind::List(&Kind::Table(&BOP_ROW)), "What it sets, one row a model."),
    ]
);

static BOP_ROW: Shape = Shape {
    name: "bop row",
    doc: "What a bulletin sets for one model; a value it does not name stays as it was.",
    keys: &[
        Key::must("model", Kind::Text, "The model as in the entry list."),
        Key::may("ballast-kg", Kind::Whole(-500, 500), "Kilograms over the homologated weight; negative under it."),
        Key::may("restrictor-mm", Kind::Exact, "Restrictor diameter in millimetres, at most two decimals."),
        Key::may("boost", Kind::Text, "Boost table by name."),
        Key::may("ride-height-mm", Kind::Pair(&Kind::Exact), "Minimum ride height front and rear in millimetres, at most one decimal."),
        Key::may("engine-map", Kind::Text, "Engine map by name."),
        Key::may("fuel-l", Kind::Exact, "Fuel capacity in litres, at most one decimal."),
    ],
};

impl Reader<'_> {
    pub(crate) fn bop(&mut self, fields: &Fields<'_>) -> Option<What> {
        let from_round = self.round_at(fields.get("from-round")?)?;
        let mut rows: Vec<BopRow> = Vec::new();
        for node in fields.list("rows") {
            let row = node.fields();
            let Some(model) = row.text("model") else { continue };
            if rows.iter().any(|earlier| earlier.model == model) {
                let message = format!("{model} is in the bulletin twice");
                self.faults.push(Fault::error("model-twice", row.place_of("model"), message).label("again").help("one row a model"));
            }
            self.model(model, &row);
            rows.push(BopRow {
                model: model.to_owned(),
                ballast_kg: row.whole("ballast-kg"),
                restrictor_hundredths_mm: row.get("restrictor-mm").and_then(|node| self.parts(node, 100)),
                boost: row.text("boost").map(str::to_owned),
                ride_height_tenths_mm: self.heights(row.list("ride-height-mm")),
                engine_map: row.text("engine-map").map(str::to_owned),
                fuel_tenths_l: row.get("fuel-l").and_then(|node| self.parts(node, 10)),
            });
        }
        Some(What::Bop(BopBulletin {
            number: fields.text("number")?.to_owned(),
            from_round,
            from_session: fields.text("from-session").map(SessionId::new),
            article: fields.text("article")?.to_owned(),
            rows,
        }))
    }

    /// A bulletin may name models nobody entered; a name that is nearly an entered one is probably a slip.
    fn model(&mut self, model: &str, row: &Fields<'_>) {
        let models = self.desk.entries.entries.iter().filter_map(|entry| entry.model.as_deref());
        if models.clone().any(|known| known == model) {
            return;
        }
        if let Some(near) = suggest::nearest(model, models) {
            let fault =
                Fault::warning("unknown-model", row.place_of("model"), format!("no entry is a {model}")).label("not an entered model");
            self.faults.push(fault.help(format!("did you mean \"{near}\"?")));
        }
    }

    fn heights(&mut self, pair: &[Node]) -> Option<(u32, u32)> {
        let [front, rear] = pair else { return None };
        Some((self.parts(front, 10)?, self.parts(rear, 10)?))
    }

    /// A measure in whole parts of its unit: hundredths of a millimetre, tenths of a litre.
    pub(crate) fn parts(&mut self, node: &Node, parts: i64) -> Option<u32> {
        let number = node.exact()? * Points::whole(parts);
        let whole = match number.parts() {
            (whole, 1) => u32::try_from(whole).ok(),
            _ => None,
        };
        if whole.is_none() {
            let message = format!("not a measure in whole {parts}ths of its unit");
            self.faults.push(Fault::error("bad-value", &node.place, message).label("too fine, or negative"));
        }
        whole
    }
}
