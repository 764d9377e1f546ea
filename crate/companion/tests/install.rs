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
            words.contains("Chrome, Chromium, Edge, Brave, Firefox"),
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
fn a_home_that_cannot_be_written_to_is_told() {
    let home = Home::new("file");
    fs::write(home.0.join(".config"), "in the way").expect("written");
    let output = home.run(built(), "install");
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty());
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
