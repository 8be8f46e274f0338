//! AsyncAPI 3.0: the WebSocket part, seen from the client.
//!
//! One channel per path. The session (login, ping, system messages) and the registration of topics are the same for all
//! APIs of a channel, so each channel has them once; each topic has its push, each request its reply.

use std::collections::BTreeMap;

use kiwoom_spec::errata::mended;
use serde_json::{Map, Value, json};

use super::openapi::{return_code, return_message};
use super::schema::{Dialect, Owner, Schemas};
use super::{Source, annotations, description, info, legend, operation_id, text, words};
use crate::model::{Api, Menu, Protocol, Struct};

/// The document as text.
pub fn asyncapi(source: &Source<'_>) -> String {
    let mut out = Document {
        source,
        schemas: Schemas::new(source, Dialect::Draft7),
        channels: BTreeMap::new(),
        operations: Map::new(),
        messages: Map::new(),
    };
    for (menu, api, facts) in source.apis().filter(|(_, api, _)| is_socket(api)) {
        let owner = Owner { menu, api };
        out.channels.entry(menu.market.clone()).or_insert_with(|| Channel::new(&api.path));
        match api.protocol {
            Protocol::Socket => out.question(owner, facts),
            _ => out.topic(owner, facts),
        }
    }
    let markets: Vec<String> = out.channels.keys().cloned().collect();
    markets.iter().for_each(|market| out.session(market));
    out.text()
}

fn is_socket(api: &Api) -> bool {
    api.protocol != Protocol::Rest
}

/// One path.
struct Channel {
    address: String,
    /// Names of its messages.
    messages: Vec<String>,
    /// Ids and registration fields of its topics.
    topics: Vec<String>,
    /// The keys that name an instrument in a registration; none where it is a text.
    item: Vec<String>,
}

impl Channel {
    fn new(address: &str) -> Channel {
        Channel { address: address.to_owned(), messages: Vec::new(), topics: Vec::new(), item: Vec::new() }
    }
}

struct Document<'a> {
    source: &'a Source<'a>,
    schemas: Schemas<'a>,
    channels: BTreeMap<String, Channel>,
    operations: Map<String, Value>,
    messages: Map<String, Value>,
}

