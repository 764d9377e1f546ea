//! Finds what a command needs, or installs it, or names it in one line.
//!
//! Every function may be called again and again: what is there is left alone.

use anyhow::{Context, Result, bail, ensure};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use xshell::{Shell, cmd};

/// Rust's name for WebAssembly in a browser.
const WASM: &str = "wasm32-unknown-unknown";

/// Rust's names for the companion's other systems.
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-gnu";
pub(crate) const MACOS: &str = "x86_64-apple-darwin";

/// The version of wasm-pack that the module is built with; that of wasm-bindgen is in Cargo.lock.
const WASM_PACK: &str = "0.15.1";

/// How long rustup, once asked for a target, is not asked again.
const ASK_AGAIN: Duration = Duration::from_secs(24 * 60 * 60);

/// The oldest Node.js that runs the JavaScript tools of package.json.
const NODE: (u32, u32) = (20, 19);

/// A program and the Debian package it comes from.
type Program = (&'static str, &'static str);

/// Chromium's and Firefox's engines, and what draws their pages without a display.
const BROWSERS: &[Program] = &[
    ("chromium", "chromium"),
    ("firefox-esr", "firefox-esr"),
    ("Xvfb", "xvfb"),
];

/// Languages whose letters a machine may lack, and the Debian package of a font that has them.
const FONTS: &[(&str, &str)] = &[("hi", "fonts-lohit-deva"), ("ja", "fonts-ipafont-gothic")];

/// Real remote sessions: servers and a viewer.
const REMOTE: &[Program] = &[
    ("Xvfb", "xvfb"),
    ("ip", "iproute2"),
    ("x11vnc", "x11vnc"),
    ("xtigervncviewer", "tigervnc-viewer"),
    ("Xtigervnc", "tigervnc-standalone-server"),
    ("vncconfig", "tigervnc-tools"),
    ("xrdp", "xrdp"),
    ("xfreerdp", "freerdp2-x11"),
    ("krfb", "krfb"),
    ("dbus-run-session", "dbus-daemon"),
    ("grdctl", "gnome-remote-desktop"),
    ("mutter", "mutter"),
    ("pipewire", "pipewire"),
    ("openssl", "openssl"),
    ("x2goagent", "x2goserver-x2goagent"),
    ("nxproxy", "nxproxy"),
    ("xauth", "xauth"),
];

/// A shell at the top of the tree that finds the project's own tools first.
///
/// # Errors
/// When the tree cannot be entered.
pub(crate) fn shell() -> Result<Shell> {
    let sh = Shell::new()?;
    sh.change_dir(crate::root());
    sh.set_var("PATH", path_with(&[tools().join("bin")])?);
    Ok(sh)
}

/// Everything that any command needs.
///
/// # Errors
/// As the functions below.
pub(crate) fn all(sh: &Shell) -> Result<()> {
    node(sh)?;
    lints(sh)?;
    wasm(sh)?;
    browsers(sh)?;
    println!("everything is set up");
    Ok(())
}

/// rustfmt and clippy for the toolchain that runs this.
///
/// # Errors
/// When they are missing and cannot be installed.
pub(crate) fn lints(sh: &Shell) -> Result<()> {
    let works = |tool| {
        cmd!(sh, "cargo {tool} --version")
            .quiet()
            .ignore_stderr()
            .read()
    };
    if works("fmt").is_ok() && works("clippy").is_ok() {
        return Ok(());
    }
    say("adding rustfmt and clippy");
    if cmd!(sh, "rustup component add rustfmt clippy")
        .run()
        .is_ok()
    {
        return Ok(());
    }
    bail!("install rustfmt and clippy: `rustup component add rustfmt clippy`")
}

