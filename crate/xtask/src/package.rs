//! `cargo xtask package`: the archives that people get, in `dist/package`.
//!
//! The same tree and tools give the same bytes: names are sorted, and every file has the same date.

use crate::{
    build::{self, Files},
    setup::{self, say},
};
use anyhow::{Context, Result, ensure};
use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
};
use xshell::{Shell, cmd};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The one date of all files, in seconds since 1970: 1980-01-01, the first that a zip can hold.
const DATE: &str = "315532800";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where browsers look for the companion's manifests; the companion reads it too.
const BROWSERS: &str = include_str!("../../companion/data/browsers.tsv");

/// Builds all archives that this machine can build.
///
/// # Errors
/// When something does not compile or cannot be written.
pub(crate) fn all() -> Result<()> {
    let sh = setup::shell()?;
    let to = crate::root().join("dist/package");
    sh.remove_path(&to)?;
    sh.create_dir(&to)?;

    build::extension(&sh)?;
    let extension = to.join(format!("doorchain-{VERSION}.zip"));
    write_zip(&extension, &store_ready(build::files()?)?, &[])?;

    let program = companion(&sh)?;
    let name = format!("doorchain-companion{}", env::consts::EXE_SUFFIX);
    let root = crate::root();
    let files = Files::from([
        (name.clone(), fs::read(&program)?),
        (
            "INSTALL.txt".to_owned(),
            fs::read(root.join("crate/companion/INSTALL.txt"))?,
        ),
        ("LICENSE".to_owned(), fs::read(root.join("LICENSE"))?),
        (
            "PROTOCOL.md".to_owned(),
            fs::read(root.join("PROTOCOL.md"))?,
        ),
    ]);
    let (system, machine) = (env::consts::OS, env::consts::ARCH);
    let archive = format!("doorchain-companion-{VERSION}-{system}-{machine}.zip");
    write_zip(&to.join(archive), &files, &[&name])?;

    if setup::on_path("dpkg-deb").is_some() {
        deb(&sh, &program, &to)?;
    } else {
        println!("no .deb: dpkg-deb is not here");
    }
    for entry in sh.read_dir(&to)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        println!("dist/package/{name}  {} bytes", fs::metadata(&entry)?.len());
    }
    Ok(())
}

/// The files as stores take them: they give an extension its key themselves and refuse another's.
/// <https://developer.chrome.com/docs/extensions/reference/manifest/key>
fn store_ready(mut files: Files) -> Result<Files> {
    let text = files.get("manifest.json").context("no manifest.json")?;
    let mut manifest: serde_json::Value = serde_json::from_slice(text)?;
    manifest
        .as_object_mut()
        .context("manifest.json holds no object")?
        .remove("key");
    files.insert(
        "manifest.json".to_owned(),
        serde_json::to_vec_pretty(&manifest)?,
    );
    Ok(files)
}

