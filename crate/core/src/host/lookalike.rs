//! Whom an address plays.

use super::{HostCue, suffix::Split};
use crate::{Address, CueKind};

/// What makes the address of a host that nobody in the lists owns suspect.
pub(super) fn cues(address: &Address, host: &str, split: Split) -> Vec<HostCue> {
    let mut cues = Vec::new();
    let site = split.site.unwrap_or(0);
    let name = &host[site..split.suffix.max(site)];
    if name.contains("amazon") {
        cues.push(HostCue {
            code: "brand_claim",
            kind: CueKind::Brand,
            weight: 2.0,
        });
        cues.push(HostCue {
            code: "address_lookalike",
            kind: CueKind::Address,
            weight: 2.0,
        });
    } else if host[..site].contains("amazon") {
        cues.push(HostCue {
            code: "brand_claim",
            kind: CueKind::Brand,
            weight: 2.0,
        });
        cues.push(HostCue {
            code: "address_embedded",
            kind: CueKind::Address,
            weight: 2.0,
        });
    }
    if address.user_info.contains("amazon") {
        cues.push(HostCue {
            code: "address_user_info",
            kind: CueKind::Address,
            weight: 4.0,
        });
    }
    cues
}
