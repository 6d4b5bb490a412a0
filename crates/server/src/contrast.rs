//! What is written can be read: every colour of a text on every ground it stands on, light and dark, at least 4.5 to 1 (WCAG 2, AA).

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../assets/style.css");
const LEAST: f64 = 4.5;

/// What the page's own text may stand on.
const GROUNDS: [&str; 3] = ["paper", "tint", "window"];
/// Texts on a ground of their own.
const BANDS: [(&str, &[&str]); 4] = [
    ("on-green", &["band-green"]),
    ("on-yellow", &["band-yellow"]),
    ("on-red", &["band-red"]),
    ("on-ink", &["band-ink", "band-chequered"]),
];

type Colours = BTreeMap<String, [u8; 3]>;

/// The colours of a block of the style, over those that hold elsewhere.
fn colours(block: &str, over: &Colours) -> Colours {
    let mut colours = over.clone();
    for line in block.split(';') {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(':')) else { continue };
        let hex = value.trim().strip_prefix('#').unwrap_or_else(|| panic!("--{name} is {value}: write #rrggbb, which this test can read"));
        assert_eq!(hex.len(), 6, "--{name}");
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour");
        colours.insert(name.to_owned(), [part(0), part(2), part(4)]);
    }
    colours
}

/// The light colours, and the dark.
fn both() -> [(&'static str, Colours); 2] {
    let blocks: Vec<&str> = STYLE.split(":root {").skip(1).map(|rest| rest.split('}').next().expect("a block ends")).collect();
    let [light, dark] = blocks[..] else { panic!("one :root for the light, one for the dark: {}", blocks.len()) };
    let comments = |block: &str| {
        let parts: Vec<&str> = block.split("/*").map(|part| part.rsplit("*/").next().unwrap_or(part)).collect();
        parts.concat()
    };
    let light = colours(&comments(light), &Colours::new());
    let dark = colours(&comments(dark), &light);
    [("light", light), ("dark", dark)]
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The variables that a property takes anywhere in the style: `color`, `background`.
fn used(property: &str) -> Vec<&'static str> {
    let mut used = Vec::new();
    for declaration in STYLE.split(['{', '}', ';']) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        if name.trim() == property {
            used.extend(value.split("var(--").skip(1).filter_map(|rest| rest.split([')', ',']).next()));
        }
    }
    used.sort_unstable();
    used.dedup();
    used
}

/// The variables that text in a drawing is filled with.
fn drawn() -> Vec<&'static str> {
    let rules = STYLE.split('}').filter_map(|rule| rule.rsplit_once('{'));
    let of_text = rules.filter(|(selector, _)| selector.split([' ', ',', '\n']).any(|part| part == "text"));
    let fills = of_text.flat_map(|(_, body)| body.split(';')).filter_map(|line| line.trim().strip_prefix("fill:"));
    fills.flat_map(|fill| fill.split("var(--").skip(1)).filter_map(|rest| rest.split([')', ',']).next()).collect()
}

#[test]
fn contrast_is_measured_as_the_standard_says() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
    assert!((contrast([0x77, 0x77, 0x77], [255, 255, 255]) - 4.48).abs() < 0.01);
}

#[test]
fn every_text_can_be_read_on_every_ground_it_stands_on() {
    let own: Vec<&str> = BANDS.iter().map(|(text, _)| *text).collect();
    let (mut measured, mut low) = (0, Vec::new());
    for (mode, colours) in both() {
        let mut hold = |text: &str, ground: &str| {
            let of = |name: &str| *colours.get(name).unwrap_or_else(|| panic!("--{name} is not among the colours"));
            let contrast = contrast(of(text), of(ground));
            low.extend((contrast < LEAST).then(|| format!("{mode}: --{text} on --{ground} is {contrast:.2} to 1")));
            measured += 1;
        };
        // `class` is one of the four that follow it.
        let classes = ["class-0", "class-1", "class-2", "class-3"];
        let texts = used("color").into_iter().chain(drawn()).filter(|text| !own.contains(text) && *text != "class");
        for text in texts.chain(classes) {
            GROUNDS.iter().for_each(|ground| hold(text, ground));
        }
        BANDS.iter().for_each(|(text, grounds)| grounds.iter().for_each(|ground| hold(text, ground)));
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
    assert!(measured > 50, "{measured}");
}

#[test]
fn no_text_stands_on_a_ground_that_is_not_measured() {
    let bands: Vec<&str> = BANDS.iter().flat_map(|(_, grounds)| *grounds).copied().collect();
    // Marks and bars without words on them.
    let wordless = ["rule", "purple", "green", "ink", "success", "red", "yellow", "quiet"];
    for ground in used("background") {
        let known = GROUNDS.contains(&ground) || bands.contains(&ground) || wordless.contains(&ground);
        assert!(known, "--{ground} is a background: say in this test what stands on it");
    }
}
