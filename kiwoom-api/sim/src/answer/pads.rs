//! Which replies pad their numbers with zeros, and to how many places (`BEHAVIOUR.md` N3).
//!
//! The facts of the specification have a width for each field, but the registry does not pass it on: until it does, an API that is
//! new is written without padding, and has to be added here.

/// API and places. Of an API with two widths this is the one of amounts.
static PADS: &[(&str, usize)] = &[
    ("kt00001", 15),
    ("kt00002", 12),
    ("kt00003", 12),
    ("kt00004", 12),
    ("kt00005", 12),
    ("kt00007", 10),
    ("kt00008", 12),
    ("kt00009", 10),
    ("kt00010", 12),
    ("kt00011", 12),
    ("kt00012", 12),
    ("kt00013", 15),
    ("kt00015", 15),
    ("kt00016", 12),
    ("kt00017", 12),
    ("kt00018", 15),
    ("kt10002", 12),
    ("kt10003", 12),
    ("kt50020", 12),
    ("kt50021", 15),
    ("kt50030", 10),
    ("kt50031", 10),
    ("kt50032", 15),
    ("kt50075", 10),
    ("ust21650", 12),
];

/// APIs that write negative numbers with two signs.
static DOUBLED: &[&str] = &["ka10043", "ka10044", "ka10058", "ka10061", "ka10131", "ka90005", "ka90007", "ka90008"];

/// How many places the numbers of an API have; 0 if they are not padded.
pub(crate) fn places(api: &str) -> usize {
    PADS.iter().find(|(id, _)| *id == api).map_or(0, |(_, places)| *places)
}

/// Whether negative numbers have two signs.
pub(crate) fn is_doubled(api: &str) -> bool {
    DOUBLED.contains(&api)
}