/// A shell in which `cargo` builds for WebAssembly, with wasm-pack, wasm-bindgen and the standard
/// library's source, which the module is built with.
///
/// Its target folder is its own, because the toolchain may be another.
///
/// # Errors
/// When something is missing and cannot be installed.
pub(crate) fn wasm(sh: &Shell) -> Result<Shell> {
    cargo_tool(sh, "wasm-pack", WASM_PACK)?;
    cargo_tool(sh, "wasm-bindgen", &locked("wasm-bindgen")?)?;

    let ours = sh.clone();
    ours.set_var("CARGO_TARGET_DIR", crate::root().join("target/web"));
    let ready = |sh: &Shell| has_std(sh, WASM) && has_source(sh);
    if ready(&ours) {
        return Ok(ours);
    }
    let debian = debian_rust(&ours)?;
    if ready(&debian) {
        return Ok(debian);
    }
    say("adding the WebAssembly target and the standard library's source");
    let has_target = has_std(&ours, WASM) || rustup(&ours, &["target", "add", WASM], 180);
    // Without the one, nobody needs to wait for the other.
    if has_target && !has_source(&ours) {
        rustup(&ours, &["component", "add", "rust-src"], 180);
    }
    if ready(&ours) {
        return Ok(ours);
    }
    let by_hand = format!("`rustup target add {WASM}` and `rustup component add rust-src`");
    ensure!(may_apt(sh), "Rust cannot build for the browser: {by_hand}");
    say("rustup cannot give it: building it with Debian's Rust");
    build_wasm_std(&debian)?;
    ensure!(ready(&debian), "{WASM} is still missing: {by_hand}");
    Ok(debian)
}

/// Node, and the packages of package-lock.json in node_modules.
///
/// # Errors
/// When node is missing or too old, or the packages cannot be fetched.
pub(crate) fn node(sh: &Shell) -> Result<()> {
    let (major, minor) = NODE;
    let wanted = format!("install Node.js {major}.{minor} or newer with npm");
    let version = cmd!(sh, "node --version").quiet().read();
    let version = version.with_context(|| wanted.clone())?;
    let mut parts = version.trim_start_matches('v').split('.');
    let mut part = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    ensure!((part(), part()) >= NODE, "{wanted}: this is {version}");
    // Debian has it in a package of its own.
    let npm = cmd!(sh, "npm --version").quiet().read();
    npm.with_context(|| format!("{wanted}: there is no npm"))?;

    // npm notes what it installed, but not in a form that can be compared cheaply.
    let lock = fs::read(crate::root().join("package-lock.json"))?;
    let stamp = crate::root().join("node_modules/.doorchain-lock");
    if fs::read(&stamp).is_ok_and(|done| done == lock) {
        return Ok(());
    }
    say("fetching the JavaScript tools");
    cmd!(sh, "npm ci --no-audit --no-fund").run()?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Chromium, Firefox and a display for them, and what [`remote`] gives.
///
/// # Errors
/// When something is missing and cannot be installed.
pub(crate) fn browsers(sh: &Shell) -> Result<()> {
    need(sh, BROWSERS)?;
    remote(sh)
}

/// Fonts for the pictures in every language of `_locales`: without one its letters are boxes.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn fonts(sh: &Shell) -> Result<()> {
    let has = |language: &str| {
        let fonts = cmd!(sh, "fc-list :lang={language}").quiet().read();
        fonts.is_ok_and(|fonts| !fonts.is_empty())
    };
    let missing: Vec<_> = FONTS
        .iter()
        .filter(|(language, _)| cfg!(target_os = "linux") && !has(language))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    apt(sh, &missing)
}

/// The programs of real remote sessions, which only Linux has.
///
/// # Errors
/// When something is missing and cannot be installed.
pub(crate) fn remote(sh: &Shell) -> Result<()> {
    if cfg!(target_os = "linux") {
        need(sh, REMOTE)?;
    }
    Ok(())
}

/// What builds the companion for Windows, and runs it on Linux.
///
/// # Errors
/// When something is missing and cannot be installed.
pub(crate) fn wine(sh: &Shell) -> Result<()> {
    ensure!(
        cfg!(target_os = "linux"),
        "the Windows build is tested by Wine, on Linux"
    );
    need(sh, &[("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64")])?;
    // Debian keeps its programs off the PATH.
    if on_path("wine64").is_none() && !Path::new("/usr/lib/wine/wine64").exists() {
        apt(sh, &["wine64"])?;
    }
    if !target(sh, WINDOWS) {
        say("rustup cannot give it: its standard library is built with Debian's Rust");
        apt(sh, &["rustc-web", "cargo-web", "rust-web-src"])?;
    }
    Ok(())
}

