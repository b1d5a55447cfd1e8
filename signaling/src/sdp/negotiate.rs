//! The rules: what of an offer is accepted, and under which numbers.

use super::{
    MAX_ENCODINGS, MAX_PUBLICATIONS, MAX_SLOTS,
    answer::{self, Line},
    codec::{self, Kept},
    error::{OfferError, OfferReason, shortened},
    offer,
    section::{Direction, Offer, OfferedExtension, OfferedRid, Section, Setup, Shared},
    simulcast,
};
use std::collections::{BTreeMap, BTreeSet};
use viva_media::{
    Candidate, CodecParameters, Encoding, Extension, ExtensionMap, Fingerprint, IceCredentials, MediaKind,
    MediaParameters, Mid, Permissions, Pt, PublicationId, PublicationParameters, SlotParameters, Ssrc,
    TransportParameters,
};

/// What we bring to a negotiation.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Fresh credentials. They are used for a first answer and after an ICE restart; without a restart the credentials
    /// of the answer before stay in force ([`Negotiated::transport`] tells).
    pub local: &'a IceCredentials,
    /// The digest of our certificate, for the answer.
    pub fingerprint: Fingerprint,
    /// Our host candidates, best first.
    pub candidates: &'a [Candidate],
    /// What the client may do: a section for more is answered, but carries nothing that way.
    pub permissions: Permissions,
    /// How much it may send.
    pub bandwidth: Bandwidth<'a>,
}

/// The most that sections of pictures may send, in bits a second, as the answer says it (RFC 8866 §5.8, RFC 3890). Of sound
/// nothing is said: to libwebrtc such a line is the rate to encode at, not the most.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bandwidth<'a> {
    /// Of these sections.
    pub named: &'a [(Mid, u64)],
    /// Of all others; none: nothing is said.
    pub others: Option<u64>,
}

impl Bandwidth<'_> {
    pub(super) fn of(&self, mid: Option<Mid>) -> Option<u64> {
        let named = self.named.iter().find(|(named, _)| Some(*named) == mid).map(|(_, bits)| *bits);
        named.or(self.others)
    }
}

/// Where new ids and SSRCs come from: randomness is an argument.
pub trait Allocate {
    /// A publication id that no node has used.
    fn publication(&mut self) -> PublicationId;
    /// A random SSRC; one that the session uses already is passed over.
    fn ssrc(&mut self) -> Ssrc;
}

/// Numbers that count up, for whoever needs that the same offers give the same answers: tests, fuzzing, the bench. Where
/// clients are real they would tell one what the next gets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counter(pub u32);

impl Allocate for Counter {
    fn publication(&mut self) -> PublicationId {
        self.0 += 1;
        PublicationId(self.0.into())
    }

    fn ssrc(&mut self) -> Ssrc {
        self.0 += 1;
        Ssrc(self.0)
    }
}

/// An agreement: what the newest offer and our answer to it come to.
#[derive(Debug, Clone)]
pub struct Negotiated {
    /// The session description to send back.
    pub answer: String,
    /// How the two ends find, recognise and trust each other.
    pub transport: TransportParameters,
    /// True when the client restarted ICE (RFC 8839 §4.4.1.1): `transport` has new credentials on both sides.
    pub ice_restarted: bool,
    /// What the client sends and receives from now on.
    pub media: MediaParameters,
    /// Media sections that were offered and are not accepted, and why.
    pub declined: Vec<OfferError>,
    /// `o=`: session id and version.
    pub(super) origin: (u64, u64),
    /// What each media section keeps for life.
    pub(super) remembered: Vec<Remembered>,
    /// The section whose transport attributes count, where any is accepted (RFC 9143 §7.3.1).
    pub(super) tagged: Option<Tagged>,
}

/// A media section's ids, which survive while it is inactive or not permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remembered {
    mid: Option<Mid>,
    kind: Option<MediaKind>,
    publication: Option<PublicationId>,
    ssrc: Option<Ssrc>,
    rtx_ssrc: Option<Ssrc>,
}

/// The tagged media section, as a trickle fragment names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tagged {
    pub mid: Mid,
    pub kind: MediaKind,
    pub pt: Pt,
    /// A group names it; an offer of one section may do without.
    pub grouped: bool,
}

