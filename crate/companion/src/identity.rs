//! Who the extension is to each browser, read from its own manifest.

use crate::table::rows;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorchain_core::protocol::HOST_NAME;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

/// Ids that only the owner of the extension in a store knows, after the first upload.
const STORES: &str = include_str!("../data/store_ids.tsv");

const MANIFEST: &str = include_str!("../../../manifest.json");

/// A family of browsers, each with its own way of naming extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Chromium and what is made of it.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Family {
    /// The family of this name in the data and on the command line.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "chromium" => Some(Self::Chromium),
            "firefox" => Some(Self::Firefox),
            _ => None,
        }
    }
}

/// The extension's ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Of the copy that is loaded unpacked: 32 letters from `a` to `p`.
    pub chromium: String,
    /// Of the copies that stores of Chromium's family hand out, in the same form.
    pub stores: Vec<String>,
    /// The `gecko` id.
    pub gecko: String,
}

impl Identity {
    /// The extension's origins in Chromium's family.
    fn origins(&self) -> impl Iterator<Item = String> {
        (std::iter::once(&self.chromium).chain(&self.stores))
            .map(|id| format!("chrome-extension://{id}/"))
    }
}

/// The ids of the extension that this companion was built with.
///
/// # Panics
///
/// When the manifest that was compiled in has no usable key or gecko id, which
/// the tests rule out.
pub fn identity() -> &'static Identity {
    static IDENTITY: LazyLock<Identity> =
        LazyLock::new(|| read(MANIFEST, STORES).expect("manifest.json has a key and a gecko id"));
    &IDENTITY
}

#[derive(Deserialize)]
struct Manifest {
    key: String,
    browser_specific_settings: Browsers,
}

#[derive(Deserialize)]
struct Browsers {
    gecko: Gecko,
}

#[derive(Deserialize)]
struct Gecko {
    id: String,
}

fn read(manifest: &str, stores: &str) -> Option<Identity> {
    let manifest: Manifest = serde_json::from_str(manifest).ok()?;
    Some(Identity {
        chromium: chromium_id(&STANDARD.decode(manifest.key).ok()?),
        stores: rows(stores)
            .map(|row| row.get(1).map(|id| (*id).to_owned()))
            .collect::<Option<_>>()?,
        gecko: manifest.browser_specific_settings.gecko.id,
    })
}

/// The first 128 bits of the key's SHA-256, each half byte a letter from `a` on.
///
/// `crx_file::id_util::GenerateId` in Chromium's `components/crx_file/id_util.cc`.
fn chromium_id(key: &[u8]) -> String {
    Sha256::digest(key)[..16]
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| char::from(b'a' + half))
        .collect()
}

/// The host manifest that lets a family of browsers start the companion at `path`.
///
/// # Errors
///
/// `InvalidData` for a path that is not Unicode, which JSON cannot hold.
pub fn host_manifest(family: Family, path: &Path) -> io::Result<Value> {
    let Some(path) = path.to_str() else {
        let why = format!("no browser can be told of {path:?}, which is not Unicode");
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    };
    let mut manifest = json!({
        "name": HOST_NAME,
        "description": "Tells Doorchain whether somebody else is in this computer",
        "path": path,
        "type": "stdio",
    });
    let identity = identity();
    match family {
        Family::Chromium => {
            manifest["allowed_origins"] = identity.origins().collect();
        }
        Family::Firefox => manifest["allowed_extensions"] = json!([identity.gecko]),
    }
    Ok(manifest)
}

/// Whether these arguments are the ones a browser starts a host with for our extension.
///
/// Chromium gives the caller's origin first; Firefox the manifest's path, then the id.
pub fn is_call(args: &[OsString]) -> bool {
    is_call_for(identity(), args)
}

fn is_call_for(identity: &Identity, args: &[OsString]) -> bool {
    let is_origin = |first: &OsString| identity.origins().any(|origin| first == origin.as_str());
    args.first().is_some_and(is_origin)
        || args.get(1).is_some_and(|id| id == identity.gecko.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_are_fixed() {
        let identity = identity();
        assert_eq!(identity.gecko, "doorchain@doorchain.org");
        assert_eq!(identity.chromium.len(), 32);
    }

    #[test]
    fn an_id_is_a_hash_of_the_key() {
        // SHA-256 of nothing begins e3b0c442 98fc1c14 9afbf4c8 996fb924 (FIPS 180-4).
        assert_eq!(chromium_id(b""), "odlameecjipmbmbejkplpemijjgpljce");
    }

    #[test]
    fn a_stores_id_may_call_too() {
        let store = "abcdefghijklmnopabcdefghijklmnop";
        let stores = format!("# why\nstore\tid\tsource\tchecked\nEdge\t{store}\tx\t2026-11-22\n");
        let identity = read(MANIFEST, &stores).expect("read");
        assert_eq!(identity.stores, [store]);
        assert!(is_call_for(
            &identity,
            &[format!("chrome-extension://{store}/").into()]
        ));
        let own = format!("chrome-extension://{}/", identity.chromium);
        assert_eq!(
            identity.origins().next(),
            Some(own),
            "the copy that is loaded unpacked stays"
        );
        assert!(
            read(MANIFEST, "store\tid\nEdge\n").is_none(),
            "a short line"
        );
    }

    #[test]
    fn every_id_of_a_store_is_one() {
        for id in &identity().stores {
            assert_eq!(id.len(), 32, "{id}");
            assert!(
                id.bytes().all(|letter| (b'a'..=b'p').contains(&letter)),
                "{id}"
            );
        }
    }

    #[test]
    fn only_our_extension_may_call() {
        let identity = identity();
        let own = format!("chrome-extension://{}/", identity.chromium);
        assert!(is_call(&[own.into()]));
        assert!(is_call(&["/x.json".into(), identity.gecko.clone().into()]));
        let other = format!("chrome-extension://{}/", "a".repeat(32));
        assert!(!is_call(&[other.into()]));
        assert!(!is_call(&["/x.json".into(), "other@example.org".into()]));
        assert!(!is_call(&[]));
    }
}
