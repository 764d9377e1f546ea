//! `cargo xtask pictures`: every surface in every mode, with an index page.

use crate::setup;
use anyhow::Result;
use xshell::{Shell, cmd};

/// Where the pictures and their index page are left.
const FOLDER: &str = "dist/pictures";

/// Takes the pictures whose names have all of `words`; all of them without any.
///
/// # Errors
/// When a tool is missing, a surface throws, or one is wider than its window.
pub(crate) fn take(sh: &Shell, words: &[String]) -> Result<()> {
    setup::node(sh)?;
    setup::browsers(sh)?;
    setup::fonts(sh)?;
    setup::say("pictures of every surface");
    if words.is_empty() {
        // Pictures of states that are no more must not stay among the others.
        sh.remove_path(FOLDER)?;
    }
    cmd!(sh, "node tests/pictures/pictures.js {FOLDER} {words...}").run()?;
    Ok(())
}
