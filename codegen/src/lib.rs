//! What Rust says: facts to model to tokens to text. Pure.
