//! Faces in real photos, and pictures of every bad kind.

mod faces {
    mod gallery;
    mod hints;
    mod photos;
    mod pictures;
    mod prints;
}
