//! Holds an answer against the description of the API: its status, its content type, and every field of it.

use serde_json::Value;

/// The description, and how answers are held against it.
pub(crate) struct Described(pub(crate) Value);

impl Described {
    /// What is not as described in an answer of a route; empty where all is. Of a stream the first event is looked at.
    pub(crate) fn wrong(&self, route: &str, status: u16, kind: &str, body: &[u8]) -> Vec<String> {
        let responses = &self.0["paths"][route]["get"]["responses"];
        let Some(response) = responses.get(status.to_string()) else { return vec![format!("status {status} is not described")] };
        let Some(content) = response["content"].as_object() else {
            return if body.is_empty() { Vec::new() } else { vec![format!("status {status} has a body, and none is described")] };
        };
        let Some(schema) = content.get(kind).map(|of| &of["schema"]) else {
            return vec![format!("status {status} as `{kind}` is not described, but {:?}", content.keys())];
        };
        let text = String::from_utf8_lossy(body);
        let data = text.lines().find_map(|line| line.strip_prefix("data: "));
        let json = if kind == "text/event-stream" { data.unwrap_or_default() } else { text.as_ref() };
        match serde_json::from_str(json) {
            Ok(value) => self.differs(schema, &value, "the answer"),
            Err(error) => vec![format!("no JSON: {error}")],
        }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|of| of.strip_prefix("#/components/schemas/"));
        name.map_or(schema, |name| &self.0["components"]["schemas"][name])
    }

    fn differs(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let schema = self.resolved(schema);
        if schema.is_null() {
            return vec![format!("{at} is not described")];
        }
        if let Some(one_of) = schema["oneOf"].as_array() {
            let tried: Vec<Vec<String>> = one_of.iter().map(|of| self.differs(of, value, at)).collect();
            let fits = tried.iter().filter(|wrong| wrong.is_empty()).count();
            return if fits == 1 { Vec::new() } else { vec![format!("{at} is {fits} of {} things: {tried:?}", tried.len())] };
        }
        let mut wrong = Vec::new();
        let types = |of: &Value| {
            of.as_str().map(|one| vec![one.to_owned()]).unwrap_or_else(|| serde_json::from_value(of.clone()).unwrap_or_default())
        };
        let types: Vec<String> = types(&schema["type"]);
        if !types.is_empty() && !types.iter().any(|of| is(of, value)) {
            wrong.push(format!("{at} is {value}, and described as {types:?}"));
        }
        if schema["minimum"].as_f64().zip(value.as_f64()).is_some_and(|(least, value)| value < least) {
            wrong.push(format!("{at} is {value}, less than described"));
        }
        for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
            let of = schema["prefixItems"].get(nth).unwrap_or(&schema["items"]);
            if of.is_object() {
                wrong.extend(self.differs(of, item, &format!("{at}[{nth}]")));
            }
        }
        if let Some(fields) = value.as_object() {
            let (mut known, mut must) = (Vec::new(), Vec::new());
            self.fields(schema, &mut known, &mut must);
            wrong.extend(must.iter().filter(|name| !fields.contains_key(**name)).map(|name| format!("{at} has no {name}")));
            for (name, field) in fields {
                let of = known.iter().find(|(of, _)| *of == name).map(|(_, schema)| *schema);
                match of.or(schema.get("additionalProperties").filter(|of| of.is_object())) {
                    Some(of) => wrong.extend(self.differs(of, field, &format!("{at}.{name}"))),
                    None if known.is_empty() => {}
                    None => wrong.push(format!("{at}.{name} is not described")),
                }
            }
        }
        wrong
    }

    /// The fields of an object, those of what it is put together from among them.
    fn fields<'a>(&'a self, schema: &'a Value, known: &mut Vec<(&'a String, &'a Value)>, must: &mut Vec<&'a str>) {
        let schema = self.resolved(schema);
        known.extend(schema["properties"].as_object().into_iter().flatten());
        must.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
        schema["allOf"].as_array().into_iter().flatten().for_each(|of| self.fields(of, known, must));
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
