//! Signatures that AWS-LC makes, and keys that nobody should have to compute with.

use super::*;
use ::aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{EcdsaKeyPair, EcdsaSigningAlgorithm, RsaEncoding, RsaKeyPair},
};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};

const DATA: &[u8] = b"all messages of the handshake so far";

fn verify(certificate: &[u8], data: &[u8], signature: &[u8], scheme: u16) -> Result<(), CryptoError> {
    let [hash, algorithm] = scheme.to_be_bytes();
    let (hash, algorithm) = (HashAlgorithm::from_u8(hash), SignatureAlgorithm::from_u8(algorithm));
    Verifier.verify_signature(certificate, data, signature, hash, algorithm)
}

fn rsa_key() -> (RsaKeyPair, Vec<u8>) {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'static> = key.as_der().unwrap();
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.as_ref().into(), &PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::default().self_signed(&pair).unwrap();
    (key, certificate.der().to_vec())
}

fn sign(key: &RsaKeyPair, how: &'static dyn RsaEncoding) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(how, &SystemRandom::new(), DATA, &mut signature).unwrap();
    signature
}

#[test]
fn rsa_signatures_of_both_paddings_and_three_hashes_are_verified() {
    let (key, certificate) = rsa_key();
    let schemes: [(u16, &'static dyn RsaEncoding); 6] = [
        (0x0401, &signature::RSA_PKCS1_SHA256),
        (0x0501, &signature::RSA_PKCS1_SHA384),
        (0x0601, &signature::RSA_PKCS1_SHA512),
        (0x0804, &signature::RSA_PSS_SHA256),
        (0x0805, &signature::RSA_PSS_SHA384),
        (0x0806, &signature::RSA_PSS_SHA512),
    ];
    for (scheme, how) in schemes {
        let good = sign(&key, how);
        assert_eq!(verify(&certificate, DATA, &good, scheme), Ok(()), "{scheme:#x}");
        let wrong = Err(CryptoError::OperationFailed(CryptoOperation::VerifySignature));
        assert_eq!(verify(&certificate, b"another handshake", &good, scheme), wrong, "{scheme:#x}");
        let mut bent = good.clone();
        bent[100] ^= 1;
        assert_eq!(verify(&certificate, DATA, &bent, scheme), wrong, "{scheme:#x}");
        assert_eq!(verify(&certificate, DATA, &good[1..], scheme), wrong, "{scheme:#x}");
        // Said to be made in another way than it was.
        for (other, _) in schemes.iter().filter(|(other, _)| *other != scheme) {
            assert_eq!(verify(&certificate, DATA, &good, *other), wrong, "{scheme:#x} as {other:#x}");
        }
        for unknown in [0x0201, 0x0403, 0x0503, 0x0807] {
            assert!(verify(&certificate, DATA, &good, unknown).is_err(), "{unknown:#x}");
        }
    }
    let (_, stranger) = rsa_key();
    assert!(verify(&stranger, DATA, &sign(&key, &signature::RSA_PKCS1_SHA256), 0x0401).is_err());
}

#[test]
fn ecdsa_signatures_of_three_curves_and_any_hash_are_verified() {
    let random = SystemRandom::new();
    let curves: [(&'static EcdsaSigningAlgorithm, &rcgen::SignatureAlgorithm, u16); 3] = [
        (&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &PKCS_ECDSA_P256_SHA256, 0x0403),
        (&signature::ECDSA_P384_SHA384_ASN1_SIGNING, &PKCS_ECDSA_P384_SHA384, 0x0503),
        (&signature::ECDSA_P521_SHA256_ASN1_SIGNING, &rcgen::PKCS_ECDSA_P521_SHA256, 0x0403),
    ];
    for (algorithm, certified, scheme) in curves {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.as_ref().into(), certified).unwrap();
        let certificate = CertificateParams::default().self_signed(&pair).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
        let good = key.sign(&random, DATA).unwrap();
        let of = |data: &[u8], signature: &[u8], scheme| verify(certificate.der(), data, signature, scheme);
        assert_eq!(of(DATA, good.as_ref(), scheme), Ok(()), "{algorithm:?}");
        assert!(of(b"another handshake", good.as_ref(), scheme).is_err(), "{algorithm:?}");
        assert!(of(DATA, good.as_ref(), 0x0603).is_err(), "{algorithm:?}");
        assert!(of(DATA, good.as_ref(), 0x0401).is_err(), "{algorithm:?}");
    }
}

#[test]
fn rsa_keys_out_of_bounds_are_refused_before_they_are_used() {
    let refused = Err(CryptoError::UnsupportedPublicKeyAlgorithm);
    for (bits, exponent) in [(1024, 3), (2040, 3), (8200, 3), (16_384, 3), (2048, 5), (8192, 512)] {
        let modulus = [vec![0], vec![0xff; bits / 8]].concat();
        let certificate = certificate(&rsa_info(&modulus, &vec![1; exponent]));
        assert_eq!(verify(&certificate, DATA, &vec![1; bits / 8], 0x0401), refused, "{bits}, {exponent}");
    }
    // Within the bounds it is the signature that is wrong.
    for bits in [2048, 8192] {
        let modulus = [vec![0], vec![0xff; bits / 8]].concat();
        let certificate = certificate(&rsa_info(&modulus, &[1, 0, 1]));
        let wrong = Err(CryptoError::OperationFailed(CryptoOperation::VerifySignature));
        assert_eq!(verify(&certificate, DATA, &vec![1; bits / 8], 0x0401), wrong, "{bits}");
    }
}

#[test]
fn nothing_but_the_key_of_a_certificate_matters() {
    let (key, real) = rsa_key();
    let info = public_key(&real).unwrap();
    let key_bits = info.subject_public_key.as_bytes().unwrap();
    let key_info = key_info(key_bits);
    // No version, a negative serial number, empty names and a validity without times.
    let bare = certificate(&key_info);
    assert_eq!(verify(&bare, DATA, &sign(&key, &signature::RSA_PKCS1_SHA256), 0x0401), Ok(()));
}

#[test]
fn what_is_no_certificate_is_an_error_and_never_a_panic() {
    let (key, certificate) = rsa_key();
    let good = sign(&key, &signature::RSA_PKCS1_SHA256);
    for length in 0..certificate.len() {
        assert!(verify(&certificate[..length], DATA, &good, 0x0401).is_err(), "{length}");
    }
    for place in 0..certificate.len() {
        for value in [0x00, 0x30, 0x7f, 0x80, 0x84, 0xff] {
            let mut bent = certificate.clone();
            bent[place] = value;
            // Much of a certificate is of no interest: it may still be good.
            let _ = verify(&bent, DATA, &good, 0x0401);
        }
    }
    assert_eq!(verify(&[], DATA, &good, 0x0401), Err(CryptoError::CertificateParseFailed));
}

/// The least that has a key where a certificate has it.
fn certificate(key_info: &[u8]) -> Vec<u8> {
    let empty = tlv(0x30, &[]);
    let signed = [tlv(0x02, &[0x80]).as_slice(), &empty, &empty, &empty, &empty, key_info].concat();
    tlv(0x30, &tlv(0x30, &signed))
}

fn rsa_info(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    key_info(&tlv(0x30, &[tlv(0x02, modulus), tlv(0x02, exponent)].concat()))
}

fn key_info(key: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &[tlv(0x06, RSA.as_bytes()), vec![0x05, 0x00]].concat());
    tlv(0x30, &[algorithm, tlv(0x03, &[&[0][..], key].concat())].concat())
}

/// One element of DER.
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let [high, low] = (value.len() as u16).to_be_bytes();
    let length = match value.len() {
        0..128 => vec![low],
        128..256 => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag][..], &length, value].concat()
}