impl Document<'_> {
    /// A request with its reply, and the pushes that may follow.
    fn question(&mut self, owner: Owner<'_>, facts: &mended::Api) {
        let Owner { menu, api } = owner;
        let Some(request) = &api.request else { return };
        let sent: &[mended::Field] = facts.request.blocks.first().map_or(&[], |block| &block.fields);
        let (answer, pushed) = forms(facts);
        let answered: &[mended::Field] = answer.map_or(&[], |block| &block.fields);
        let asks = self.schemas.request(owner, request, sent);
        let answers = self.schemas.reply(owner, (&api.reply, "response"), answered, envelope(answered));
        let (asked, told) = (format!("{}Request", api.name), format!("{}Reply", api.name));
        let title = words::sentence(&api.name);
        let asked = self.message(menu, &asked, json!({ "title": title, "payload": reference(&asks) }));
        let told =
            self.message(menu, &told, json!({ "title": format!("Reply: {title}"), "payload": reference(&answers) }));
        let channel = channel_reference(menu);
        let mut operation = self.operation(menu, api, "send", &asked);
        operation
            .insert("reply".to_owned(), json!({ "channel": channel, "messages": [message_reference(menu, &told)] }));
        self.operations.insert(operation_id(menu, api), Value::Object(operation));
        if let Some(push) = &api.push {
            let pushed = pushed.map_or(&[][..], |block| &block.fields);
            self.push(owner, push, pushed);
        }
    }

    /// A topic: what comes after it has been registered.
    fn topic(&mut self, owner: Owner<'_>, facts: &mended::Api) {
        let Owner { menu, api } = owner;
        let (_, pushed) = forms(facts);
        let registered = facts.request.blocks.iter().flat_map(|b| &b.fields).flat_map(|f| &f.fields);
        if let Some(channel) = self.channels.get_mut(&menu.market) {
            channel.topics.push(api.id.clone());
            for item in registered.filter(|f| f.is_container()) {
                let keys = item.fields.iter().map(|f| f.key.clone());
                let new: Vec<String> = keys.filter(|key| !channel.item.contains(key)).collect();
                channel.item.extend(new);
            }
        }
        self.push(owner, &api.reply, pushed.map_or(&[], |block| &block.fields));
    }

    fn push(&mut self, owner: Owner<'_>, record: &Struct, facts: &[mended::Field]) {
        let Owner { menu, api } = owner;
        let data = facts.iter().find(|f| f.key == "data");
        let around: &[mended::Field] = data.map_or(&[], |data| &data.fields);
        let values = around.iter().find(|f| f.key == "values");
        let inside = values.map_or(&[][..], |values| &values.fields);
        let values = self.schemas.reply(owner, (record, "response.data.values"), inside, Map::new());
        let mut properties = Map::new();
        for field in around.iter().filter(|f| f.key != "values") {
            let mut schema = json!({ "type": "string" });
            if !field.name.trim().is_empty() {
                schema["x-korean-name"] = json!(field.name.trim());
            }
            if field.key == "type" && api.protocol == Protocol::Realtime {
                schema["const"] = json!(api.id);
            }
            properties.insert(field.key.clone(), schema);
        }
        properties.insert("values".to_owned(), reference(&values));
        let payload = json!({
            "type": "object",
            "properties": {
                "trnm": { "type": "string", "const": "REAL" },
                "data": { "type": "array", "items": { "type": "object", "properties": properties, "required": ["values"] } },
            },
            "required": ["trnm", "data"],
        });
        let title = words::sentence(&api.name);
        let name = self.message(menu, &format!("{}Push", api.name), json!({ "title": title, "payload": payload }));
        let operation = self.operation(menu, api, "receive", &name);
        let id = if api.protocol == Protocol::Socket { "_push" } else { "" };
        self.operations.insert(format!("{}{id}", operation_id(menu, api)), Value::Object(operation));
    }

    fn operation(&self, menu: &Menu, api: &Api, action: &str, message: &str) -> Map<String, Value> {
        let mut out = Map::new();
        let mut add = |key: &str, value: Value| out.insert(key.to_owned(), value);
        add("action", json!(action));
        add("channel", channel_reference(menu));
        add("title", json!(words::sentence(&api.name)));
        add("summary", json!(api.korean.trim()));
        add("description", json!(description(api)));
        add("tags", json!([{ "name": menu.feature() }]));
        add("messages", json!([message_reference(menu, message)]));
        out.extend(annotations(menu, api));
        out
    }

    /// Adds a message to its channel; gives its name.
    fn message(&mut self, menu: &Menu, name: &str, message: Value) -> String {
        self.keep(&menu.market, name, message)
    }

    fn keep(&mut self, market: &str, name: &str, mut message: Value) -> String {
        let name = format!("{}{name}", crate::ident::pascal(market));
        message["name"] = json!(name);
        message["contentType"] = json!("application/json");
        self.messages.insert(name.clone(), message);
        if let Some(channel) = self.channels.get_mut(market) {
            channel.messages.push(name.clone());
        }
        name
    }

    /// Login, ping, system messages, registration.
    fn session(&mut self, market: &str) {
        let Some(Channel { topics, item, .. }) = self.channels.get(market) else { return };
        let mut topics = topics.clone();
        topics.sort();
        let register = register(&topics, item);
        let exchanges = [
            (
                "Login",
                "send",
                "Log in",
                "The first message after connecting. Nothing else may be sent before its reply.",
                login(),
            ),
            ("LoginReply", "", "Logged in", "", acknowledged("LOGIN")),
            (
                "Register",
                "send",
                "Register or remove topics",
                "At most 100 instruments a message and 200 a connection.",
                register,
            ),
            ("RegisterReply", "", "Registered or removed", "It says nothing about unknown codes.", acknowledged("REG")),
            (
                "Ping",
                "receive",
                "Ping",
                "Comes every ten seconds or so; send it back as it came, or the connection is closed.",
                ping(),
            ),
            ("Pong", "send", "Answer to a ping", "The ping as it came.", ping()),
            ("System", "receive", "Notice of the server", "Why it is about to close the connection.", system()),
        ];
        let mut names = BTreeMap::new();
        for (name, _, title, description, payload) in &exchanges {
            let mut message = json!({ "title": title, "payload": payload });
            if !description.is_empty() {
                message["description"] = json!(description);
            }
            names.insert(*name, self.keep(market, name, message));
        }
        let channel = json!({ "$ref": format!("#/channels/{market}") });
        let reference = |name: &str| json!({ "$ref": format!("#/channels/{market}/messages/{}", names[name]) });
        for (name, action, title, ..) in exchanges.iter().filter(|(_, action, ..)| !action.is_empty()) {
            let mut operation =
                json!({ "action": action, "channel": channel, "title": title, "messages": [reference(name)] });
            let reply = format!("{name}Reply");
            if names.contains_key(reply.as_str()) {
                operation["reply"] = json!({ "channel": channel, "messages": [reference(&reply)] });
            }
            self.operations.insert(format!("{market}_{}", crate::ident::snake(name)), operation);
        }
    }

    fn text(self) -> String {
        let Document { source, mut schemas, channels, operations, messages } = self;
        let mut components = Map::new();
        components.insert("ReturnCode".to_owned(), return_code());
        components.insert("ReturnMessage".to_owned(), return_message(source));
        components.append(&mut schemas.done);
        let (servers, names) = servers(source);
        let channels: Map<String, Value> = channels
            .into_iter()
            .map(|(market, channel)| {
                let messages: Map<String, Value> = channel
                    .messages
                    .iter()
                    .map(|name| (name.clone(), json!({ "$ref": format!("#/components/messages/{name}") })))
                    .collect();
                let servers: Vec<Value> = names.iter().map(|s| json!({ "$ref": format!("#/servers/{s}") })).collect();
                let title = words::sentence(&market);
                let channel = json!({
                    "address": channel.address, "title": title, "servers": servers, "messages": messages,
                });
                (market, channel)
            })
            .collect();
        let mut info = info("Kiwoom WebSocket API", head());
        info["tags"] = json!(source.tags(is_socket));
        text(&json!({
            "asyncapi": "3.0.0",
            "info": info,
            "defaultContentType": "application/json",
            "servers": servers,
            "channels": channels,
            "operations": operations,
            "components": {
                "messages": messages,
                "schemas": components,
                "securitySchemes": { "token": {
                    "type": "apiKey",
                    "in": "password",
                    "description": "No header: the message `LOGIN` carries the token of the REST API, without the word `Bearer`.",
                } },
            },
        }))
    }
}