/// Answers an offer. `previous` is the agreement that stands; a new peer connection begins without one.
///
/// # Errors
///
/// The line and the reason; the agreement before stands.
pub fn negotiate(
    text: &str,
    terms: &Terms<'_>,
    previous: Option<&Negotiated>,
    allocate: &mut dyn Allocate,
) -> Result<Negotiated, OfferError> {
    let offer = offer::read(text)?;
    let bundle = bundle(&offer, previous)?;
    let mut agreement = Agreement::new(&offer, &bundle, previous, allocate);
    let mut lines = Vec::with_capacity(offer.sections.len());
    let mut declined = Vec::new();
    let in_group = |section: &Section| section.mid.is_some_and(|mid| bundle.contains(&mid));
    // Some clients (max-bundle) give a port to the first section of a group alone, and do not call the others bundle-only.
    let carried = offer.sections.iter().any(|section| section.port != 0 && in_group(section));
    for (index, section) in offer.sections.iter().enumerate() {
        let offered = section.port != 0 || section.bundle_only || carried && in_group(section);
        lines.push(match acceptable(&offer.session, section, &bundle, offered) {
            Ok(Some((mid, kept))) => agreement.accept(index, section, mid, kept, terms.permissions)?,
            Ok(None) => agreement.decline(section),
            Err(reason) => {
                declined.push(OfferError::at(section.line, reason));
                agreement.decline(section)
            }
        });
    }
    let Agreement { mut media, remembered, .. } = agreement;
    media.congestion_feedback = agree_on_congestion_feedback(&mut lines, media.extensions);
    let tagged = bundle.iter().find_map(|mid| {
        let kept = lines.iter().find(|line| line.section.mid == Some(*mid))?.kept.first()?;
        let (kind, pt) = (kept.parameters.codec.kind().media_kind(), kept.parameters.pt);
        Some(Tagged { mid: *mid, kind, pt, grouped: offer.bundle.is_some() })
    });
    let nothing = declined.first().cloned();
    let (transport, ice_restarted) = transport(&offer, &bundle, tagged, terms, previous, nothing)?;
    let origin = previous.map_or_else(
        || (session_id(&transport.local), 1),
        |previous| (previous.origin.0, previous.origin.1.saturating_add(1)),
    );
    let mixed = offer.session.mixed;
    let answer = answer::write(&lines, &bundle, tagged, (origin, mixed), &transport.local, terms);
    Ok(Negotiated { answer, transport, ice_restarted, media, declined, origin, remembered, tagged })
}

