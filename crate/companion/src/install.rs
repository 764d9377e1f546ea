//! Makes the companion known to this user's browsers, and forgets it again.

use crate::identity::{Family, host_manifest};
use crate::table::rows;
use doorchain_core::System;
use doorchain_core::protocol::HOST_NAME;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where a browser looks for a user's native-messaging hosts.
#[derive(Clone, Debug)]
struct Place {
    browser: &'static str,
    family: Family,
    base: &'static str,
    path: &'static str,
}

/// How the companion stands with one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The browser finds this companion.
    Installed,
    /// The browser finds a host manifest that names another program.
    Elsewhere(PathBuf),
    /// The browser finds a host manifest of which that program is missing.
    Missing(PathBuf),
    /// The browser finds a host manifest that it cannot read.
    Broken,
    /// The browser finds nothing.
    Absent,
}

/// A browser of which its package keeps other programs away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confined {
    /// Its name.
    pub browser: &'static str,
    /// Which package system it came by.
    pub package: &'static str,
    /// It can start the companion all the same, where the person lets it.
    pub asks: bool,
}

const DATA: &str = include_str!("../data/browsers.tsv");
const CONFINED: &str = include_str!("../data/confined_browsers.tsv");

/// The confined browsers that this user has run.
pub fn confined() -> Vec<Confined> {
    let Some(home) = dirs::home_dir() else {
        return Vec::new();
    };
    rows(CONFINED)
        .filter_map(|row| {
            let [browser, package, folder, companion, ..] = row[..] else {
                return None;
            };
            let confined = Confined {
                browser,
                package,
                asks: companion == "asks",
            };
            home.join(folder).is_dir().then_some(confined)
        })
        .collect()
}

fn places(system: System) -> impl Iterator<Item = Place> {
    rows(DATA).filter_map(move |row| {
        let [browser, family, on, base, path, ..] = row[..] else {
            return None;
        };
        if System::named(on)? != system {
            return None;
        }
        Some(Place {
            browser,
            family: Family::named(family)?,
            base,
            path,
        })
    })
}

/// The places that a person may write to.
fn own_places(system: System) -> impl Iterator<Item = Place> {
    places(system).filter(|place| place.base != "root")
}

fn no_folder() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "this user has no home folder")
}

/// The folder that the companion and, on Windows, its host manifests are put into.
fn own_folder() -> io::Result<PathBuf> {
    dirs::data_local_dir()
        .map(|data| data.join("doorchain"))
        .ok_or_else(no_folder)
}

/// Where files are put: a host manifest under its name in the browser's folder.
#[cfg(not(windows))]
mod here {
    use super::{HOST_NAME, Place, fresh, no_folder, prune, remove, rename, replace};
    use std::fs;
    use std::io;
    use std::path::PathBuf;

    fn base(place: &Place) -> io::Result<PathBuf> {
        match place.base {
            "config" => dirs::config_dir(),
            "home" => dirs::home_dir(),
            "data" => dirs::data_dir(),
            "root" => Some(PathBuf::from("/")),
            _ => None,
        }
        .ok_or_else(no_folder)
    }

    fn file(place: &Place) -> io::Result<PathBuf> {
        Ok((base(place)?.join(place.path)).join(format!("{HOST_NAME}.json")))
    }

    pub(super) fn put(place: &Place, manifest: &[u8]) -> io::Result<()> {
        let (file, base) = (file(place)?, base(place)?);
        let done = replace(&file, |fresh| fs::write(fresh, manifest), rename);
        if done.is_err() {
            prune(file.parent(), &base);
        }
        done
    }

    pub(super) fn take(place: &Place) -> io::Result<bool> {
        let file = file(place)?;
        remove(&fresh(&file))?;
        let there = remove(&file)?;
        prune(file.parent(), &base(place)?);
        Ok(there)
    }

    pub(super) fn find(place: &Place) -> io::Result<Vec<u8>> {
        fs::read(file(place)?)
    }
}

