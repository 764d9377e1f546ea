//! Installing for one user, in a home folder of the test's own, and leaving nothing.
#![cfg(target_os = "linux")]

use doorchain_companion::identity::identity;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const HOST: &str = "org.doorchain.companion.json";
const PLACES: [&str; 5] = [
    ".config/google-chrome/NativeMessagingHosts",
    ".config/chromium/NativeMessagingHosts",
    ".config/microsoft-edge/NativeMessagingHosts",
    ".config/BraveSoftware/Brave-Browser/NativeMessagingHosts",
    ".mozilla/native-messaging-hosts",
];

/// A home folder that goes with its test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("made");
        Self(path)
    }

    fn run(&self, program: &Path, word: &str) -> Output {
        Command::new(program)
            .arg(word)
            .env("HOME", &self.0)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .output()
            .expect("runs")
    }

    fn words(&self, program: &Path, word: &str) -> String {
        let output = self.run(program, word);
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{word}: {log}");
        String::from_utf8(output.stdout).expect("text")
    }

    fn everything(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).expect("listed") {
                let path = entry.expect("entry").path();
                into.push(path.clone());
                if path.is_dir() {
                    walk(&path, into);
                }
            }
        }
        let mut all = Vec::new();
        walk(&self.0, &mut all);
        all
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn built() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_doorchain-companion"))
}

#[test]
fn every_browser_finds_it_and_nothing_is_left_behind() {
    let home = Home::new("install");
    assert!(
        home.words(built(), "status")
            .contains("Chrome: not installed")
    );
    // To install again is to bring up to date.
    for _ in 0..2 {
        let words = home.words(built(), "install");
        assert!(
            words.starts_with(
                "Ready for Chrome, Chromium, Edge, Brave, Firefox: for those you have"
            ),
            "{words}"
        );
    }
    for place in PLACES {
        let file = home.0.join(place).join(HOST);
        let host: Value = serde_json::from_slice(&fs::read(&file).expect(place)).expect("JSON");
        assert_eq!(host["name"], "org.doorchain.companion");
        assert_eq!(host["type"], "stdio");
        if place.contains("mozilla") {
            assert_eq!(
                host["allowed_extensions"],
                serde_json::json!(["doorchain@doorchain.org"])
            );
            assert_eq!(host.get("allowed_origins"), None);
        } else {
            let origin = format!("chrome-extension://{}/", identity().chromium);
            assert_eq!(host["allowed_origins"], serde_json::json!([origin]));
            assert_eq!(host.get("allowed_extensions"), None);
        }
        let program = PathBuf::from(host["path"].as_str().expect("text"));
        assert!(program.starts_with(&home.0), "a copy that stays");
        let mode = fs::metadata(&program).expect("there").permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "can be run");
    }
    let settled = home.0.join(".local/share/doorchain/doorchain-companion");
    for program in [built(), &settled] {
        let words = home.words(program, "status");
        assert_eq!(words.matches(": installed\n").count(), 5, "{words}");
    }

    // The copy can remove itself.
    let words = home.words(&settled, "uninstall");
    assert!(words.contains("Removed from Chrome"), "{words}");
    assert_eq!(
        home.everything(),
        [".config", ".local", ".local/share"].map(|path| home.0.join(path)),
        "only the system's own folders are left"
    );
    assert_eq!(home.words(built(), "uninstall"), "It was not installed.\n");
}

#[test]
fn a_copy_that_a_browser_has_named_settles_under_the_programs_own_name() {
    let home = Home::new("renamed");
    let saved = home.0.join("doorchain-companion (1)");
    fs::copy(built(), &saved).expect("copied");
    home.words(&saved, "install");
    let settled = home.0.join(".local/share/doorchain");
    let names: Vec<PathBuf> = (fs::read_dir(&settled).expect("listed"))
        .map(|entry| entry.expect("entry").path())
        .collect();
    assert_eq!(names, [settled.join("doorchain-companion")]);
    home.words(&saved, "uninstall");
    assert!(!settled.exists(), "nothing is left");
}

#[test]
fn what_others_have_put_there_stays() {
    let home = Home::new("others");
    let neighbour = home.0.join(PLACES[1]).join("org.example.other.json");
    fs::create_dir_all(neighbour.parent().expect("folder")).expect("made");
    fs::write(&neighbour, "{}").expect("written");
    home.words(built(), "install");
    home.words(built(), "uninstall");
    assert_eq!(fs::read_to_string(&neighbour).expect("kept"), "{}");
}

#[test]
fn status_tells_what_is_wrong() {
    let home = Home::new("status");
    home.words(built(), "install");
    fs::write(home.0.join(PLACES[0]).join(HOST), "{").expect("written");
    fs::remove_file(home.0.join(".local/share/doorchain/doorchain-companion")).expect("removed");
    let words = home.words(built(), "status");
    assert!(
        words.contains("Chrome: broken: install it again"),
        "{words}"
    );
    assert!(words.contains("Firefox: broken: "), "{words}");
    assert!(words.contains(" is missing"), "{words}");
}