/// RFC 8888 §6, where the client receives and does not send: we tell nothing so ourselves. Not where anything has
/// transport-wide numbers, which tell the same of all streams at once and more exactly.
fn agree_on_congestion_feedback(lines: &mut [Line<'_>], extensions: ExtensionMap) -> bool {
    let by_number = |line: &Line<'_>| line.kept.iter().any(|kept| kept.transport_cc);
    if extensions.id(Extension::TransportWideCc).is_some() || lines.iter().any(by_number) {
        return false;
    }
    for line in lines.iter_mut() {
        line.congestion_feedback = line.section.feedback.ccfb && line.slot.is_some() && !line.receive;
    }
    lines.iter().any(|line| line.congestion_feedback)
}

/// A section's mid and codecs if it can be accepted, nothing if it is not offered, or why it is declined.
fn acceptable(
    session: &Shared,
    section: &Section,
    bundle: &[Mid],
    offered: bool,
) -> Result<Option<(Mid, Vec<Kept>)>, OfferReason> {
    let name = || match section.mid {
        Some(mid) => format!("{mid} ({})", shortened(&section.media)),
        None => shortened(&section.media),
    };
    let bundled = section.mid.filter(|mid| bundle.contains(mid));
    match (bundled, section.kind, section.media.as_str()) {
        _ if !offered => Ok(None),
        (_, None, "audio" | "video") => Err(OfferReason::NotSealed(name())),
        // Data channels and the like: nobody takes their absence for a picture that is missing.
        (_, None, _) => Ok(None),
        (None, Some(_), _) => Err(OfferReason::NotBundled(name())),
        (Some(mid), Some(_), _) => match codec::kept(session, section) {
            kept if kept.is_empty() => Err(OfferReason::NoCodec(name())),
            kept => Ok(Some((mid, kept))),
        },
    }
}

/// Checks what concerns the sections together; hands back the bundled mids in the offer's order.
fn bundle(offer: &Offer, previous: Option<&Negotiated>) -> Result<Vec<Mid>, OfferError> {
    if offer.sections.is_empty() {
        return Err(OfferError::whole(OfferReason::NoMedia));
    }
    if let Some(line) = offer.ice_lite {
        return Err(OfferError::at(line, OfferReason::IceLite));
    }
    if previous.is_some_and(|previous| offer.sections.len() < previous.remembered.len()) {
        return Err(OfferError::whole(OfferReason::FewerSections));
    }
    let mut mids = BTreeSet::new();
    for section in &offer.sections {
        match section.mid {
            Some(mid) if !mids.insert(mid) => {
                return Err(OfferError::at(section.line, OfferReason::DuplicateMid(mid.to_string())));
            }
            None if section.port != 0 => return Err(OfferError::at(section.line, OfferReason::NoMid)),
            _ => {}
        }
    }
    let Some(tags) = &offer.bundle else {
        let mut offered = offer.sections.iter().filter(|section| section.port != 0 || section.bundle_only);
        // Firefox leaves the group out when everything is stopped; one section alone needs no group.
        return match (offered.next(), offered.next()) {
            (None, _) => Ok(Vec::new()),
            (Some(only), None) => Ok(only.mid.into_iter().collect()),
            _ => Err(OfferError::whole(OfferReason::NoBundle)),
        };
    };
    // A tag without its section is passed over: FFmpeg 8 names two where it sends one track.
    Ok(tags.iter().filter_map(|tag| tag.parse().ok()).filter(|mid| mids.remove(mid)).collect())
}

/// What grows while sections are accepted one after the other.
struct Agreement<'a> {
    session: &'a Shared,
    previous: &'a [Remembered],
    allocate: &'a mut dyn Allocate,
    media: MediaParameters,
    remembered: Vec<Remembered>,
    /// Which URI an extension id stands for.
    extensions: BTreeMap<u16, &'a str>,
    /// SSRCs that no new slot may take.
    ssrcs: BTreeSet<Ssrc>,
    /// All mids are short enough for packets to carry them.
    tagged: bool,
}

impl<'a> Agreement<'a> {
    fn new(
        offer: &'a Offer,
        bundle: &[Mid],
        previous: Option<&'a Negotiated>,
        allocate: &'a mut dyn Allocate,
    ) -> Self {
        let previous = previous.map_or(&[][..], |previous| &previous.remembered);
        let of_slots = previous.iter().flat_map(|r| [r.ssrc, r.rtx_ssrc]);
        let of_client = offer.sections.iter().flat_map(|section| {
            let pairs = section.fids.iter().flat_map(|(media, repair)| [*media, *repair]);
            section.ssrc.into_iter().chain(pairs).chain(section.sim.iter().copied())
        });
        let ssrcs = of_slots.flatten().chain(of_client).collect();
        Self {
            session: &offer.session,
            previous,
            allocate,
            media: MediaParameters::default(),
            remembered: Vec::new(),
            extensions: BTreeMap::new(),
            ssrcs,
            tagged: bundle.iter().all(|mid| mid.tag().is_some()),
        }
    }

