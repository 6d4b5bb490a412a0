//! Tests about the repository itself. Each file here is one thing that is looked at: a pure function from the project's files to
//! [faults](fault::Fault), with tests that show it fail; `tests/repository.rs` applies them all to the tree.

pub mod codes;
pub mod console;
pub mod dead;
pub mod fault;
pub mod generated;
pub mod lengths;
pub mod licences;
pub mod links;
pub mod map;
pub mod purity;
pub mod rulebooks;
pub mod text;
pub mod tree;
