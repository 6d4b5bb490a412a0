//! One rule per file: the article, what it takes, what it gives, its tests.

pub mod cup;
