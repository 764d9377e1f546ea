//! Logins as logind notes them down for libsystemd, one file each.
//!
//! sd-login(3) answers from the same files; linking it would make libsystemd a condition of a
//! companion that runs on systems without. A key that is not as expected is no login.

use crate::snapshot::Login;
use doorchain_core::Millis;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Where the files lie, sd-login's `file_of_session`.
pub(super) const FOLDER: &str = "/run/systemd/sessions";

/// The logins from elsewhere of the user of this number; none where there is no logind.
///
/// # Errors
///
/// When the folder or one of its files is there and cannot be read.
pub(super) fn logins(folder: &Path, user: u32) -> io::Result<Vec<Login>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut logins = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let id = name.to_string_lossy();
        // Beside each file lies a pipe, which would be waited on; what is being written is hidden.
        if !entry.file_type()?.is_file() || id.starts_with('.') {
            continue;
        }
        match fs::read(entry.path()) {
            Ok(text) => logins.extend(login(&id, &String::from_utf8_lossy(&text), user)),
            // The login ended between being listed and being read.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    logins.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(logins)
}

/// What a file of `KEY=value` lines tells, if it is a login from elsewhere that is not over.
fn login(id: &str, text: &str, user: u32) -> Option<Login> {
    let value = |key: &str| {
        let mut values = text.lines().filter_map(|line| {
            let value = line.strip_prefix(key)?.strip_prefix('=')?;
            Some(value.trim_matches('"'))
        });
        values.next().filter(|value| !value.is_empty())
    };
    let is_on = value("REMOTE")? == "1"
        && value("UID")?.parse() == Ok(user)
        && value("CLASS")?.starts_with("user")
        && ["active", "online"].contains(&value("STATE")?);
    is_on.then(|| Login {
        id: id.to_owned(),
        kind: value("TYPE").unwrap_or_default().to_owned(),
        service: value("SERVICE").map(str::to_owned),
        host: value("REMOTE_HOST").map(str::to_owned),
        since: value("REALTIME")
            .and_then(|micros| micros.parse::<u64>().ok())
            .map(|micros| Millis(micros / 1000)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    /// A file as logind 252 writes it.
    fn file(id: &str) -> String {
        format!(
            "# This is private data. Do not parse.\nUID=1000\nUSER=ruth\nACTIVE=1\n\
                 IS_DISPLAY=0\nSTATE=active\nREMOTE=1\nLEADER=812\nTYPE=x11\n\
                 ORIGINAL_TYPE=x11\nCLASS=user\nSCOPE=session-{id}.scope\n\
                 FIFO=/run/systemd/sessions/{id}.ref\nDISPLAY=:10\nREMOTE_HOST=192.0.2.7\n\
                 SERVICE=lightdm\nREALTIME=1795370400123456\nMONOTONIC=52000000\n"
        )
    }

    struct Folder(Scratch);

    impl Folder {
        fn new() -> Self {
            Self(Scratch::new())
        }

        /// A file with these words put in place of others.
        fn add(&self, id: &str, changed: &[(&str, &str)]) {
            let mut text = file(id);
            for (from, to) in changed {
                assert!(text.contains(from), "{from}");
                text = text.replace(from, to);
            }
            fs::write(self.0.0.join(id), text).expect("written");
        }

        fn ids(&self) -> Vec<String> {
            let found = logins(&self.0.0, 1000).expect("readable");
            found.into_iter().map(|login| login.id).collect()
        }
    }

    #[test]
    fn a_login_from_elsewhere_is_read_whole() {
        let folder = Folder::new();
        folder.add("c3", &[]);
        let expected = Login {
            id: "c3".to_owned(),
            kind: "x11".to_owned(),
            service: Some("lightdm".to_owned()),
            host: Some("192.0.2.7".to_owned()),
            since: Some(Millis(1_795_370_400_123)),
        };
        assert_eq!(logins(&folder.0.0, 1000).expect("readable"), [expected]);
        // As newer ones quote what has other than letters.
        folder.add(
            "c3",
            &[("REMOTE_HOST=192.0.2.7", "REMOTE_HOST=\"host \\x2d 7\"")],
        );
        let found = logins(&folder.0.0, 1000).expect("readable");
        assert_eq!(found[0].host.as_deref(), Some("host \\x2d 7"));
    }

    #[test]
    fn only_this_users_own_from_elsewhere_that_are_not_over_are_logins() {
        let folder = Folder::new();
        for (id, changed) in [
            ("1", ("REMOTE=1", "REMOTE=0")),
            ("2", ("UID=1000", "UID=10001")),
            ("3", ("STATE=active", "STATE=closing")),
            ("4", ("STATE=active", "STATE=opening")),
            ("5", ("CLASS=user", "CLASS=greeter")),
            ("6", ("REMOTE=1\n", "")),
            ("7", ("UID=1000", "UID=ruth")),
        ] {
            folder.add(id, &[changed]);
        }
        assert_eq!(folder.ids(), [""; 0]);
        folder.add("8", &[("STATE=active", "STATE=online")]);
        folder.add("9", &[("CLASS=user", "CLASS=user-early")]);
        assert_eq!(folder.ids(), ["8", "9"]);
    }

    #[test]
    fn no_file_makes_it_fail() {
        let good = file("3");
        let mut read = 0;
        for text in crate::hostile::spoilt(&[good.as_bytes()], 20_000) {
            let text = String::from_utf8_lossy(&text);
            read += usize::from(login("3", &text, 1000).is_some());
        }
        assert!(
            read > 1000,
            "most are spoilt in words that nobody reads: {read}"
        );
    }

    #[test]
    fn pipes_and_halves_are_passed_over() {
        let folder = Folder::new();
        folder.add("3", &[]);
        folder.add(".#3AbCdEf", &[]);
        let pipe = folder.0.0.join("3.ref");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("made");
        fs::write(folder.0.0.join("4"), b"\xff\xfe\0").expect("written");
        fs::write(folder.0.0.join("5"), "").expect("written");
        assert_eq!(folder.ids(), ["3"]);
    }

    #[test]
    fn without_logind_there_is_none_and_what_cannot_be_read_is_told() {
        let folder = Folder::new();
        let missing = folder.0.0.join("missing");
        assert_eq!(logins(&missing, 1000).expect("no logind"), []);
        // A file in the folder's place cannot be listed, not even by root.
        let file = folder.0.0.join("file");
        fs::write(&file, "").expect("written");
        assert!(logins(&file, 1000).is_err());
    }
}
