//! OpenAPI 3.1: the HTTP part.
//!
//! The broker distinguishes its APIs by the header `api-id`, many on one path. OpenAPI allows one POST per path, so
//! each path ends in a fragment with the id, which no HTTP client sends.

use kiwoom_spec::errata::mended;
use kiwoom_spec::names::Effect;
use serde_json::{Map, Value, json};

use super::schema::{Dialect, Owner, Schemas};
use super::{Source, annotations, description, info, legend, operation_id, text, words};
use crate::model::{Api, Protocol, Request};

/// The document as text.
pub fn openapi(source: &Source<'_>) -> String {
    let mut schemas = Schemas::new(source, Dialect::Modern);
    let mut paths = Map::new();
    for (menu, api, facts) in source.apis().filter(|(_, api, _)| is_http(api)) {
        let Some(request) = &api.request else { continue };
        let operation = operation(Owner { menu, api }, request, facts, &mut schemas);
        paths.insert(format!("{}#{}", api.path, api.id), json!({ "post": operation }));
    }
    let mut components = Map::new();
    components.insert("ReturnCode".to_owned(), return_code());
    components.insert("ReturnMessage".to_owned(), return_message(source));
    components.insert("Refusal".to_owned(), refusal());
    components.extend(schemas.done);
    text(&json!({
        "openapi": "3.1.0",
        "info": info("Kiwoom REST API", head()),
        "servers": servers(source),
        "security": [{ "token": [] }],
        "tags": source.tags(is_http),
        "paths": paths,
        "components": {
            "schemas": components,
            "parameters": parameters(),
            "headers": headers(),
            "responses": responses(),
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "The `token` of the operation that issues one. It ends at `expires_dt`, Korean wall time, after about a day.",
            } },
        },
    }))
}

fn is_http(api: &Api) -> bool {
    api.protocol == Protocol::Rest
}

fn head() -> String {
    let own = [
        "## Paths",
        "",
        "Many APIs share a path; the header `api-id` tells them apart. A path here ends in `#` and the id, so that each API is an \
         operation of its own. HTTP clients do not send what follows `#`.",
        "",
        "## Success and refusal",
        "",
        "Both come with HTTP 200: `return_code` is 0 for success, anything else is a refusal, and its rows and values are absent. \
         HTTP 429 is the request quota. Read the four digits in `return_msg` for the reason. Some replies spell the two keys \
         `returnCode` and `returnMsg`.",
        "",
        "## Continuation",
        "",
        "A reply with the header `cont-yn: Y` goes on: send the same request again with `cont-yn: Y` and its `next-key`. Neither \
         stands in the body.",
        "",
        "## Members",
        "",
    ];
    own.join("\n") + "\n" + &legend()
}

fn servers(source: &Source<'_>) -> Vec<Value> {
    let [real, mock] = source.hosts(is_http);
    let real = real.into_iter().map(|url| json!({ "url": url, "description": "Real: trades move money" }));
    let mock = mock
        .into_iter()
        .map(|url| json!({ "url": url, "description": "Mock: keys of its own; see `x-mock` of each operation" }));
    real.chain(mock).collect()
}

