//! What changed between two frames, as a JSON merge patch (RFC 7396): applied to the first it gives the second.

use serde_json::{Map, Value};

/// The patch that makes `after` of `before`; `None` where they are the same.
///
/// A value that is null in `after` counts as absent: a merge patch cannot say null, and no frame does.
pub(crate) fn between(before: &Value, after: &Value) -> Option<Value> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let mut patch = Map::new();
            for (key, value) in after {
                let changed = match before.get(key) {
                    Some(old) => between(old, value),
                    None => Some(value.clone()),
                };
                patch.extend(changed.map(|changed| (key.clone(), changed)));
            }
            patch.extend(before.keys().filter(|key| !after.contains_key(*key)).map(|key| (key.clone(), Value::Null)));
            (!patch.is_empty()).then_some(Value::Object(patch))
        }
        (before, after) => (before != after).then(|| after.clone()),
    }
}

/// Applies a patch.
pub fn apply(to: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *to = patch.clone();
        return;
    };
    if !to.is_object() {
        *to = Value::Object(Map::new());
    }
    let Value::Object(to) = to else { return };
    for (key, value) in patch {
        if value.is_null() {
            to.remove(key);
        } else {
            apply(to.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_makes_the_second_of_the_first() {
        let values = [
            json!({}),
            json!({ "a": 1, "b": { "c": [1, 2], "d": "x" } }),
            json!({ "a": 1, "b": { "c": [1, 2, 3] }, "e": {} }),
            json!({ "b": { "d": { "f": true } } }),
            json!({ "a": { "b": 1 } }),
        ];
        for before in &values {
            for after in &values {
                let mut made = before.clone();
                match between(before, after) {
                    Some(patch) => apply(&mut made, &patch),
                    None => assert_eq!(before, after),
                }
                assert_eq!(&made, after, "{before} to {after}");
            }
        }
    }
}