fn head() -> String {
    let own = [
        "The realtime topics and the condition search, seen from the client: it sends what `send` says and receives the rest.",
        "",
        "Connect, send `LOGIN`, wait for its reply, then register topics or ask. Send every `PING` back. One connection a token and \
         channel; a second login ends the first.",
        "",
    ];
    own.join("\n") + "\n" + &legend()
}

/// The servers, and their names.
fn servers(source: &Source<'_>) -> (Value, Vec<String>) {
    let mut out = Map::new();
    let [real, mock] = source.hosts(is_socket);
    for (name, urls, description) in
        [("real", real, "Real market data and accounts"), ("mock", mock, "Mock accounts, with keys of their own")]
    {
        for (at, url) in urls.into_iter().enumerate() {
            let (protocol, host) = url.split_once("://").unwrap_or(("wss", url));
            let name = if at == 0 { name.to_owned() } else { format!("{name}{}", at + 1) };
            out.insert(
                name,
                json!({
                    "host": host, "protocol": protocol, "description": description,
                    "security": [{ "$ref": "#/components/securitySchemes/token" }],
                }),
            );
        }
    }
    let names = out.keys().cloned().collect();
    (Value::Object(out), names)
}

/// The form of the answer and that of the pushes.
fn forms(facts: &mended::Api) -> (Option<&mended::Block>, Option<&mended::Block>) {
    let is_push = |block: &&mended::Block| crate::lower::push_values(block).is_some();
    let blocks = &facts.response.blocks;
    (blocks.iter().find(|block| !is_push(block)), blocks.iter().find(is_push))
}

