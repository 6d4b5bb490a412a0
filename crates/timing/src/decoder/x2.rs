//! X2: the appliance counts its passings; its bridge sends again by itself what may not have come, and cannot be asked.

use super::numbers::{Gaps, Numbers, Rules, Verdict};
use super::said::Talk;
use super::told::print;
use super::{Heard, Moment, Passing};
use crate::x2::{Objects, Passing as Object};

const RULES: Rules = Rules { first: 1, ask: None };

#[derive(Debug)]
pub(super) struct Client {
    objects: Objects,
    numbers: Numbers,
}

impl Client {
    pub(super) fn new(last: Option<u64>) -> Self {
        Self { objects: Objects::default(), numbers: Numbers::new(RULES, last) }
    }

    pub(super) fn gaps(&self) -> Gaps {
        self.numbers.gaps()
    }

    pub(super) fn reconnected(&mut self) {
        self.objects.forget();
        self.numbers.reconnected();
    }

    pub(super) fn take(&mut self, bytes: &[u8], talk: &mut Talk<'_>) {
        let Self { objects, numbers } = self;
        objects.take(bytes, |object| match object.and_then(|line| Object::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(passing) => hear(numbers, &passing, talk),
            Err(flaw) => talk.flaw(flaw),
        });
    }
}

fn hear(numbers: &mut Numbers, of: &Object, talk: &mut Talk<'_>) {
    let Some(time) = of.utc.or(of.local).map(Moment::At) else { return };
    let number = u64::from(of.id);
    let verdict = numbers.heard(number, time.micros(), print(&(of.transponder, of.on)), of.resent);
    match verdict {
        Verdict::Repeat => return talk.repeat(),
        Verdict::Restarted => talk.tell(Heard::Restarted),
        Verdict::New | Verdict::Late => {}
    }
    talk.tell(Heard::Passing(Passing {
        number: Some(number),
        who: of.transponder.to_string(),
        transponder: Some(of.transponder),
        time,
        strength: None,
        hits: Some(of.hits),
        resent: of.resent || verdict == Verdict::Late,
        in_pit: Some(of.in_pit),
        on: Some(of.on.to_string()),
    }));
}
