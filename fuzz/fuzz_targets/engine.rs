//! The engine that the targets share, built once.

use doorchain_core::{Engine, parse_address};
use std::sync::LazyLock;

/// With the URL parser of native programs.
pub static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(parse_address));