/// The envelope keys that the documents show for a reply, and the result, which all have.
fn envelope(facts: &[mended::Field]) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(name) = facts.iter().find(|f| f.key == "trnm") {
        let mut schema = json!({ "type": "string" });
        if let Some(fixed) = &name.says.fixed {
            schema["examples"] = json!([fixed]);
        }
        out.insert(name.key.clone(), schema);
    }
    out.insert("return_code".to_owned(), reference("ReturnCode"));
    out.insert("return_msg".to_owned(), reference("ReturnMessage"));
    out
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn channel_reference(menu: &Menu) -> Value {
    json!({ "$ref": format!("#/channels/{}", menu.market) })
}

fn message_reference(menu: &Menu, name: &str) -> Value {
    json!({ "$ref": format!("#/channels/{}/messages/{name}", menu.market) })
}

fn login() -> Value {
    json!({
        "type": "object",
        "properties": {
            "trnm": { "type": "string", "const": "LOGIN" },
            "token": { "type": "string", "format": "password", "description": "The token alone, without `Bearer`." },
        },
        "required": ["trnm", "token"],
        "additionalProperties": false,
    })
}

fn acknowledged(name: &str) -> Value {
    json!({
        "type": "object",
        "properties": {
            "trnm": { "type": "string", "examples": [name] },
            "return_code": reference("ReturnCode"),
            "return_msg": reference("ReturnMessage"),
        },
        "required": ["trnm", "return_code"],
    })
}

/// Where the documents show one text, the wire has lists: several instruments and topics in one message.
fn register(topics: &[String], item: &[String]) -> Value {
    let one = if item.is_empty() {
        json!({ "type": "string", "description": "A code; blank where the topic belongs to the account or the market." })
    } else {
        let keys: Map<String, Value> = item.iter().map(|key| (key.clone(), json!({ "type": "string" }))).collect();
        json!({ "type": "object", "properties": keys, "required": item })
    };
    json!({
        "type": "object",
        "properties": {
            "trnm": {
                "type": "string", "enum": ["REG", "REMOVE"],
                "x-enum-varnames": ["Register", "Remove"], "x-enum-descriptions-ko": ["등록", "해지"],
            },
            "grp_no": { "type": "string", "x-korean-name": "그룹번호", "description": "A number of the client's own." },
            "refresh": {
                "type": "string", "enum": ["0", "1"], "default": "1", "x-korean-name": "기존등록유지여부",
                "description": "Whether what the group had before stays. For `REG` only.",
                "x-enum-varnames": ["Replace", "Keep"], "x-enum-descriptions-ko": ["기존유지안함", "기존유지"],
            },
            "data": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "item": { "type": "array", "items": one, "x-korean-name": "실시간 등록 요소" },
                    "type": { "type": "array", "items": { "type": "string", "enum": topics }, "x-korean-name": "실시간 항목" },
                },
                "required": ["item", "type"],
            } },
        },
        "required": ["trnm", "grp_no", "data"],
        "additionalProperties": false,
    })
}

fn ping() -> Value {
    json!({ "type": "object", "properties": { "trnm": { "type": "string", "const": "PING" } }, "required": ["trnm"] })
}

fn system() -> Value {
    json!({
        "type": "object",
        "properties": {
            "trnm": { "type": "string", "const": "SYSTEM" },
            "code": { "type": "string", "examples": ["R10001"] },
            "message": { "type": "string" },
        },
        "required": ["trnm"],
    })
}
