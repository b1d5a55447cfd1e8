//! H.264 (RFC 6184, packetization-modes 0 and 1): single NAL units, STAP-A and FU-A.

mod sps;

use super::Frame;
use crate::Error;
use viva_media::H264Profile;

// NAL unit types (ITU-T H.264 table 7-1) and packet types (RFC 6184 table 1).
const SLICE: u8 = 1;
const PARTITION_A: u8 = 2;
const IDR: u8 = 5;
const SEI: u8 = 6;
const SPS: u8 = 7;
const PPS: u8 = 8;
const DELIMITER: u8 = 9;
const LAST_SINGLE: u8 = 23;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// An access unit opens with delimiter, parameter sets, SEI or its first slice (H.264 §7.4.1.2.3), so several packets of
/// one timestamp may look like its start.
pub(super) fn inspect(payload: &[u8]) -> Result<Frame, Error> {
    let mut frame = Frame::default();
    match *payload {
        // F: the sender itself says that the unit is broken.
        [header, ..] if header & 0x80 != 0 => return Err(Error::Descriptor),
        [header, ref rest @ ..] => match header & 0x1f {
            STAP_A => aggregate(rest, &mut frame)?,
            FU_A => fragment(rest, &mut frame)?,
            kind => unit(kind, rest, &mut frame)?,
        },
        [] => return Err(Error::Descriptor),
    }
    frame.bare = frame.key_frame && !frame.parameters;
    Ok(frame)
}

/// RFC 6184 §5.7.1: 16-bit sizes, each followed by a unit.
fn aggregate(mut rest: &[u8], frame: &mut Frame) -> Result<(), Error> {
    if rest.is_empty() {
        return Err(Error::Descriptor);
    }
    while !rest.is_empty() {
        let (size, tail) = rest.split_first_chunk().ok_or(Error::Descriptor)?;
        let (nal, tail) =
            tail.split_at_checked(usize::from(u16::from_be_bytes(*size))).ok_or(Error::Descriptor)?;
        // What is no unit costs only itself.
        if let [header, body @ ..] = nal {
            let _ = unit(header & 0x1f, body, frame);
        }
        rest = tail;
    }
    Ok(())
}

/// RFC 6184 §5.8: only the fragment with the start bit has the head of the unit.
fn fragment(rest: &[u8], frame: &mut Frame) -> Result<(), Error> {
    match rest {
        [header, body @ ..] if (1..=LAST_SINGLE).contains(&(header & 0x1f)) => {
            if header & 0x80 != 0 {
                unit(header & 0x1f, body, frame)
            } else {
                Ok(())
            }
        }
        _ => Err(Error::Descriptor),
    }
}

/// Adds what one NAL unit, or the head of one, tells.
fn unit(kind: u8, body: &[u8], frame: &mut Frame) -> Result<(), Error> {
    // first_mb_in_slice, Exp-Golomb: a leading 1 is zero, the first slice of its picture (H.264 §7.3.3).
    let first_slice = || body.first().is_some_and(|byte| byte & 0x80 != 0);
    match kind {
        SLICE | PARTITION_A => frame.starts_frame |= first_slice(),
        IDR => {
            let first = first_slice();
            frame.starts_frame |= first;
            frame.key_frame |= first;
        }
        SPS => {
            frame.starts_frame = true;
            frame.key_frame = true;
            frame.parameters = true;
            frame.size = sps::picture_size(body).or(frame.size);
        }
        SEI | PPS | DELIMITER => frame.starts_frame = true,
        1..=LAST_SINGLE => {}
        _ => return Err(Error::Descriptor),
    }
    Ok(())
}

