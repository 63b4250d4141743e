//! What every fuzz target checks. The crate's `tests/fuzz_regressions.rs` includes this file as a module, so that an input that once
//! failed is checked by the same code.
//!
//! The invariants: nothing panics; the canary is in no output; a password comes out as it was written; and what another reader of the
//! format says of a document is what the crate says.

mod canary;
pub mod dotenv;
mod files;
#[cfg(feature = "guard")]
pub mod guard;
mod input;
pub mod json;
mod node;
#[cfg(feature = "aws")]
pub mod secret;
pub mod toml;
pub mod url;
