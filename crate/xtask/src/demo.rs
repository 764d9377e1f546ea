//! `cargo xtask demo`: the scam from the first mail to the bank, in a real browser.

use crate::{
    build,
    setup::{self, say},
};
use anyhow::{Context, Result};
use xshell::cmd;

/// Builds everything and plays the scam; pictures and story lie in `dist/demo` then.
///
/// `slow` leaves time to look at each step.
///
/// # Errors
/// When something is missing and cannot be installed, or a step does not go as it should.
pub(crate) fn play(slow: bool) -> Result<()> {
    let sh = setup::shell()?;
    setup::node(&sh)?;
    setup::browsers(&sh)?;
    build::extension(&sh)?;
    let companion = build::companion(&sh)?;
    say("playing the scam");
    let slow = slow.then_some("--slow");
    cmd!(sh, "node tests/demo/demo.js {slow...}")
        .quiet()
        .env("DOORCHAIN_EXTENSION", crate::root().join(build::EXTENSION))
        .env("DOORCHAIN_COMPANION", companion)
        .run()
        .context("a step of the demo did not go as it should")?;
    let page = crate::root().join("dist/demo/index.html");
    println!("The story with its pictures: {}", page.display());
    Ok(())
}