#[test]
fn a_browser_that_cannot_be_told_keeps_no_other_from_it() {
    let home = Home::new("dangling");
    let link = home.0.join(".config/google-chrome");
    fs::create_dir_all(home.0.join(".config")).expect("made");
    std::os::unix::fs::symlink(home.0.join("gone"), &link).expect("made");
    let output = home.run(built(), "install");
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stdout).expect("text");
    assert!(
        words.starts_with("Ready for Chromium, Edge, Brave, Firefox:"),
        "{words}"
    );
    let log = String::from_utf8(output.stderr).expect("text");
    let wanted = format!("Chrome: {}: ", link.display());
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains(&wanted), "{log}");
    for place in &PLACES[1..] {
        assert!(home.0.join(place).join(HOST).exists(), "{place}");
    }
    let words = home.words(built(), "uninstall");
    assert_eq!(words, "Removed from Chromium, Edge, Brave, Firefox.\n");
}

#[test]
fn where_no_browser_can_be_told_nothing_is_left() {
    let home = Home::new("file");
    fs::write(home.0.join(".config"), "in the way").expect("written");
    fs::write(home.0.join(".mozilla"), "in the way").expect("written");
    let output = home.run(built(), "install");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "it is ready for none");
    let log = String::from_utf8(output.stderr).expect("text");
    for browser in ["Chrome", "Chromium", "Edge", "Brave", "Firefox"] {
        let path = if browser == "Firefox" {
            ".mozilla"
        } else {
            ".config"
        };
        let wanted = format!("{browser}: {}: ", home.0.join(path).display());
        assert!(log.contains(&wanted), "{log}");
    }
    let left = [".config", ".mozilla", ".local", ".local/share"];
    let mut all = home.everything();
    all.sort();
    let mut left = left.map(|path| home.0.join(path)).to_vec();
    left.sort();
    assert_eq!(all, left);
}

#[test]
fn a_program_that_cannot_be_put_in_its_place_leaves_nothing() {
    let home = Home::new("no-room");
    fs::write(home.0.join(".local"), "in the way").expect("written");
    let output = home.run(built(), "install");
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8(output.stderr).expect("text");
    let wanted = home.0.join(".local").display().to_string();
    assert!(log.contains(&wanted), "{log}");
    assert_eq!(home.everything(), [home.0.join(".local")]);
}

#[test]
fn what_a_broken_off_installation_left_goes_too() {
    let home = Home::new("broken-off");
    home.words(built(), "install");
    for place in PLACES {
        let fresh = home.0.join(place).join("org.doorchain.companion.new");
        fs::write(fresh, "{").expect("written");
    }
    let settled = home.0.join(".local/share/doorchain");
    fs::write(settled.join("doorchain-companion.new"), "half").expect("written");
    home.words(built(), "uninstall");
    assert_eq!(
        home.everything(),
        [".config", ".local", ".local/share"].map(|path| home.0.join(path))
    );
}

#[test]
fn a_browser_that_its_package_confines_is_told() {
    let home = Home::new("confined");
    let words = home.words(built(), "install");
    assert!(!words.contains("came as"), "{words}");
    for folder in [
        "snap/chromium",
        "snap/firefox",
        ".var/app/com.brave.Browser",
    ] {
        fs::create_dir_all(home.0.join(folder)).expect("made");
    }
    let words = home.words(built(), "install");
    for line in [
        "The Chromium that came as a snap cannot start the companion, so",
        "The Firefox that came as a snap asks you once",
        "The Brave that came as a flatpak cannot start the companion, so",
    ] {
        assert!(words.contains(line), "{words}");
    }
    let words = home.words(built(), "status");
    assert!(
        words.contains("Chromium (snap): cannot start this\n"),
        "{words}"
    );
    assert!(
        words.contains("Firefox (snap): asks whether it may start this\n"),
        "{words}"
    );
}

/// Words that are not Unicode, on the command line and in the name of a folder.
#[test]
fn words_in_no_known_letters_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let odd = OsStr::from_bytes(b"\xff");
    let output = Command::new(built()).arg(odd).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let output = (Command::new(built()).args(["manifest", "firefox"]))
        .arg(odd)
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());

    let home = Home::new("odd");
    let inner = Home(home.0.join(odd));
    fs::create_dir_all(&inner.0).expect("made");
    let output = inner.run(built(), "install");
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        log.contains("not Unicode") && !log.contains("panicked"),
        "{log}"
    );
    assert_eq!(inner.everything().len(), 2, "{:?}", inner.everything());
}

#[test]
fn unknown_words_get_the_usage() {
    let output = Command::new(built()).arg("dance").output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        output.stdout.is_empty(),
        "only frames go to standard output"
    );
    assert!(String::from_utf8_lossy(&output.stderr).contains("doorchain-companion install"));
}
