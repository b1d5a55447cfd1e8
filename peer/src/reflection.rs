//! The address under which a client is seen, by one question of STUN that needs no credentials (RFC 8489 §5 and §14.2).

use std::net::SocketAddr;
use stun_types::{
    attribute::XorMappedAddress,
    message::{
        BINDING, Message, MessageClass, MessageType, MessageWrite as _, MessageWriteVec, TransactionId,
    },
};

/// A question, until its answer comes.
#[derive(Debug, Clone, Copy)]
pub struct Reflection(TransactionId);

impl Reflection {
    /// `id` tells it from others: no other question under way has it, and nobody guesses it.
    pub fn new(id: [u8; 12]) -> Self {
        let mut number = [0; 16];
        number[4..].copy_from_slice(&id);
        Self(TransactionId::from(u128::from_be_bytes(number)))
    }

    /// As it leaves; lost ones leave again as they are.
    pub fn request(&self) -> Vec<u8> {
        let kind = MessageType::from_class_method(MessageClass::Request, BINDING);
        Message::builder(kind, self.0, MessageWriteVec::new()).finish()
    }

    /// The client's address in an answer to this question.
    pub fn mapped(&self, answer: &[u8]) -> Option<SocketAddr> {
        let answer = Message::from_bytes(answer).ok()?;
        let ours = answer.has_class(MessageClass::Success)
            && answer.method() == BINDING
            && answer.transaction_id() == self.0;
        let mapped = answer.attribute::<XorMappedAddress>().ok().filter(|_| ours)?;
        Some(mapped.addr(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: [u8; 12] = [0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae];

    /// The answer of RFC 5769 §2.2 without what is signed: 192.0.2.1, port 32853.
    fn answer() -> Vec<u8> {
        let mut answer = vec![1, 1, 0, 0x1c, 0x21, 0x12, 0xa4, 0x42];
        answer.extend_from_slice(&ID);
        answer.extend_from_slice(&[0x80, 0x22, 0, 0x0b]);
        answer.extend_from_slice(b"test vector ");
        answer.extend_from_slice(&[0, 0x20, 0, 8, 0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43]);
        answer
    }

    #[test]
    fn the_address_of_the_vector_is_read() {
        let question = Reflection::new(ID);
        assert_eq!(question.request()[8..], ID);
        assert_eq!(question.mapped(&answer()), Some(SocketAddr::from(([192, 0, 2, 1], 32853))));
    }

    #[test]
    fn other_answers_and_parts_of_one_are_none() {
        let (question, whole) = (Reflection::new(ID), answer());
        assert_eq!(Reflection::new([0; 12]).mapped(&whole), None, "of another question");
        assert_eq!(question.mapped(&question.request()), None, "the question itself");
        for length in 0..whole.len() {
            assert_eq!(question.mapped(&whole[..length]), None, "{length} bytes of it");
        }
        for index in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[index] ^= 0xff;
            let _ = question.mapped(&damaged);
        }
    }
}
