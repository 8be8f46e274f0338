//! What codes and numbers mean.

#[cfg(all(feature = "full", feature = "registry"))]
mod codes;
#[cfg(feature = "full")]
mod fields;