    fn decline<'s>(&mut self, section: &'s Section) -> Line<'s> {
        self.remembered.push(Remembered {
            mid: section.mid,
            kind: section.kind,
            publication: None,
            ssrc: None,
            rtx_ssrc: None,
        });
        Line::declined(section)
    }

    fn accept(
        &mut self,
        index: usize,
        section: &'a Section,
        mid: Mid,
        kept: Vec<Kept>,
        permissions: Permissions,
    ) -> Result<Line<'a>, OfferError> {
        let refuse = |reason| Err(OfferError::at(section.line, reason));
        if !(section.shared.rtcp_mux || self.session.rtcp_mux) {
            return refuse(OfferReason::NoRtcpMux);
        }
        let kind = kept.first().map_or(MediaKind::Audio, |k| k.parameters.codec.kind().media_kind());
        let before = self.previous.get(index).filter(|r| r.mid == Some(mid) && r.kind == Some(kind));
        let mut remembered = before.copied().unwrap_or(Remembered {
            mid: Some(mid),
            kind: Some(kind),
            publication: None,
            ssrc: None,
            rtx_ssrc: None,
        });
        let mut line = Line::accepted(section, kept);
        let codecs: Vec<CodecParameters> = line.kept.iter().map(|kept| kept.parameters).collect();
        let direction = section.shared.direction.or(self.session.direction).unwrap_or(Direction::BOTH);
        if direction.send && permissions.publish {
            if self.media.publications.len() == MAX_PUBLICATIONS {
                return refuse(OfferReason::Publications);
            }
            if kind == MediaKind::Video {
                let taken = |pt: u8| codecs.iter().any(|codec| codec.pt.0 == pt);
                line.rids = simulcast::taken(section, taken)?;
            }
            let id = *remembered.publication.get_or_insert_with(|| self.allocate.publication());
            let encodings = encodings(section, &line.rids);
            line.encodings = encodings.len();
            self.media.publications.push(PublicationParameters {
                id,
                mid,
                kind,
                codecs: codecs.clone(),
                encodings,
            });
            line.receive = true;
        }
        if direction.receive && permissions.subscribe {
            if self.media.slots.len() == MAX_SLOTS {
                return refuse(OfferReason::Slots);
            }
            let slot = self.slot(&mut remembered, mid, kind, codecs);
            line.slot = Some((slot.ssrc, slot.rtx_ssrc));
            self.media.slots.push(slot);
        }
        line.extensions = self.extensions(section, &line)?;
        self.remembered.push(remembered);
        Ok(line)
    }

    fn slot(
        &mut self,
        remembered: &mut Remembered,
        mid: Mid,
        kind: MediaKind,
        codecs: Vec<CodecParameters>,
    ) -> SlotParameters {
        let ssrc = remembered.ssrc.unwrap_or_else(|| self.fresh_ssrc());
        remembered.ssrc = Some(ssrc);
        let mut rtx_ssrc = None;
        if codecs.iter().any(|codec| codec.rtx.is_some()) {
            rtx_ssrc = remembered.rtx_ssrc.or_else(|| Some(self.fresh_ssrc()));
            remembered.rtx_ssrc = rtx_ssrc;
        }
        SlotParameters { mid, kind, ssrc, rtx_ssrc, codecs }
    }

    fn fresh_ssrc(&mut self) -> Ssrc {
        let mut ssrc = self.allocate.ssrc();
        // Ends: there are more numbers than a session may hold SSRCs.
        while ssrc.0 == 0 || !self.ssrcs.insert(ssrc) {
            ssrc = Ssrc(ssrc.0.wrapping_add(1));
        }
        ssrc
    }

    /// Dependency descriptors go with codecs whose layers share a stream; VP8 and H.264 have their own words for theirs. A key
    /// frame's is too long for the one-byte form.
    fn describes(&self, section: &Section, line: &Line<'_>) -> bool {
        let layered = |kept: &Kept| kept.parameters.codec.has_layers();
        let sends = line.receive && line.kept.first().is_some_and(layered);
        let receives = line.slot.is_some() && line.kept.iter().any(layered);
        (self.session.mixed || section.shared.mixed) && (sends || receives)
    }

    /// The extensions of a section that are of use in a direction that is used, under ids that all sections share.
    fn extensions(
        &mut self,
        section: &'a Section,
        line: &Line<'_>,
    ) -> Result<Vec<&'a OfferedExtension>, OfferError> {
        let mut answered: Vec<&OfferedExtension> = Vec::new();
        for offered in self.session.extensions.iter().chain(&section.shared.extensions) {
            let uri = *self.extensions.entry(offered.id).or_insert(&offered.uri);
            if uri != offered.uri {
                return Err(OfferError::at(offered.line, OfferReason::ExtensionConflict(offered.id)));
            }
            let (Some(extension), Ok(id @ 1..=14)) = (offered.extension, u8::try_from(offered.id)) else {
                continue;
            };
            match extension {
                Extension::DependencyDescriptor if !self.describes(section, line) => continue,
                // The one-byte form has no room for such a name: streams are told by their SSRCs and payload types.
                Extension::Mid if !self.tagged => continue,
                _ => {}
            }
            let direction = offered.direction.unwrap_or(Direction::BOTH);
            let used = (line.receive && direction.send) || (line.slot.is_some() && direction.receive);
            let of_encodings = matches!(extension, Extension::Rid | Extension::RepairedRid);
            let twice = answered.iter().any(|other| other.extension == Some(extension));
            if !used || twice || (of_encodings && line.rids.is_empty()) {
                continue;
            }
            match self.media.extensions.id(extension) {
                Some(other) if other != id => {}
                _ => {
                    self.media.extensions.insert(id, extension);
                    answered.push(offered);
                }
            }
        }
        Ok(answered)
    }
}