/// Where the registry is used: its key names a host manifest in our own folder.
#[cfg(windows)]
mod here {
    use super::{Family, HOST_NAME, Place, fresh, own_folder, remove, rename, replace};
    use std::fs;
    use std::io;
    use std::path::PathBuf;
    use windows_registry::CURRENT_USER;

    /// The two families have manifests of their own, which their browsers share.
    fn file(place: &Place) -> io::Result<PathBuf> {
        let family = match place.family {
            Family::Chromium => "chromium",
            Family::Firefox => "firefox",
        };
        Ok(own_folder()?.join(format!("{HOST_NAME}.{family}.json")))
    }

    fn key(place: &Place) -> String {
        format!("{}\\{HOST_NAME}", place.path)
    }

    pub(super) fn put(place: &Place, manifest: &[u8]) -> io::Result<()> {
        let file = file(place)?;
        replace(&file, |fresh| fs::write(fresh, manifest), rename)?;
        let key = key(place);
        (CURRENT_USER.create(&key))
            .and_then(|open| open.set_string("", file.to_string_lossy()))
            .map_err(|error| {
                prune(&key);
                failed(&key, error)
            })
    }

    pub(super) fn take(place: &Place) -> io::Result<bool> {
        let file = file(place)?;
        remove(&fresh(&file))?;
        remove(&file)?;
        let key = key(place);
        let there = CURRENT_USER.open(&key).is_ok();
        if there {
            (CURRENT_USER.remove_tree(&key)).map_err(|error| failed(&key, error))?;
        }
        prune(place.path);
        Ok(there)
    }

    /// What failed, with the key of the registry that it failed at.
    fn failed(key: &str, error: impl std::fmt::Display) -> io::Error {
        io::Error::other(format!("{key}: {error}"))
    }

    /// Removes keys that hold nothing, from this one up to the maker's.
    fn prune(path: &str) {
        let mut path = path;
        while let Some((parent, _)) = path.rsplit_once('\\') {
            let empty = CURRENT_USER.open(path).is_ok_and(|key| {
                let keys = key.keys().map_or(1, Iterator::count);
                let values = key.values().map_or(1, Iterator::count);
                keys == 0 && values == 0
            });
            if !empty || CURRENT_USER.remove_tree(path).is_err() {
                return;
            }
            path = parent;
        }
    }

    pub(super) fn find(place: &Place) -> io::Result<Vec<u8>> {
        let missing = |_| io::Error::from(io::ErrorKind::NotFound);
        let key = CURRENT_USER.open(key(place)).map_err(missing)?;
        fs::read(key.get_string("").map_err(missing)?)
    }
}

/// What came of installing or uninstalling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The browsers for which it was done.
    pub done: Vec<&'static str>,
    /// What could not be done, in words: for which browser, where and why.
    pub failed: Vec<String>,
}

/// Installs for this user, for each browser for which it can.
///
/// The program is first copied to the user's own data folder, so that the place
/// it was unpacked to may be cleared; a program that came with the system stays
/// where it is. Where no browser can be told of it the copy goes again.
///
/// # Errors
///
/// When the program cannot be put where it is to stay.
pub fn install() -> io::Result<Outcome> {
    let own = std::env::current_exe()?;
    let settled = own_folder()?.join(program_name());
    let was_there = settled.exists();
    let program = settle(&own, &settled).inspect_err(|_| {
        if !was_there {
            clear(&settled);
        }
    })?;
    let mut outcome = Outcome::default();
    for place in own_places(System::here()) {
        let put = host_manifest(place.family, &program)
            .and_then(|manifest| Ok(serde_json::to_vec_pretty(&manifest)?))
            .and_then(|text| here::put(&place, &text));
        match put {
            Ok(()) => outcome.done.push(place.browser),
            Err(error) => (outcome.failed).push(format!("{}: {error}", place.browser)),
        }
    }
    if outcome.done.is_empty() && !was_there && program == settled {
        outcome.failed.extend(clear(&settled));
    }
    Ok(outcome)
}