/// The profile by the first sequence parameter set of a payload (ITU-T H.264 §7.3.2.1.1).
pub(super) fn profile(payload: &[u8]) -> Option<H264Profile> {
    let (header, mut rest) = payload.split_first()?;
    let set = match header & 0x1f {
        SPS => rest,
        FU_A if rest.first().is_some_and(|header| header & 0x9f == 0x80 | SPS) => rest.get(1..)?,
        STAP_A => loop {
            let (size, tail) = rest.split_first_chunk()?;
            let (nal, tail) = tail.split_at_checked(usize::from(u16::from_be_bytes(*size)))?;
            match nal {
                [header, set @ ..] if header & 0x1f == SPS => break set,
                _ => rest = tail,
            }
        },
        _ => return None,
    };
    match set {
        [profile_idc, constraints, ..] => Some(H264Profile::spelt(*profile_idc, *constraints)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{sps::tests::BASELINE_640X360, *};

    fn stap(units: &[&[u8]]) -> Vec<u8> {
        let mut payload = vec![0x78];
        for unit in units {
            payload.extend_from_slice(&(unit.len() as u16).to_be_bytes());
            payload.extend_from_slice(unit);
        }
        payload
    }

    const PPS_UNIT: &[u8] = &[0x68, 0xce, 0x3c, 0x80];

    fn told(payload: &[u8]) -> (bool, bool, bool) {
        let frame = inspect(payload).unwrap();
        (frame.starts_frame, frame.key_frame, frame.parameters)
    }

    #[test]
    fn a_stream_is_entered_at_its_parameter_sets() {
        let together = stap(&[BASELINE_640X360, PPS_UNIT]);
        assert_eq!(told(&together), (true, true, true));
        assert_eq!(inspect(&together).unwrap().size, Some((640, 360)));
        assert_eq!(told(BASELINE_640X360), (true, true, true));
        assert_eq!(told(PPS_UNIT), (true, false, false));
        let with_picture = stap(&[BASELINE_640X360, PPS_UNIT, &[0x65, 0x88, 0x84]]);
        assert_eq!(told(&with_picture), (true, true, true));
    }

    #[test]
    fn an_idr_picture_starts_with_its_first_slice_only() {
        assert_eq!(told(&[0x65, 0x88]), (true, true, false));
        assert_eq!(told(&[0x65, 0x28]), (false, false, false));
        assert_eq!(told(&[0x41, 0x9a]), (true, false, false));
        assert_eq!(told(&[0x41, 0x2a]), (false, false, false));
    }

    #[test]
    fn an_idr_picture_is_bare_without_parameter_sets_beside_it() {
        let bare = |payload: &[u8]| inspect(payload).unwrap().bare;
        assert!(bare(&[0x65, 0x88]));
        assert!(!bare(&[0x65, 0x28]) && !bare(&[0x41, 0x9a]) && !bare(BASELINE_640X360));
        assert!(!bare(&stap(&[BASELINE_640X360, PPS_UNIT, &[0x65, 0x88, 0x84]])));
    }

    #[test]
    fn only_the_first_fragment_of_an_idr_unit_is_a_start() {
        assert_eq!(told(&[0x7c, 0x85, 0x88]), (true, true, false));
        assert_eq!(told(&[0x7c, 0x05, 0x88]), (false, false, false));
        assert_eq!(told(&[0x7c, 0x45, 0x88]), (false, false, false));
        assert_eq!(told(&[0x5c, 0x81, 0x9a]), (true, false, false));
    }

    #[test]
    fn truncations_of_an_aggregate_are_refused_between_units() {
        let whole = stap(&[BASELINE_640X360, PPS_UNIT]);
        let after_first = 1 + 2 + BASELINE_640X360.len();
        for len in 0..whole.len() {
            assert_eq!(inspect(&whole[..len]).is_ok(), len == after_first, "{len}");
        }
    }

    #[test]
    fn an_odd_unit_does_not_take_the_good_ones_beside_it() {
        let idr: &[u8] = &[0x65, 0x88, 0x84];
        for odd in [&[][..], &[0x78], &[0x7c, 0x85], &[0x60, 1], &[0x7f, 1], &[0x6e, 1], &[0x74, 1]] {
            assert_eq!(told(&stap(&[odd, BASELINE_640X360, odd, PPS_UNIT, idr, odd])), (true, true, true));
            assert_eq!(told(&stap(&[odd, odd])), (false, false, false));
        }
        // Delimiter and SEI first, as many encoders have it.
        assert_eq!(
            told(&stap(&[&[0x09, 0xf0], &[0x06, 5, 1], BASELINE_640X360, PPS_UNIT])),
            (true, true, true)
        );
        // A last fragment with nothing in it.
        assert_eq!(told(&[0x7c, 0x45]), (false, false, false));
    }

    #[test]
    fn the_profile_is_that_of_the_parameter_set_wherever_it_stands() {
        let expected = Some(H264Profile::spelt(BASELINE_640X360[1], BASELINE_640X360[2]));
        let fragmented = [&[0x7c, 0x87], &BASELINE_640X360[1..]].concat();
        let aggregated = stap(&[&[0x09, 0xf0], &[], BASELINE_640X360, PPS_UNIT]);
        for payload in [BASELINE_640X360, &aggregated, &fragmented] {
            assert_eq!(profile(payload), expected, "{payload:02x?}");
        }
        for payload in
            [&[][..], &[0x67], &[0x67, 0x42], &[0x65, 0x88], &[0x78, 0], &[0x7c, 0x07, 1, 2], PPS_UNIT]
        {
            assert_eq!(profile(payload), None, "{payload:02x?}");
        }
    }

    #[test]
    fn what_mode_one_does_not_have_is_refused() {
        // Type 0, STAP-B, MTAPs, FU-B, reserved; the forbidden bit; empty aggregates and fragments.
        for payload in [
            &[0x60, 1][..],
            &[0x79, 1],
            &[0x7a, 1],
            &[0x7b, 1],
            &[0x7d, 1],
            &[0x7e, 1],
            &[0x7f, 1],
            &[0xe5, 0x88],
            &[0x78],
            &[0x7c],
            &[0x7c, 0x9c, 0x88],
            &[0x7c, 0x80, 0x88],
        ] {
            assert_eq!(inspect(payload), Err(Error::Descriptor), "{payload:02x?}");
        }
    }
}