/// Programs that are on the PATH, or are installed with apt as root on Debian.
fn need(sh: &Shell, programs: &[Program]) -> Result<()> {
    let missing: Vec<_> = programs
        .iter()
        .filter(|(program, _)| on_path(program).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    apt(
        sh,
        &missing
            .iter()
            .map(|(_, package)| *package)
            .collect::<Vec<_>>(),
    )
}

/// Installs Debian packages.
fn apt(sh: &Shell, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    ensure!(
        may_apt(sh),
        "install these and run again: {list} (on Debian, as root: apt-get install {list})"
    );
    say(&format!("installing {list}"));
    let sh = sh.clone();
    sh.set_var("DEBIAN_FRONTEND", "noninteractive");
    // Package lists may be absent or old; they are fetched only when the first try fails.
    let install = || {
        cmd!(
            sh,
            "apt-get install --yes --quiet --no-install-recommends {packages...}"
        )
        .run()
    };
    if install().is_err() {
        cmd!(sh, "apt-get update --quiet").run()?;
        install().with_context(|| format!("apt could not install {list}"))?;
    }
    Ok(())
}

fn may_apt(sh: &Shell) -> bool {
    Path::new("/etc/debian_version").exists()
        && on_path("apt-get").is_some()
        && cmd!(sh, "id -u").quiet().read().is_ok_and(|id| id == "0")
}

/// A tool of crates.io, on the PATH already in this version or installed below the target folder.
fn cargo_tool(sh: &Shell, tool: &str, version: &str) -> Result<()> {
    let found = cmd!(sh, "{tool} --version").quiet().ignore_stderr().read();
    if found.is_ok_and(|found| found.split(' ').any(|word| word == version)) {
        return Ok(());
    }
    say(&format!(
        "installing {tool} {version} (about a minute and a half)"
    ));
    let package = match tool {
        "wasm-bindgen" => "wasm-bindgen-cli",
        other => other,
    };
    let root = tools();
    // One build folder for all tools, so that what they share is compiled once.
    let target = root.join("build");
    let install = |locked: Option<&str>| {
        cmd!(
            sh,
            "cargo install {locked...} --root {root} --target-dir {target} --version {version} --bin {tool} {package}"
        )
        // They run for a second each; to optimise them would take as long again as to compile them.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .run()
    };
    // A tool's own lock file may name what has been withdrawn, or what a mirror does not have yet.
    install(Some("--locked"))
        .or_else(|_| install(None))
        .with_context(|| format!("`cargo install {package}` failed"))
}

/// Version of a package in Cargo.lock.
fn locked(package: &str) -> Result<String> {
    let lock = fs::read_to_string(crate::root().join("Cargo.lock"))?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("version = \""));
    let version = version.and_then(|version| version.strip_suffix('"'));
    Ok(version
        .with_context(|| format!("Cargo.lock has no {package}"))?
        .to_owned())
}

/// Whether the standard library of a target is here, or rustup could be made to fetch it.
///
/// rustup is asked once a day: where it has no network it takes its time.
pub(crate) fn target(sh: &Shell, target: &str) -> bool {
    if has_std(sh, target) {
        return true;
    }
    let asked = format!("target/asked-for-{target}");
    if is_younger(&crate::root().join(&asked), ASK_AGAIN) {
        eprintln!("note: rustup is not asked for {target} again today, unless {asked} is removed");
        return false;
    }
    say(&format!("adding the target {target}"));
    if rustup(sh, &["target", "add", target], 60) && has_std(sh, target) {
        return true;
    }
    // Without the note rustup is asked again, which costs time and no more.
    let _ = sh.write_file(asked, "");
    false
}

/// Whether a file was written less than so long ago.
fn is_younger(file: &Path, than: Duration) -> bool {
    let written = fs::metadata(file).and_then(|file| file.modified());
    written.is_ok_and(|written| written.elapsed().is_ok_and(|age| age < than))
}

