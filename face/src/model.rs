//! The models: which files they are, and what is done to them so that `rten` runs them.

mod fold;

use crate::model::fold::fold;
use aws_lc_rs::digest;
use rten::{ModelOptions, NodeId, RunOptions, ThreadPool, op_registry};
use rten_tensor::{NdTensor, Tensor};
use std::sync::Arc;
use thiserror::Error;

/// A file that a model is read from; only these very bytes are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// The name of the file where it comes from.
    pub name: &'static str,
    /// How many bytes it has.
    pub bytes: usize,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: &'static str,
}

/// YuNet: finds faces and five points of each. MIT.
pub const DETECTOR: ModelFile = ModelFile {
    name: "face_detection_yunet_2023mar_int8bq.onnx",
    bytes: 122_489,
    sha256: "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
};

/// SFace: makes 128 numbers of an aligned face. Apache-2.0.
pub const EMBEDDER: ModelFile = ModelFile {
    name: "face_recognition_sface_2021dec_int8bq.onnx",
    bytes: 10_667_852,
    sha256: "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
};

/// Tells faces from prints and screens; optional. MIT by its package, which says nothing of where it comes from.
pub const PRINT_DETECTOR: ModelFile = ModelFile {
    name: "fr_liveness.onnx",
    bytes: 1_886_811,
    sha256: "afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d",
};

/// Why a model cannot be used.
#[derive(Debug, Error)]
pub enum ModelFault {
    /// The bytes are not those of the file.
    #[error("{name} is not the file that is expected: its SHA-256 is {found}")]
    AnotherFile {
        /// The file that is expected.
        name: &'static str,
        /// The SHA-256 of the bytes that came, in hexadecimal digits.
        found: String,
    },
    /// The file is the right one, and yet cannot be read: a defect of this program.
    #[error("{name} cannot be read: {what}")]
    Unreadable {
        /// The file.
        name: &'static str,
        /// What the reader says.
        what: String,
    },
    /// The model cannot compute: a defect of this program, or no memory.
    #[error("{name} cannot be run: {what}")]
    NotRun {
        /// The file of the model.
        name: &'static str,
        /// What the runtime says.
        what: String,
    },
}

impl ModelFile {
    fn check(&self, bytes: &[u8]) -> Result<(), ModelFault> {
        let found: String = digest::digest(&digest::SHA256, bytes)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if found == self.sha256 { Ok(()) } else { Err(ModelFault::AnotherFile { name: self.name, found }) }
    }
}

/// A model that is ready to run. It is read-only: any number of threads may run it at the same time.
pub(crate) struct Network {
    file: ModelFile,
    model: rten::Model,
    input: NodeId,
    outputs: Vec<NodeId>,
}

impl Network {
    /// Reads a model whose outputs have these names.
    pub(crate) fn load(file: ModelFile, bytes: &[u8], outputs: &[String]) -> Result<Self, ModelFault> {
        file.check(bytes)?;
        let unreadable = |what: String| ModelFault::Unreadable { name: file.name, what };
        let folded = fold(bytes).map_err(unreadable)?;
        let operators = op_registry!(
            Add,
            BatchNormalization,
            Concat,
            Conv,
            Flatten,
            Gather,
            Gemm,
            GlobalAveragePool,
            MatMul,
            MaxPool,
            Mul,
            PRelu,
            Relu,
            Reshape,
            Resize,
            Shape,
            Sigmoid,
            Sub,
            Transpose,
            Unsqueeze
        );
        let model =
            ModelOptions::with_ops(operators).load(folded).map_err(|error| unreadable(error.to_string()))?;
        let input = *model.input_ids().first().ok_or_else(|| unreadable("it has no input".to_owned()))?;
        let outputs = outputs
            .iter()
            .map(|name| model.node_id(name).map_err(|error| unreadable(error.to_string())))
            .collect::<Result<_, _>>()?;
        Ok(Self { file, model, input, outputs })
    }

    /// Runs the model on this thread pool; one tensor for each output, in the order they were named in.
    pub(crate) fn run(
        &self,
        pool: &Arc<ThreadPool>,
        input: NdTensor<f32, 4>,
    ) -> Result<Vec<Tensor<f32>>, ModelFault> {
        let not_run = |what: String| ModelFault::NotRun { name: self.file.name, what };
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        self.model
            .run(vec![(self.input, input.into())], &self.outputs, Some(options))
            .map_err(|error| not_run(error.to_string()))?
            .into_iter()
            .map(|value| {
                value.into_tensor::<f32>().ok_or_else(|| not_run("an output is of another type".to_owned()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_not_parsed() {
        let fault = Network::load(DETECTOR, b"\x08\x06", &[]).err().expect("two bytes are no model");
        assert!(matches!(&fault, ModelFault::AnotherFile { found, .. } if found.len() == 64), "{fault}");
    }
}
