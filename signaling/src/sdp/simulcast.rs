//! Simulcast by rid (RFC 8853): which encodings are taken, and in what order.

use super::{
    MAX_ENCODINGS, MAX_RIDS,
    error::{OfferError, OfferReason, shortened},
    section::{OfferedRid, Section},
};
use viva_media::Rid;
use webrtc_sdp::attribute_type::{SdpAttributeRidParameters, SdpAttributeSimulcast};

/// Reads `a=simulcast:send`: for each encoding its alternatives, best first. A leading `~` (paused from the start) says
/// nothing about whether we want it.
pub(super) fn alternatives(attribute: &SdpAttributeSimulcast) -> Result<Vec<Vec<Rid>>, OfferReason> {
    let count: usize = attribute.send.iter().map(|version| version.ids.len()).sum();
    if count > MAX_RIDS {
        return Err(OfferReason::TooMany("rids", MAX_RIDS));
    }
    let rid = |text: &str| text.parse::<Rid>().map_err(|_| OfferReason::Value("a rid of a=simulcast"));
    attribute.send.iter().map(|version| version.ids.iter().map(|id| rid(&id.id)).collect()).collect()
}

/// The largest picture that the restrictions allow, where they tell.
pub(super) fn area(parameters: &SdpAttributeRidParameters) -> Option<u64> {
    match (parameters.max_width, parameters.max_height, parameters.max_fs) {
        (0, _, 0) | (_, 0, 0) => None,
        (width, height, 0) => Some(u64::from(width) * u64::from(height)),
        // In macroblocks of 16 × 16 pixels (RFC 8851 §5).
        (_, _, macroblocks) => Some(u64::from(macroblocks) * 256),
    }
}

/// The restrictions that we understand, to be repeated in the answer (RFC 8851 §6.3).
pub(super) fn restrictions(parameters: &SdpAttributeRidParameters) -> String {
    let all = [
        ("max-width", parameters.max_width),
        ("max-height", parameters.max_height),
        ("max-fps", parameters.max_fps),
        ("max-fs", parameters.max_fs),
        ("max-br", parameters.max_br),
        ("max-pps", parameters.max_pps),
    ];
    let said = all.iter().filter(|(_, value)| *value != 0).map(|(name, value)| format!("{name}={value}"));
    said.collect::<Vec<_>>().join(";")
}

/// The encodings that are taken, in the offer's order: of each encoding the first alternative whose payload types are
/// taken, of the encodings the first [`MAX_ENCODINGS`]. Empty where there is no simulcast.
pub(super) fn taken(section: &Section, accepted: impl Fn(u8) -> bool) -> Result<Vec<OfferedRid>, OfferError> {
    let Some((line, encodings)) = &section.simulcast else { return Ok(Vec::new()) };
    let mut taken: Vec<OfferedRid> = Vec::new();
    for alternatives in encodings {
        for rid in alternatives {
            let Some(offered) = section.rids.iter().find(|offered| offered.rid == *rid) else {
                return Err(OfferError::at(*line, OfferReason::UnknownRid(shortened(rid.as_str()))));
            };
            if taken.len() == MAX_ENCODINGS || taken.iter().any(|other| other.rid == *rid) {
                break;
            }
            let mut offered = offered.clone();
            let restricted = !offered.payload_types.is_empty();
            offered.payload_types.retain(|pt| u8::try_from(*pt).is_ok_and(&accepted));
            if !restricted || !offered.payload_types.is_empty() {
                taken.push(offered);
                break;
            }
        }
    }
    Ok(taken)
}

/// The same from the smallest picture to the largest: as offered, unless restrictions tell otherwise.
pub(super) fn smallest_first(mut rids: Vec<OfferedRid>) -> Vec<OfferedRid> {
    if rids.iter().all(|rid| rid.area.is_some()) {
        rids.sort_by_key(|rid| rid.area);
    }
    rids
}
