//! The interview's vocabulary: seats, stages and what each may send and receive.