fn operation(owner: Owner<'_>, request: &Request, facts: &mended::Api, schemas: &mut Schemas<'_>) -> Value {
    let Owner { menu, api } = owner;
    let none: &[mended::Field] = &[];
    let sent = facts.request.blocks.first().map_or(none, |block| &block.fields);
    let answered = facts.response.blocks.first().map_or(none, |block| &block.fields);
    let asks = schemas.request(owner, request, sent);
    let answers = schemas.reply(owner, (&api.reply, "response"), answered, envelope());
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut out = Map::new();
    let mut add = |key: &str, value: Value| out.insert(key.to_owned(), value);
    add("operationId", json!(operation_id(menu, api)));
    add("summary", json!(words::sentence(&api.name)));
    add("description", json!(description(api)));
    add("tags", json!([menu.feature()]));
    if api.effect == Effect::Auth {
        add("security", json!([]));
    }
    let mut parameters = vec![json!({
        "name": "api-id", "in": "header", "required": true, "description": "Which API it is.",
        "schema": { "type": "string", "enum": [api.id], "default": api.id },
    })];
    if api.effect == Effect::Read {
        parameters.push(json!({ "$ref": "#/components/parameters/cont-yn" }));
        parameters.push(json!({ "$ref": "#/components/parameters/next-key" }));
    }
    add("parameters", json!(parameters));
    add("requestBody", json!({ "required": true, "content": { "application/json": { "schema": reference(&asks) } } }));
    let mut success = json!({
        "description": "Success where `return_code` is 0, a refusal otherwise.",
        "content": { "application/json": { "schema": reference(&answers) } },
    });
    if api.effect != Effect::Auth {
        success["headers"] = json!({
            "api-id": { "$ref": "#/components/headers/api-id" },
            "cont-yn": { "$ref": "#/components/headers/cont-yn" },
            "next-key": { "$ref": "#/components/headers/next-key" },
        });
    }
    add(
        "responses",
        json!({
            "200": success,
            "429": { "$ref": "#/components/responses/QuotaExceeded" },
            "default": { "$ref": "#/components/responses/Fault" },
        }),
    );
    out.extend(annotations(menu, api));
    Value::Object(out)
}

/// The keys around those of a reply.
fn envelope() -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("return_code".to_owned(), json!({ "$ref": "#/components/schemas/ReturnCode" }));
    out.insert("return_msg".to_owned(), json!({ "$ref": "#/components/schemas/ReturnMessage" }));
    out
}

pub(super) fn return_code() -> Value {
    json!({
        "type": ["integer", "string"],
        "pattern": "^\\s*-?[0-9]+\\s*$",
        "x-korean-name": "결과코드",
        "description": "0 success; anything else is the class of a refusal: 1 bad request, 2 input, 3 token or keys, 5 quota or \
                        too many codes in one request, 20 refused by business rules, or nothing found. A number; a numeric \
                        string such as `0000` may come in its place.",
    })
}

pub(super) fn return_message(source: &Source<'_>) -> Value {
    let codes = source.spec.errors.values().map(|error| {
        let mut code = json!({ "code": error.code });
        if !error.holes.is_empty() {
            code["names"] = json!(error.holes);
        }
        code
    });
    json!({
        "type": "string",
        "x-korean-name": "결과메시지",
        "description": "For people. Of a refusal it contains the code in brackets (`[1700:..]`), at times one of the order system \
                        behind it (`RC4025`). `x-error-codes` lists the documented codes and what their messages name.",
        "x-error-codes": codes.collect::<Vec<_>>(),
    })
}

fn refusal() -> Value {
    json!({
        "type": "object",
        "description": "A refusal: nothing but the reason.",
        "properties": envelope(),
        "required": ["return_code"],
    })
}

fn parameters() -> Value {
    json!({
        "cont-yn": {
            "name": "cont-yn", "in": "header", "required": false,
            "description": "`Y` asks for the page that begins at `next-key`.",
            "schema": { "type": "string", "enum": ["Y", "N"], "x-enum-varnames": ["Yes", "No"] },
        },
        "next-key": {
            "name": "next-key", "in": "header", "required": false,
            "description": "Where the page begins: the header of the same name of the reply before it, as it came.",
            "schema": { "type": "string" },
        },
    })
}

fn headers() -> Value {
    json!({
        "api-id": { "description": "Which API it is.", "schema": { "type": "string" } },
        "cont-yn": {
            "description": "`Y`: a further page follows. An order's reply may say so too; it has none.",
            "schema": { "type": "string" },
        },
        "next-key": { "description": "Where the next page begins. Opaque.", "schema": { "type": "string" } },
    })
}

fn responses() -> Value {
    let refusal = json!({ "schema": { "$ref": "#/components/schemas/Refusal" } });
    json!({
        "QuotaExceeded": {
            "description": "The request quota is used up (1700, 1701, 1702); there is no `Retry-After`. Wait for more than a second. \
                            An order that is refused so may have been accepted all the same: look it up.",
            "content": { "application/json": refusal },
        },
        "Fault": {
            "description": "Anything else. Of a trade it leaves open what happened. Maintenance and firewalls answer with HTML, with \
                            HTTP 200 at times.",
            "content": { "application/json": refusal, "text/html": { "schema": { "type": "string" } } },
        },
    })
}