/// Puts the program where it is to stay.
fn settle(program: &Path, settled: &Path) -> io::Result<PathBuf> {
    let of_system = ["/usr", "/opt"]
        .iter()
        .any(|root| program.starts_with(root));
    if of_system {
        return Ok(program.to_owned());
    }
    // Under its own name: a browser may have saved it under another. A link in the program's place is
    // replaced, because what it leads to may be cleared.
    if settled.is_symlink() || !is_same(program, settled) {
        // A running program cannot be written to, but another can take its name.
        let take = if cfg!(windows) { take_name } else { rename };
        replace(settled, |fresh| fs::copy(program, fresh).map(drop), take)?;
    }
    Ok(settled.to_owned())
}

/// Whether two paths lead to one file, which can be spelt in many ways: on Windows with other capitals
/// or by short names, everywhere through links.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || same_file::is_same_file(one, other).unwrap_or(false)
}

fn rename(file: &Path, name: &Path) -> io::Result<()> {
    fs::rename(file, name)
}

/// Gives a program the name of another that may run. Windows lets nothing take the name of a running
/// program and lets that take another: it is put aside, and comes back where that was in vain.
fn take_name(fresh: &Path, file: &Path) -> io::Result<()> {
    let mut free: Vec<PathBuf> = asides(file).collect();
    // Those that a browser has ended in the meantime go; what cannot be removed still runs.
    free.retain(|aside| remove(aside).is_ok());
    match fs::rename(fresh, file) {
        Err(_) if file.exists() => {}
        done => return done,
    }
    let Some(aside) = free.first() else {
        let why = format!("{MOST_ASIDE} others run: {CLOSE}");
        return Err(io::Error::other(why));
    };
    fs::rename(file, aside)?;
    fs::rename(fresh, file).inspect_err(|_| {
        let _ = fs::rename(aside, file);
    })
}

/// Most programs that run on after others have replaced them: each browser has one until it is closed.
const MOST_ASIDE: usize = 16;

/// The names under which programs run on that others have replaced.
fn asides(file: &Path) -> impl Iterator<Item = PathBuf> {
    (0..MOST_ASIDE).map(|number| match number {
        0 => file.with_extension("old"),
        _ => file.with_extension(format!("old{number}")),
    })
}

/// What to do about programs that run.
const CLOSE: &str = "close your browsers, and do this again";

/// The name under which a file is written before it takes its own.
fn fresh(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Puts what `write` writes in a file's place, whose name `take` gives it, whole or not at all.
///
/// # Errors
///
/// What the system says, with the path.
fn replace(
    path: &Path,
    write: impl FnOnce(&Path) -> io::Result<()>,
    take: fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let fresh = fresh(path);
    let done = (path.parent())
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| write(&fresh))
        .and_then(|()| take(&fresh, path));
    done.map_err(|error| {
        let _ = remove(&fresh);
        let is_in_the_way = |path: &&Path| path.symlink_metadata().is_ok() && !path.is_dir();
        let way = path.ancestors().skip(1).find(is_in_the_way);
        at(way.unwrap_or(path), error)
    })
}

/// An error with the path that it is about.
fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Removes what [`install`] wrote, and the folders that are empty without it.
///
/// # Errors
///
/// When this user has no home folder, and on Windows while a browser runs the program: then nothing
/// is removed.
pub fn uninstall() -> io::Result<Outcome> {
    let settled = own_folder()?.join(program_name());
    // This very program can be removed while it runs.
    let own = std::env::current_exe()?;
    let runs = |file: &PathBuf| !is_same(file, &own) && is_kept(file);
    if let Some(file) = asides(&settled).chain([settled.clone()]).find(runs) {
        let why = format!("{} runs, and nothing was removed: {CLOSE}", file.display());
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, why));
    }
    let mut outcome = Outcome::default();
    for place in own_places(System::here()) {
        match here::take(&place) {
            Ok(true) => outcome.done.push(place.browser),
            Ok(false) => {}
            Err(error) => (outcome.failed).push(format!("{}: {error}", place.browser)),
        }
    }
    outcome.failed.extend(clear(&settled));
    Ok(outcome)
}

