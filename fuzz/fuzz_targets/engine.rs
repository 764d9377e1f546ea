//! The engine that the targets share, built once.

use doorchain_core::{Address, Engine};
use std::sync::LazyLock;

/// With the URL parser of native programs.
pub static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::new(|url| {
        let url = url::Url::parse(url).ok()?;
        Some(Address {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port(),
            path: url.path().to_owned(),
            query: url.query().unwrap_or_default().to_owned(),
            user_info: url.username().to_owned(),
        })
    })
});
