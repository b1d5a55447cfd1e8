//! SRTP of one client: seals what leaves, opens what comes.

use crate::{Agreed, Datagrams};
use viva_media::SrtpProfile;
use viva_wire::srtp::{Inbound, InvalidKeys, KeyMaterial, Outbound};

/// The keys of one client.
pub struct Sealing {
    /// How it seals.
    pub profile: SrtpProfile,
    /// Opens what comes.
    pub inbound: Inbound,
    /// Seals what leaves.
    pub outbound: Outbound,
    theirs: KeyMaterial,
}

impl Sealing {
    /// The keys that both sides agreed on.
    ///
    /// # Errors
    /// Where they do not fit the profile.
    pub fn new(agreed: &Agreed) -> Result<Self, InvalidKeys> {
        let (theirs, ours) = KeyMaterial::split(agreed.profile, &agreed.material, agreed.server)?;
        let (inbound, outbound) = (Inbound::new(&theirs)?, Outbound::new(&ours)?);
        Ok(Self { profile: agreed.profile, inbound, outbound, theirs })
    }

    /// A second opener of what comes, with a memory of its own, for whoever looks over the client's shoulder.
    ///
    /// # Errors
    /// As for the first.
    pub fn second_inbound(&self) -> Result<Inbound, InvalidKeys> {
        Inbound::new(&self.theirs)
    }

    /// Seals the first `length` bytes of `buffer`, a compound RTCP packet; `None` where there are none or they do not fit
    /// the buffer.
    pub fn seal_rtcp<'a>(&mut self, buffer: &'a mut [u8], length: usize) -> Option<&'a [u8]> {
        if length == 0 {
            return None;
        }
        let sealed = self.outbound.protect_rtcp(buffer, length).ok()?;
        buffer.get(..sealed)
    }

    /// The same, to be sent with others.
    pub fn push_rtcp(&mut self, buffer: &mut [u8], length: usize, out: &mut Datagrams) {
        out.extend(self.seal_rtcp(buffer, length).map(<[u8]>::to_vec));
    }
}