/// Whether Windows keeps a program's file because it runs: as little as it can be removed can it be
/// written to.
#[cfg(windows)]
fn is_kept(file: &Path) -> bool {
    use windows_sys::Win32::Foundation::ERROR_SHARING_VIOLATION;
    let error = fs::File::options().write(true).open(file).err();
    error.and_then(|error| error.raw_os_error()) == Some(ERROR_SHARING_VIOLATION as i32)
}

/// Other systems keep none.
#[cfg(not(windows))]
fn is_kept(_: &Path) -> bool {
    false
}

/// Removes the program that was put there, with what a broken-off installation left beside it; gives
/// what could not be, in words.
fn clear(settled: &Path) -> Vec<String> {
    let beside = asides(settled).chain([fresh(settled)]);
    let removed: Vec<io::Result<()>> = std::iter::once(remove_program(settled))
        .chain(beside.map(|file| remove(&file).map(drop)))
        .collect();
    let folder = settled.parent();
    prune(folder, folder.and_then(Path::parent).unwrap_or(settled));
    (removed.into_iter())
        .filter_map(Result::err)
        .map(|error| error.to_string())
        .collect()
}

fn program_name() -> String {
    format!("doorchain-companion{}", std::env::consts::EXE_SUFFIX)
}

/// Removes the program, even when it is the one that runs.
fn remove_program(file: &Path) -> io::Result<()> {
    #[cfg(windows)]
    if is_same(&std::env::current_exe()?, file) {
        // Windows keeps a running program's file; it goes when the program has ended.
        return self_replace::self_delete_outside_path(file.parent().unwrap_or(file));
    }
    remove(file).map(|_| ())
}

fn remove(file: &Path) -> io::Result<bool> {
    match fs::remove_file(file) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(at(file, error)),
    }
}

/// Removes empty folders from `folder` up to, but not with, `base`.
fn prune(mut folder: Option<&Path>, base: &Path) {
    while let Some(empty) = folder {
        // Stops by itself at the first that holds something.
        if empty == base || !empty.starts_with(base) || fs::remove_dir(empty).is_err() {
            return;
        }
        folder = empty.parent();
    }
}

/// How the companion stands with each browser.
///
/// # Errors
///
/// When this user has no home folder.
pub fn standings() -> io::Result<Vec<(&'static str, Standing)>> {
    let own = std::env::current_exe()?;
    let settled = own_folder()?.join(program_name());
    let standing_at = |place: &Place| match here::find(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Standing::Absent,
        Err(_) => Standing::Broken,
        Ok(bytes) => standing(&bytes, place.family, &[&own, &settled]),
    };
    Ok(own_places(System::here())
        .map(|place| {
            let mut standing = standing_at(&place);
            if standing == Standing::Absent {
                // What came with the system serves every user.
                standing = places(System::here())
                    .filter(|other| other.base == "root" && other.browser == place.browser)
                    .map(|other| standing_at(&other))
                    .next()
                    .unwrap_or(standing);
            }
            (place.browser, standing)
        })
        .collect())
}