/// Has rustup do something that needs the network; it is stopped after so many seconds.
fn rustup(sh: &Shell, what: &[&str], seconds: u32) -> bool {
    // Without the network that rustup wants, it may wait for an answer for very long.
    let seconds = seconds.to_string();
    let (program, limit): (_, &[&str]) = if cfg!(unix) && on_path("timeout").is_some() {
        ("timeout", &[&seconds, "rustup"])
    } else {
        ("rustup", &[])
    };
    cmd!(sh, "{program} {limit...} {what...}").run().is_ok()
}

/// Whether the shell's rustc has the source of the standard library.
fn has_source(sh: &Shell) -> bool {
    let root = cmd!(sh, "rustc --print sysroot")
        .quiet()
        .ignore_stderr()
        .read();
    root.is_ok_and(|root| {
        Path::new(&root)
            .join("lib/rustlib/src/rust/library/Cargo.lock")
            .exists()
    })
}

/// Whether the shell's rustc has the standard library of a target.
fn has_std(sh: &Shell, target: &str) -> bool {
    let folder = cmd!(sh, "rustc --print target-libdir --target {target}")
        .quiet()
        .ignore_stderr()
        .read();
    let entries = folder.ok().and_then(|folder| fs::read_dir(folder).ok());
    entries
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// The shell, but with Debian's own Rust in front of any other.
fn debian_rust(sh: &Shell) -> Result<Shell> {
    let sh = sh.clone();
    sh.set_var(
        "PATH",
        path_with(&["/usr/bin".into(), tools().join("bin")])?,
    );
    // What cargo set for this process leads back to the toolchain that runs it.
    sh.set_var("CARGO", "/usr/bin/cargo");
    sh.set_var("RUSTC", "/usr/bin/rustc");
    Ok(sh)
}

/// Builds WebAssembly's standard library from Debian's source, into Debian's sysroot.
fn build_wasm_std(sh: &Shell) -> Result<()> {
    apt(
        sh,
        &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"],
    )?;
    // The linker must be of the compiler's own LLVM.
    let about = cmd!(sh, "rustc -vV").quiet().read()?;
    let llvm = about
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "));
    let llvm = llvm
        .and_then(|version| version.split('.').next())
        .unwrap_or("22");
    apt(sh, &[&format!("lld-{llvm}")])?;

    let empty = crate::root().join("target/wasm-std");
    sh.create_dir(empty.join("src"))?;
    sh.write_file(empty.join("src/lib.rs"), "")?;
    sh.write_file(
        empty.join("Cargo.toml"),
        "[package]\nname = \"wasm-std\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    let build = sh.clone();
    build.change_dir(&empty);
    build.set_var("RUSTC_BOOTSTRAP", "1");
    build.set_var("RUSTFLAGS", "-Cembed-bitcode=yes");
    build.set_var("CARGO_TARGET_DIR", empty.join("target"));
    cmd!(
        build,
        "cargo build --release --target {WASM} -Zbuild-std=std,panic_abort"
    )
    .run()?;

    let lib = cmd!(sh, "rustc --print target-libdir --target {WASM}")
        .quiet()
        .read()?;
    sh.create_dir(&lib)?;
    for entry in fs::read_dir(empty.join("target").join(WASM).join("release/deps"))? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libwasm_std") {
            sh.copy_file(&file, &lib)?;
        }
    }
    Ok(())
}

/// Where `cargo install` puts this project's tools.
fn tools() -> PathBuf {
    crate::root().join("target/tools")
}

fn path_with(first: &[PathBuf]) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&path));
    Ok(env::join_paths(folders)?)
}

/// The program's file, if it is on the PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// Says in one plain line what is done now.
pub(crate) fn say(what: &str) {
    eprintln!("==> {what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_asked_again_some_day() {
        let file = crate::root().join("Cargo.toml");
        assert!(is_younger(&file, Duration::MAX));
        assert!(!is_younger(&file, Duration::ZERO));
        assert!(!is_younger(&file.join("none"), Duration::MAX));
    }
}
