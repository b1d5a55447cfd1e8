//! Pictures of faces as candidates and administrators send them.

use super::Verdict::{self, Refused, Understood};
use viva_face::{LONGEST_SIDE, Picture};

/// What is decoded is no larger than it may be, has all its pixels, and is the same the next time.
pub fn picture(data: &[u8]) -> Verdict {
    let Ok(picture) = Picture::decode(data) else { return Refused };
    let (width, height) = (picture.width(), picture.height());
    assert!((1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height), "{picture:?}");
    assert_eq!(picture.rgb().len() as u64, u64::from(width) * u64::from(height) * 3);
    assert!(Picture::from_rgb(width, height, picture.rgb().to_vec()).as_ref() == Some(&picture));
    assert!(Picture::decode(data).as_ref() == Ok(&picture), "another picture of the same bytes");
    Understood
}
