//! Why a packet was not forwarded: every drop is counted under one of these reasons.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        /// A reason to drop a packet. A bad packet is counted, never an error that ends a batch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Dropped {
            $($(#[$doc])* $name,)*
        }

        impl Dropped {
            /// All reasons, in the order of their discriminants.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// How many reasons there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The reason as the label of a metric.
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }
        }
    };
}

reasons! {
    /// No packet of any kind that shares the port (RFC 7983 §7).
    NotOurs = "not_ours",
    /// From an address that no valid connectivity check came from.
    UnknownSource = "unknown_source",
    /// STUN that does not parse, is no binding request, or lacks username or integrity.
    StunMalformed = "stun_malformed",
    /// STUN for a user fragment that nobody has.
    StunUnknownUser = "stun_unknown_user",
    /// STUN whose MESSAGE-INTEGRITY is wrong.
    StunIntegrity = "stun_integrity",
    /// More paths than one transport may have.
    TooManyPaths = "too_many_paths",
    /// A handshake's datagram while too many others wait.
    HandshakesFull = "handshakes_full",
    /// DTLS that the engine refused.
    Dtls = "dtls",
    /// Media before the handshake was complete.
    NoKeys = "no_keys",
    /// RTP or RTCP whose header does not hold together.
    Malformed = "malformed",
    /// The seal is broken: forged, or damaged on the way.
    Authentication = "authentication",
    /// Seen before, or too old to tell (RFC 3711 §3.3.2).
    Replayed = "replayed",
    /// An SSRC that no publication claims by mid, rid or declaration.
    UnknownSsrc = "unknown_ssrc",
    /// A second stream of an encoding whose first one goes on.
    Rival = "rival",
    /// More SSRCs than one transport may have.
    TooManySsrcs = "too_many_ssrcs",
    /// A payload type that was not agreed.
    UnknownPayloadType = "unknown_payload_type",
    /// A codec descriptor that does not hold together.
    Descriptor = "descriptor",
    /// Already received.
    Duplicate = "duplicate",
    /// Too old for its stream.
    OldSequence = "old_sequence",
    /// The publisher may not publish (any more), or the publication is muted.
    NotPermitted = "not_permitted",
    /// More of its publication than may be sent.
    PublicationExcess = "publication_excess",
    /// More over its transport than may be sent; not even opened.
    TransportExcess = "transport_excess",
    /// Nobody receives it.
    NoReceiver = "no_receiver",
    /// A probe without payload.
    Padding = "padding",
    /// A retransmission of what is no retransmission's business: too short, or of an unknown stream.
    Retransmission = "retransmission",
    /// The receiver is not connected.
    NotConnected = "not_connected",
    /// More packets to one receiver in one batch than its queue holds.
    QueueFull = "queue_full",
    /// Could not be sealed: a counter has run out.
    Seal = "seal",
}

impl From<viva_wire::Error> for Dropped {
    fn from(error: viva_wire::Error) -> Self {
        match error {
            viva_wire::Error::Malformed => Self::Malformed,
            viva_wire::Error::Authentication => Self::Authentication,
            viva_wire::Error::Replayed => Self::Replayed,
            viva_wire::Error::TooManySsrcs => Self::TooManySsrcs,
            viva_wire::Error::Descriptor => Self::Descriptor,
            viva_wire::Error::Retransmission => Self::Retransmission,
            viva_wire::Error::Seal => Self::Seal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_the_order_of_the_discriminants_and_labels_differ() {
        let labels: std::collections::BTreeSet<_> =
            Dropped::ALL.iter().map(|reason| reason.label()).collect();
        assert_eq!(labels.len(), Dropped::COUNT);
        for (index, reason) in Dropped::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, index);
        }
    }
}
