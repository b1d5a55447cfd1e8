//! Whose signature it is: what proves that a client holds the key of the certificate that it shows (RFC 5246 §7.4.8).
//!
//! The engine knows ECDSA on two curves. GStreamer, ffmpeg and many an older stack show RSA certificates, and some
//! P-521; all of them are verified here, by AWS-LC. Nothing else of the certificate matters: it is trusted for its
//! fingerprint, so that no name, date or extension in it is read.

#[cfg(test)]
mod tests;

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use der::{
    Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, ObjectIdentifier, UintRef},
};
use dimpl::{
    CryptoError, CryptoOperation,
    crypto::{CryptoProvider, HashAlgorithm, SignatureAlgorithm, SignatureScheme, SignatureVerifier},
};
use spki::SubjectPublicKeyInfoRef;

/// Bits of an RSA modulus: less is not safe (NIST SP 800-131A), more takes the media thread too long. On one core here
/// `openssl speed` verifies 78,000 signatures a second of 2048 bits, 21,000 of 4096 and 6,000 of 7680.
pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Bytes of an RSA exponent; it is 65537 nearly everywhere, and a long one makes verifying dear.
const MAX_EXPONENT: usize = 4;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// What a CertificateRequest asks for, the cheapest first. In DTLS 1.2 the hash is not bound to the curve.
const SCHEMES: [SignatureScheme; 9] = [
    SignatureScheme::ECDSA_SECP256R1_SHA256,
    SignatureScheme::ECDSA_SECP384R1_SHA384,
    SignatureScheme::ECDSA_SECP521R1_SHA512,
    SignatureScheme::RSA_PSS_RSAE_SHA256,
    SignatureScheme::RSA_PSS_RSAE_SHA384,
    SignatureScheme::RSA_PSS_RSAE_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

/// The same cryptography, but for the signatures of clients.
pub const fn verifying(cryptography: CryptoProvider) -> CryptoProvider {
    CryptoProvider { signature_verification: &Verifier, ..cryptography }
}

/// Verifies ECDSA on P-256, P-384 and P-521, and RSA with keys of [`RSA_BITS`].
#[derive(Debug)]
struct Verifier;

impl SignatureVerifier for Verifier {
    fn verify_signature(
        &self,
        certificate: &[u8],
        data: &[u8],
        signature: &[u8],
        hash: HashAlgorithm,
        algorithm: SignatureAlgorithm,
    ) -> Result<(), CryptoError> {
        let key = public_key(certificate).map_err(|_| CryptoError::CertificateParseFailed)?;
        let scheme = u16::from(hash.as_u8()) << 8 | u16::from(algorithm.as_u8());
        let unknown = CryptoError::UnsupportedSignaturePair { signature: algorithm, hash };
        let algorithm = if key.algorithm.oid == RSA {
            check_rsa(&key)?;
            rsa(scheme).ok_or(unknown)?
        } else {
            ecdsa(curve(&key)?, scheme).ok_or(unknown)?
        };
        let key = key.subject_public_key.as_bytes().ok_or(CryptoError::InvalidSubjectPublicKey)?;
        UnparsedPublicKey::new(algorithm, key)
            .verify(data, signature)
            .map_err(|_| CryptoError::OperationFailed(CryptoOperation::VerifySignature))
    }

    fn client_signature_schemes(&self) -> &'static [SignatureScheme] {
        &SCHEMES
    }
}

/// The public key of a certificate (RFC 5280 §4.1): the field behind version, serial number, algorithm, issuer,
/// validity and subject, which are passed over whatever stands in them.
fn public_key(certificate: &[u8]) -> der::Result<SubjectPublicKeyInfoRef<'_>> {
    let outer = AnyRef::from_der(certificate)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let signed: AnyRef<'_> = SliceReader::new(outer.value())?.decode()?;
    signed.tag().assert_eq(Tag::Sequence)?;
    let mut fields = SliceReader::new(signed.value())?;
    let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    if Tag::peek(&fields)? == version {
        fields.decode::<AnyRef<'_>>()?;
    }
    for _ in ["serial number", "algorithm", "issuer", "validity", "subject"] {
        fields.decode::<AnyRef<'_>>()?;
    }
    fields.decode()
}

fn curve(key: &SubjectPublicKeyInfoRef<'_>) -> Result<ObjectIdentifier, CryptoError> {
    if key.algorithm.oid != EC {
        return Err(CryptoError::UnsupportedPublicKeyAlgorithm);
    }
    let parameters = key.algorithm.parameters.ok_or(CryptoError::MissingEcCurveParameter)?;
    parameters.decode_as().map_err(|_| CryptoError::InvalidEcCurveParameter)
}

/// Is the key within bounds? Asked before anything is computed with it.
fn check_rsa(key: &SubjectPublicKeyInfoRef<'_>) -> Result<(), CryptoError> {
    let key = key.subject_public_key.as_bytes().ok_or(CryptoError::InvalidSubjectPublicKey)?;
    let (modulus, exponent) = rsa_numbers(key).map_err(|_| CryptoError::InvalidSubjectPublicKey)?;
    let unused = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    if !RSA_BITS.contains(&(modulus.len() * 8 - unused)) || exponent.len() > MAX_EXPONENT {
        return Err(CryptoError::UnsupportedPublicKeyAlgorithm);
    }
    Ok(())
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017 §A.1.1).
fn rsa_numbers(key: &[u8]) -> der::Result<(&[u8], &[u8])> {
    let key = AnyRef::from_der(key)?;
    let mut numbers = SliceReader::new(key.value())?;
    let modulus: UintRef<'_> = numbers.decode()?;
    let exponent: UintRef<'_> = numbers.decode()?;
    Ok((modulus.as_bytes(), exponent.as_bytes()))
}

/// ECDSA with any of three hashes on any of three curves.
fn ecdsa(curve: ObjectIdentifier, scheme: u16) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (curve, scheme) {
        (P256, 0x0403) => &signature::ECDSA_P256_SHA256_ASN1,
        (P256, 0x0503) => &signature::ECDSA_P256_SHA384_ASN1,
        (P256, 0x0603) => &signature::ECDSA_P256_SHA512_ASN1,
        (P384, 0x0403) => &signature::ECDSA_P384_SHA256_ASN1,
        (P384, 0x0503) => &signature::ECDSA_P384_SHA384_ASN1,
        (P384, 0x0603) => &signature::ECDSA_P384_SHA512_ASN1,
        (P521, 0x0403) => &signature::ECDSA_P521_SHA256_ASN1,
        (P521, 0x0503) => &signature::ECDSA_P521_SHA384_ASN1,
        (P521, 0x0603) => &signature::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

/// RSA by PKCS#1 1.5 (RFC 5246 §4.7) or PSS (RFC 8446 §4.2.3, which lets DTLS 1.2 use it).
fn rsa(scheme: u16) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match scheme {
        0x0401 => &signature::RSA_PKCS1_2048_8192_SHA256,
        0x0501 => &signature::RSA_PKCS1_2048_8192_SHA384,
        0x0601 => &signature::RSA_PKCS1_2048_8192_SHA512,
        0x0804 => &signature::RSA_PSS_2048_8192_SHA256,
        0x0805 => &signature::RSA_PSS_2048_8192_SHA384,
        0x0806 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}
