//! Tests of values, records, decoder and encoder in one binary, so that they link once. None needs a socket.

mod code_words;
mod dates;
mod decode;
mod decode_records;
mod encode;
mod languages;
mod meaning;
mod numbers;
mod plain;
mod shapes;
mod surface;
mod surface_need;
#[cfg(all(feature = "full", feature = "registry"))]
mod wire_shapes;
