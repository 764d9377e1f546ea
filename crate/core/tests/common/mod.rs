//! What several tests read.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files of texts in a folder of `tests`, in order.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut files: Vec<_> = fs::read_dir(tests.join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    files.sort();
    files
}
