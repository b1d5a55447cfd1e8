//! Actions of the server itself, which nobody else can want: what it has compared.

use crate::{ConsentTerms, DeviceKind, FaceTrial, SeatId, Time};

/// What the server itself may want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerAction {
    /// A candidate's face was compared, at the identity step.
    NoteFace {
        /// The candidate before the camera.
        seat: SeatId,
        /// Under which terms.
        terms: ConsentTerms,
        /// What came of it.
        trial: FaceTrial,
    },
    /// Pictures of face checks were kept long enough and are erased.
    NoteErased {
        /// How many.
        pictures: u64,
        /// All that were taken before.
        before: Time,
    },
    /// What was written is erased, where the interview was closed before.
    EraseWords {
        /// Interviews that were closed before.
        before: Time,
    },
    /// Who the candidates are is erased, where the interview was closed before.
    ErasePeople {
        /// Interviews that were closed before.
        before: Time,
    },
    /// A candidate has come to a rehearsal with such a device.
    NoteDevice {
        /// The candidate.
        seat: SeatId,
        /// What the device is.
        kind: DeviceKind,
    },
    /// A face in the picture that a candidate sends was compared, because the staff asked for it.
    NoteLook {
        /// The candidate in the picture.
        seat: SeatId,
        /// The seat of the staff that asked.
        by: SeatId,
        /// Under which terms.
        terms: ConsentTerms,
        /// What came of it.
        trial: FaceTrial,
    },
}
