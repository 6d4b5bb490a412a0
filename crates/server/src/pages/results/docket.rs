//! Decisions, matters and incidents as a list.

use maud::{Markup, html};

use crate::pages::results::{capital, document, when};
use crate::results::docket::{Decided, IncidentOf, MatterOf};

pub(crate) fn decisions(of: &[Decided]) -> Markup {
    html! {
        @if !of.is_empty() {
            section {
                h2 { "Decisions" }
                ol.plain.docket {
                    @for one in of {
                        li {
                            p {
                                strong { "Decision " (one.id) } " "
                                @if one.effects.is_empty() { "no further action" } @else { (one.effects.join("; ")) }
                                @if let Some(settles) = &one.settles { "; " (settles) }
                            }
                            @match (&one.suspended_by, one.in_force) {
                                (Some(by), _) => { p.alert { "Suspended by " (by) ": no effect until that is settled" } }
                                (None, false) => { p.alert { "Annulled: no effect any more" } }
                                (None, true) => {}
                            }
                            p { (one.reason) }
                            p.sub {
                                (one.authority) ", article " (one.article) ", " (when(&one.at)) ", " (document(one.fact))
                                @if let Some(incident) = &one.incident { ", on incident " (incident) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) fn matters(of: &[MatterOf]) -> Markup {
    html! {
        @if !of.is_empty() {
            section {
                h2 id="matters" { "Protests and appeals" }
                ol.plain.docket { @for one in of { (matter(one)) } }
            }
        }
    }
}

/// A matter as one entry of a list.
pub(crate) fn matter(one: &MatterOf) -> Markup {
    html! {
        li {
            p {
                strong { (capital(&one.kind)) " " (one.id) } " by " (one.by) " against " (one.against) " "
                @if let Some(outcome) = &one.supposed { "supposed " strong { (outcome) } } @else if one.open { strong.tag.provisional { "open" } } @else { span.quiet { "settled" } }
            }
            p { (one.reason) }
            @if one.suspends && one.open && one.supposed.is_none() { p { (capital(&one.against)) " has no effect until it is settled." } }
            @if one.open && one.supposed.as_deref() != Some("rejected") && !one.if_upheld.is_empty() { p { "If upheld: " (one.if_upheld.join("; ")) "." } }
            p.sub { (when(&one.at)) ", " (document(one.fact)) }
        }
    }
}

pub(crate) fn incidents(of: &[IncidentOf]) -> Markup {
    html! {
        @if !of.is_empty() {
            section {
                h2 { "Incidents" }
                ol.plain.docket {
                    @for one in of {
                        li {
                            p {
                                strong { "Incident " (one.id) } " "
                                @if !one.cars.is_empty() { "car " (one.cars.join(", ")) ": " }
                                (one.what)
                            }
                            p.sub {
                                @match &one.decision {
                                    Some(decision) => { "Decision " (decision) }
                                    None => strong.tag.provisional { "not decided" }
                                }
                                ", " (when(&one.at)) ", " (document(one.fact))
                            }
                        }
                    }
                }
            }
        }
    }
}