/// Writes files into a zip archive; `programs` may be run.
fn write_zip(to: &Path, files: &Files, programs: &[&str]) -> Result<()> {
    let mut archive = ZipWriter::new(fs::File::create(to)?);
    for (name, bytes) in files {
        let mode = if programs.contains(&name.as_str()) {
            0o755
        } else {
            0o644
        };
        let options = SimpleFileOptions::default()
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(mode);
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    archive.finish()?;
    Ok(())
}

/// Builds the companion as it ships.
fn companion(sh: &Shell) -> Result<PathBuf> {
    say("building the companion as it ships");
    let root = crate::root();
    let target = root.join("target/package");
    cmd!(
        sh,
        "cargo build --release --package doorchain-companion --target-dir {target}"
    )
    .env(build::RUSTFLAGS, build::remapped(&root, &[]))
    .run()?;
    Ok(target.join(format!(
        "release/doorchain-companion{}",
        env::consts::EXE_SUFFIX
    )))
}

/// A Debian package that makes the companion known to the browsers of all users, and leaves
/// nothing behind when it is removed.
fn deb(sh: &Shell, program: &Path, to: &Path) -> Result<()> {
    let tree = crate::root().join("target/package/deb");
    sh.remove_path(&tree)?;
    let installed = "/usr/bin/doorchain-companion";
    for folder in ["DEBIAN", "usr/bin", "usr/share/doc/doorchain-companion"] {
        sh.create_dir(tree.join(folder))?;
    }
    sh.copy_file(program, tree.join(&installed[1..]))?;
    sh.copy_file(
        crate::root().join("LICENSE"),
        tree.join("usr/share/doc/doorchain-companion/copyright"),
    )?;
    let folders = folders_of_all_users();
    ensure!(
        !folders.is_empty(),
        "browsers.tsv has no folder of all users"
    );
    folders.into_iter().try_for_each(|(family, folder)| {
        let manifest = cmd!(sh, "{program} manifest {family} {installed}")
            .quiet()
            .read()?;
        let file = format!("{}.json", doorchain_core::protocol::HOST_NAME);
        anyhow::Ok(sh.write_file(tree.join(folder).join(file), manifest + "\n")?)
    })?;

    let machine = cmd!(sh, "dpkg --print-architecture").quiet().read()?;
    let needs = libc(&fs::read(program)?);
    sh.write_file(
        tree.join("DEBIAN/control"),
        format!(
            "Package: doorchain-companion\n\
             Version: {VERSION}\n\
             Architecture: {machine}\n\
             Maintainer: Doorchain <companion@doorchain.org>\n\
             Section: web\n\
             Priority: optional\n\
             Depends: {needs}, libgcc-s1\n\
             Description: tells Doorchain whether somebody else is in the computer\n \
             The browser extension Doorchain asks it which remote sessions are active,\n \
             and ends one when the person at the screen says so. It runs only while it\n \
             is asked and sends nothing anywhere.\n"
        ),
    )?;
    cmd!(sh, "chmod -R u=rwX,go=rX {tree}").quiet().run()?;
    cmd!(sh, "dpkg-deb --root-owner-group -Zxz --build {tree} {to}")
        .env("SOURCE_DATE_EPOCH", DATE)
        .quiet()
        .ignore_stdout()
        .run()?;
    Ok(())
}

/// Family of browsers and folder below the root, for each place that serves all users of Linux.
fn folders_of_all_users() -> Vec<(&'static str, &'static str)> {
    (BROWSERS.lines())
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            match cells[..] {
                [_, family, "linux", "root", folder, ..] => Some((family, folder)),
                _ => None,
            }
        })
        .collect()
}

/// The oldest C library that has every symbol the program names, as Debian words it.
fn libc(program: &[u8]) -> String {
    let names = regex::bytes::Regex::new(r"GLIBC_2\.(\d+)").expect("pattern is well formed");
    let newest = names
        .captures_iter(program)
        .filter_map(|name| str::from_utf8(&name[1]).ok()?.parse::<u32>().ok())
        .max();
    newest.map_or_else(
        || "libc6".to_owned(),
        |minor| format!("libc6 (>= 2.{minor})"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_gets_no_key_and_all_else() {
        let manifest = br#"{"name":"x","key":"abc"}"#.to_vec();
        let files = Files::from([
            ("manifest.json".to_owned(), manifest),
            ("a.js".to_owned(), vec![1]),
        ]);
        let files = store_ready(files).expect("a manifest");
        let manifest: serde_json::Value =
            serde_json::from_slice(&files["manifest.json"]).expect("JSON");
        assert_eq!(manifest, serde_json::json!({ "name": "x" }));
        assert_eq!(files["a.js"], [1]);
    }

    #[test]
    fn all_users_of_every_browser_family_are_served() {
        let folders = folders_of_all_users();
        assert!(folders.contains(&("chromium", "etc/chromium/native-messaging-hosts")));
        assert!(folders.contains(&("firefox", "usr/lib/mozilla/native-messaging-hosts")));
        assert!(folders.iter().all(|(_, folder)| !folder.starts_with('/')));
    }

    #[test]
    fn reads_the_newest_c_library_that_is_named() {
        assert_eq!(
            libc(b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.3.4\0"),
            "libc6 (>= 2.34)"
        );
        assert_eq!(libc(b"static"), "libc6");
    }
}
