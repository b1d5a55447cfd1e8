//! Handshakes of which every byte follows from the world's seed: certificates that are always the same, key shares drawn
//! from the seed, signatures by RFC 6979. All else is the real thing.

use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey, X25519};
use dimpl::{
    CryptoError, CryptoOperation, DtlsCertificate,
    crypto::{
        self, ActiveKeyExchange, Buf, CryptoProvider, HashAlgorithm, KeyProvider, NamedGroup,
        SignatureAlgorithm, SigningKey, SupportedKxGroup,
    },
};
use p256::{
    ecdsa::{DerSignature, signature::Signer},
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use rcgen::{CertificateParams, PublicKeyData, SerialNumber};
use std::{
    cell::RefCell,
    sync::OnceLock,
    time::{Duration, Instant, SystemTime},
};
use viva_peer::Random;
use viva_sfu::Chance;

thread_local! {
    /// Key shares of this thread's world: the engine's providers are statics, so that nothing can be handed to them.
    static SHARES: RefCell<Random> = RefCell::new(Random::new(0));
}

/// The chance of a unit's handshakes.
pub fn chance(seed: u64) -> Chance {
    Chance { provider: provider(), seed }
}

/// Draws the key shares of this thread's next world from `seed`. One world after the other: two that take turns in one
/// thread would draw from each other.
pub fn seed_shares(seed: u64) {
    SHARES.with(|shares| shares.replace(Random::new(seed)));
}

/// The engine's own provider, but that it signs and shares the same each time.
pub fn provider() -> CryptoProvider {
    static GROUPS: &[&dyn SupportedKxGroup] = &[&SeededShares];
    CryptoProvider { kx_groups: GROUPS, key_provider: &SteadyKeys, ..crypto::aws_lc_rs::default_provider() }
}

/// The certificates of the world: the unit's, a peer's, and that of an impostor.
pub fn certificate(index: usize) -> &'static DtlsCertificate {
    static CERTIFICATES: OnceLock<Vec<DtlsCertificate>> = OnceLock::new();
    &CERTIFICATES.get_or_init(|| (1..=3).map(make_certificate).collect())[index]
}

/// The moment that every simulated clock starts from. The engine writes its time of day into each hello (RFC 5246 §7.4.1.2),
/// so it is always the same one: a second in 2096, and the middle of it, since the two clocks are not read at once.
pub fn epoch() -> Instant {
    const UNIX_TIME: Duration = Duration::from_millis(4_000_000_000_500);
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970");
        Instant::now() + UNIX_TIME.saturating_sub(now)
    })
}

fn make_certificate(number: u8) -> DtlsCertificate {
    let key = Key::new(p256::ecdsa::SigningKey::from_slice(&[number; 32]).expect("a scalar"));
    let mut parameters = CertificateParams::new(Vec::new()).expect("no names");
    parameters.serial_number = Some(SerialNumber::from(vec![number; 16]));
    let certificate = parameters.self_signed(&key).expect("a certificate");
    DtlsCertificate {
        certificate: certificate.der().to_vec(),
        private_key: key.secret.to_pkcs8_der().expect("a key").as_bytes().to_vec(),
    }
}

/// A key whose signatures follow from what is signed (RFC 6979).
struct Key {
    secret: p256::ecdsa::SigningKey,
    public: Vec<u8>,
}

impl Key {
    fn new(secret: p256::ecdsa::SigningKey) -> Self {
        let public = secret.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        Self { secret, public }
    }

    fn sign(&self, data: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.secret.sign(data);
        signature.as_bytes().to_vec()
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, data: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.sign(data))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl SigningKey for Key {
    fn sign(&mut self, data: &[u8], _: HashAlgorithm, out: &mut Buf) -> Result<(), CryptoError> {
        out.clear();
        out.extend_from_slice(&Key::sign(self, data));
        Ok(())
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }

    fn hash_algorithm(&self) -> HashAlgorithm {
        HashAlgorithm::SHA256
    }

    fn supported_hash_algorithms(&self) -> &[HashAlgorithm] {
        &[HashAlgorithm::SHA256]
    }
}

#[derive(Debug)]
struct SteadyKeys;

impl KeyProvider for SteadyKeys {
    fn load_private_key(&self, der: &[u8]) -> Result<Box<dyn SigningKey>, CryptoError> {
        let key = p256::ecdsa::SigningKey::from_pkcs8_der(der).map_err(|_| CryptoError::InvalidPrivateKey)?;
        Ok(Box::new(Key::new(key)))
    }
}

#[derive(Debug)]
struct SeededShares;

impl SupportedKxGroup for SeededShares {
    fn name(&self) -> NamedGroup {
        NamedGroup::X25519
    }

    fn start_exchange(&self, _: Buf) -> Result<Box<dyn ActiveKeyExchange>, CryptoError> {
        let mut secret = [0; 32];
        SHARES.with(|shares| shares.borrow_mut().fill(&mut secret));
        let failed = |_| CryptoError::OperationFailed(CryptoOperation::GenerateEphemeralKey);
        let secret = PrivateKey::from_private_key(&X25519, &secret).map_err(failed)?;
        let public = secret
            .compute_public_key()
            .map_err(|_| CryptoError::OperationFailed(CryptoOperation::ComputePublicKey))?;
        Ok(Box::new(Share { secret, public: public.as_ref().to_vec() }))
    }
}

#[derive(Debug)]
struct Share {
    secret: PrivateKey,
    public: Vec<u8>,
}

impl ActiveKeyExchange for Share {
    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn complete(self: Box<Self>, theirs: &[u8], out: &mut Buf) -> Result<(), CryptoError> {
        let theirs = UnparsedPublicKey::new(&X25519, theirs);
        let failed = CryptoError::InvalidPublicKey(NamedGroup::X25519);
        agreement::agree(&self.secret, theirs, failed, |secret| {
            out.clear();
            out.extend_from_slice(secret);
            Ok(())
        })
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}
