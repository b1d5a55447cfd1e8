//! Why a handshake failed: for the log, and for a metric.

use dimpl::{CertificateError, CryptoError, CryptoOperation, Error, SecurityError};

macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        /// Why a client that was let in never got its keys.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum HandshakeFailure {
            $($(#[$doc])* $name,)*
        }

        impl HandshakeFailure {
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

failures! {
    /// No connectivity check came: the network between keeps the client away, or it has gone.
    Unreachable = "unreachable",
    /// Checks came, and no ClientHello.
    Silent = "silent",
    /// It began and was not done in time.
    Unfinished = "unfinished",
    /// The client has no common version, cipher suite or curve with us, or no extended master secret (RFC 7627).
    Incompatible = "incompatible",
    /// The client offers no SRTP profile of ours (RFC 5764 §4.1).
    NoSrtp = "no_srtp",
    /// The client shows no certificate.
    NoCertificate = "no_certificate",
    /// The client's certificate cannot be read, or its key is of a kind or size that is not taken.
    Certificate = "certificate",
    /// The client does not hold the key of its certificate.
    Signature = "signature",
    /// The client's certificate is not the one that its offer names (RFC 8122 §6.2).
    Fingerprint = "fingerprint",
    /// The client gave up with an alert, for example since it did not like our certificate.
    Alert = "alert",
    /// Messages that do not follow the protocol.
    Protocol = "protocol",
}

impl From<&Error> for HandshakeFailure {
    fn from(error: &Error) -> Self {
        match error {
            Error::Timeout(_) => Self::Unfinished,
            Error::CertificateError(CertificateError::NoClientCertificateReceived) => Self::NoCertificate,
            Error::CertificateError(_) => Self::Certificate,
            Error::CryptoError(error) => of_crypto(error),
            Error::SecurityError(SecurityError::FatalAlert { .. }) => Self::Alert,
            Error::SecurityError(
                SecurityError::UnsupportedClientVersion(_)
                | SecurityError::UnsupportedClientCompression
                | SecurityError::NoMutuallyAcceptableCipherSuite
                | SecurityError::NoCommonKeyExchangeGroup
                | SecurityError::ExtendedMasterSecretNotNegotiated,
            ) => Self::Incompatible,
            _ => Self::Protocol,
        }
    }
}

const fn of_crypto(error: &CryptoError) -> HandshakeFailure {
    match error {
        CryptoError::OperationFailed(CryptoOperation::VerifySignature)
        | CryptoError::UnsupportedSignaturePair { .. } => HandshakeFailure::Signature,
        CryptoError::CertificateParseFailed
        | CryptoError::UnsupportedPublicKeyAlgorithm
        | CryptoError::UnsupportedEcCurve
        | CryptoError::MissingEcCurveParameter
        | CryptoError::InvalidEcCurveParameter
        | CryptoError::InvalidSubjectPublicKey => HandshakeFailure::Certificate,
        _ => HandshakeFailure::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_the_order_of_the_discriminants_and_labels_differ() {
        let labels: std::collections::BTreeSet<_> =
            HandshakeFailure::ALL.iter().map(|reason| reason.label()).collect();
        assert_eq!(labels.len(), HandshakeFailure::COUNT);
        for (index, reason) in HandshakeFailure::ALL.iter().enumerate() {
            assert_eq!(*reason as usize, index);
        }
    }
}