fn standing(bytes: &[u8], family: Family, own: &[&Path]) -> Standing {
    let Ok(found) = serde_json::from_slice::<Value>(bytes) else {
        return Standing::Broken;
    };
    let Some(path) = found["path"].as_str().map(PathBuf::from) else {
        return Standing::Broken;
    };
    if host_manifest(family, &path).ok() != Some(found) {
        return Standing::Broken;
    }
    if !path.is_file() {
        Standing::Missing(path)
    } else if own.iter().any(|own| is_same(own, &path)) {
        Standing::Installed
    } else {
        Standing::Elsewhere(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    /// A folder stands for a program that runs: no file can take its name, nor can it be removed as one.
    #[test]
    fn a_program_that_runs_is_put_aside_and_never_lost() {
        let folder = Scratch::new();
        let (new, file) = (folder.0.join("program.new"), folder.0.join("program.exe"));
        let put = || fs::write(&new, "new").expect("written");
        let is_new = || fs::read(&file).is_ok_and(|bytes| bytes == b"new");
        let run = |path: &Path| fs::create_dir(path).expect("made");
        let names: Vec<PathBuf> = asides(&file).collect();

        put();
        take_name(&new, &file).expect("nothing is there");
        for aside in &names {
            fs::write(aside, "ended").expect("written");
        }
        put();
        take_name(&new, &file).expect("it does not run");
        assert!(is_new());
        assert_eq!(names.iter().find(|aside| aside.exists()), None, "none runs");

        for aside in &names {
            fs::remove_file(&file).expect("removed");
            run(&file);
            assert!(take_name(&new, &file).is_err(), "there is nothing new");
            assert!(file.is_dir(), "it comes back");
            put();
            take_name(&new, &file).expect("a name is free");
            assert!(is_new() && aside.is_dir(), "{}", aside.display());
        }
        fs::remove_file(&file).expect("removed");
        run(&file);
        put();
        let error = take_name(&new, &file).expect_err("no name is free");
        assert!(error.to_string().contains("close your browsers"), "{error}");
        assert!(file.is_dir(), "it stays");
    }

    /// A linked folder stands for other capitals and short names, which are Windows' own.
    #[cfg(unix)]
    #[test]
    fn a_program_is_known_however_its_path_is_spelt() {
        use std::os::unix::fs::{MetadataExt, symlink};
        let folder = Scratch::new();
        let (real, linked) = (folder.0.join("real"), folder.0.join("linked"));
        fs::create_dir(&real).expect("made");
        symlink(&real, &linked).expect("linked");
        let (program, spelt) = (real.join("program"), linked.join("program"));
        fs::write(&program, "program").expect("written");
        fs::write(real.join("other"), "program").expect("written");
        assert!(is_same(&program, &spelt));
        assert!(!is_same(&program, &real.join("other")), "the same content");
        assert!(!is_same(&program, &real.join("none")));

        let inode = || fs::metadata(&program).expect("there").ino();
        let before = inode();
        settle(&spelt, &program).expect("it is there");
        assert_eq!(inode(), before, "it is not put in its own place");
        symlink(&program, real.join("link")).expect("linked");
        settle(&program, &real.join("link")).expect("put");
        assert!(!real.join("link").is_symlink(), "a copy stays where it is");

        let manifest = host_manifest(Family::Firefox, &spelt).expect("Unicode");
        let standing =
            |own: &Path| standing(manifest.to_string().as_bytes(), Family::Firefox, &[own]);
        assert_eq!(standing(&program), Standing::Installed);
        let other = real.join("other");
        assert_eq!(standing(&other), Standing::Elsewhere(spelt.clone()));
    }

    #[test]
    fn every_system_has_the_five_browsers() {
        for system in [System::Linux, System::Windows, System::Macos] {
            let names: Vec<&str> = own_places(system).map(|place| place.browser).collect();
            assert_eq!(names, ["Chrome", "Chromium", "Edge", "Brave", "Firefox"]);
        }
        for row in rows(CONFINED) {
            assert_eq!(row.len(), 6, "{row:?}");
            assert!(["asks", "none"].contains(&row[3]), "{row:?}");
            let known = own_places(System::Linux).any(|place| place.browser == row[0]);
            assert!(known, "{row:?}");
        }
        let all = [System::Linux, System::Windows, System::Macos].map(|s| places(s).count());
        assert_eq!(
            rows(DATA).count(),
            all.iter().sum::<usize>(),
            "a line that no system reads"
        );
    }
}