/// One encoding a rid; without rids one a stream of the simulcast group; else the one that the section declares.
fn encodings(section: &Section, rids: &[OfferedRid]) -> Vec<Encoding> {
    let declared = |ssrc: Ssrc| {
        let repair = section.fids.iter().find(|(media, _)| *media == ssrc).map(|(_, repair)| *repair);
        Encoding { rid: None, ssrc: Some(ssrc), rtx_ssrc: repair }
    };
    if rids.is_empty() {
        let first = section.fids.first().map(|(media, _)| *media).or(section.ssrc);
        return match section.sim.as_slice() {
            [] | [_] => vec![first.map_or_else(Encoding::default, declared)],
            streams => streams.iter().take(MAX_ENCODINGS).copied().map(declared).collect(),
        };
    }
    // SSRCs declared beside rids (Firefox does) are not trusted to be in the order of the rids.
    let smallest_first = simulcast::smallest_first(rids.to_vec());
    smallest_first.into_iter().map(|rid| Encoding { rid: Some(rid.rid), ..Encoding::default() }).collect()
}

/// The client's transport: from the tagged section, else from the session, else from any bundled section.
fn transport(
    offer: &Offer,
    bundle: &[Mid],
    tagged: Option<Tagged>,
    terms: &Terms<'_>,
    previous: Option<&Negotiated>,
    nothing: Option<OfferError>,
) -> Result<(TransportParameters, bool), OfferError> {
    let of = |mid: Mid| offer.sections.iter().find(|section| section.mid == Some(mid));
    let Some(tagged) = tagged.and_then(|tagged| of(tagged.mid)) else {
        // Everything was stopped: the transport that stands is all there is to keep.
        return match previous {
            Some(previous) => Ok((previous.transport.clone(), false)),
            None => Err(nothing.unwrap_or(OfferError::whole(OfferReason::NothingAcceptable))),
        };
    };
    let sources: Vec<&Shared> = [&tagged.shared, &offer.session]
        .into_iter()
        .chain(bundle.iter().filter_map(|mid| of(*mid)).map(|section| &section.shared))
        .collect();
    let setup = sources.iter().find_map(|shared| shared.setup);
    if let Some((line, Setup::Passive | Setup::HoldConn)) = setup {
        return Err(OfferError::at(line, OfferReason::Setup));
    }
    let ufrag = sources.iter().find_map(|shared| shared.ufrag.as_ref());
    let pwd = sources.iter().find_map(|shared| shared.pwd.as_ref());
    let (Some((_, ufrag)), Some((_, pwd))) = (ufrag, pwd) else {
        return Err(OfferError::at(tagged.line, OfferReason::NoIce));
    };
    let Some((line, fingerprint)) = sources.iter().find_map(|shared| shared.fingerprint) else {
        return Err(OfferError::at(tagged.line, OfferReason::NoFingerprint));
    };
    let remote = IceCredentials { ufrag: ufrag.clone(), pwd: pwd.clone() };
    let Some(previous) = previous.map(|previous| &previous.transport) else {
        return Ok((TransportParameters { local: terms.local.clone(), remote, fingerprint }, false));
    };
    if previous.fingerprint != fingerprint {
        return Err(OfferError::at(line, OfferReason::FingerprintChanged));
    }
    let restarted = previous.remote != remote;
    let local = if restarted { terms.local } else { &previous.local };
    Ok((TransportParameters { local: local.clone(), remote, fingerprint }, restarted))
}

/// A number for `o=` that differs between sessions (RFC 8866 §5.2), from what differs between them anyway: FNV-1a of our
/// user fragment, kept under 2^62 (RFC 9429 §5.2.1).
fn session_id(local: &IceCredentials) -> u64 {
    let hash = local.ufrag.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash >> 2
}
