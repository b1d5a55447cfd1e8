//! Weights that are quantised in blocks become plain ones, which is what `rten` reads.
//!
//! ONNX, operator DequantizeLinear of opset 21: `(x - zero_point) * scale`, one scale and one zero point for each
//! `block_size` elements along `axis`.

use rten_onnx::onnx::{DataType, GraphProto, ModelProto, NodeProto, TensorProto};
use std::{cell::RefCell, collections::BTreeMap};

/// The model with every DequantizeLinear computed, without Dropout (which does nothing outside of training), and with any
/// height and width of its picture.
pub(super) fn fold(model: &[u8]) -> Result<Vec<u8>, String> {
    let mut model = ModelProto::parse_buf(model).map_err(|error| error.to_string())?;
    let graph = model.graph.as_mut().ok_or("it has no graph")?;
    dequantise(graph)?;
    drop_dropout(graph)?;
    free_sizes(graph);
    model.write_buf().map_err(|error| error.to_string())
}

fn dequantise(graph: &mut GraphProto) -> Result<(), String> {
    let mut tensors: BTreeMap<String, TensorProto> = std::mem::take(&mut graph.initializer)
        .into_iter()
        .map(|tensor| (tensor.name.clone().unwrap_or_default(), tensor))
        .collect();
    let mut nodes = Vec::with_capacity(graph.node.len());
    for node in std::mem::take(&mut graph.node) {
        if node.op_type.as_deref() != Some("DequantizeLinear") {
            nodes.push(node);
            continue;
        }
        let [quantised, scales, zeros] = &node.input[..] else {
            return Err(format!("{} inputs of DequantizeLinear", node.input.len()));
        };
        let mut take = |name: &String| tensors.remove(name).ok_or_else(|| format!("no tensor {name}"));
        let (quantised, scales, zeros) = (take(quantised)?, take(scales)?, take(zeros)?);
        let name = node.output.first().ok_or("no output of DequantizeLinear")?.clone();
        let plain = plain(&node, &quantised, &scales, &zeros)
            .ok_or_else(|| format!("{name} is quantised in a way that is not known"))?;
        tensors.insert(name.clone(), TensorProto { name: Some(name), ..plain });
    }
    // What is a weight is no input.
    graph.input.retain(|input| input.name.as_ref().is_none_or(|name| !tensors.contains_key(name)));
    graph.initializer = tensors.into_values().collect();
    graph.node = nodes;
    Ok(())
}

/// A tensor's plain values; `None` where it is not made of whole blocks of signed bytes.
fn plain(
    node: &NodeProto,
    quantised: &TensorProto,
    scales: &TensorProto,
    zeros: &TensorProto,
) -> Option<TensorProto> {
    let attribute = |name: &str| node.attribute.iter().find(|each| each.name.as_deref() == Some(name))?.i;
    let block = usize::try_from(attribute("block_size")?).ok().filter(|block| *block > 0)?;
    let axis = usize::try_from(attribute("axis")?).ok()?;
    let types = [quantised.data_type?, scales.data_type?, zeros.data_type?];
    if types != [DataType::INT8, DataType::FLOAT, DataType::INT8] {
        return None;
    }
    let size = |dims: &[i64]| dims.iter().map(|dim| usize::try_from(*dim).ok()).product::<Option<usize>>();
    let along = usize::try_from(*quantised.dims.get(axis)?).ok()?;
    let after = size(quantised.dims.get(axis + 1..)?)?;
    let blocks = along.div_ceil(block);
    let values = quantised.raw_data.as_ref()?.borrow();
    let (scales, zeros) = (scales.raw_data.as_ref()?.borrow(), zeros.raw_data.as_ref()?.borrow());
    let (scales, _) = scales.as_chunks::<4>();
    let wanted = values.len().checked_div(along * after)? * blocks * after;
    if values.len() != size(&quantised.dims)? || scales.len() != wanted || zeros.len() != wanted {
        return None;
    }
    let mut plain = Vec::with_capacity(values.len() * 4);
    for (at, value) in values.iter().enumerate() {
        let (before, place) = (at / (along * after), at / after % along);
        let of = (before * blocks + place / block) * after + at % after;
        let value = f32::from(value.cast_signed()) - f32::from(zeros[of].cast_signed());
        plain.extend((value * f32::from_le_bytes(scales[of])).to_le_bytes());
    }
    Some(TensorProto {
        dims: quantised.dims.clone(),
        data_type: Some(DataType::FLOAT),
        raw_data: Some(RefCell::new(plain)),
        ..TensorProto::default()
    })
}

/// Whoever read what a Dropout gives reads what it was given.
fn drop_dropout(graph: &mut GraphProto) -> Result<(), String> {
    let mut instead = BTreeMap::new();
    for node in graph.node.extract_if(.., |node| node.op_type.as_deref() == Some("Dropout")) {
        let ends = node.input.first().cloned().zip(node.output.first().cloned());
        let (given, gives) = ends.ok_or("a Dropout without ends")?;
        instead.insert(gives, given);
    }
    for input in graph.node.iter_mut().flat_map(|node| &mut node.input) {
        if let Some(given) = instead.get(input) {
            input.clone_from(given);
        }
    }
    Ok(())
}

/// The files are written for one size of picture; what they compute is defined for any.
fn free_sizes(graph: &mut GraphProto) {
    graph.value_info.clear();
    for output in &mut graph.output {
        output.r#type = None;
    }
    for input in &mut graph.input {
        let tensor = input.r#type.as_mut().and_then(|kind| kind.tensor_type.as_mut());
        let Some(shape) = tensor.and_then(|tensor| tensor.shape.as_mut()) else { continue };
        for (dim, name) in shape.dim.iter_mut().skip(2).zip(["height", "width"]) {
            dim.dim_value = None;
            dim.dim_param = Some(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_onnx::onnx::{AttributeProto, AttributeType};

    fn tensor(dims: &[i64], data_type: DataType, raw: Vec<u8>) -> TensorProto {
        TensorProto {
            dims: dims.to_vec(),
            data_type: Some(data_type),
            raw_data: Some(RefCell::new(raw)),
            ..TensorProto::default()
        }
    }

    fn node(block: i64, axis: i64) -> NodeProto {
        let attribute = |name: &str, value| AttributeProto {
            name: Some(name.to_owned()),
            i: Some(value),
            r#type: Some(AttributeType::INT),
            ..AttributeProto::default()
        };
        NodeProto {
            attribute: vec![attribute("block_size", block), attribute("axis", axis)],
            ..NodeProto::default()
        }
    }

    fn floats(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    #[test]
    fn each_block_has_its_own_scale_and_zero() {
        let values = tensor(&[2, 3], DataType::INT8, vec![1, 2, 3, 0xff, 0, 1]);
        let scales = tensor(&[2, 2], DataType::FLOAT, floats(&[1.0, 10.0, 0.5, 2.0]));
        let zeros = tensor(&[2, 2], DataType::INT8, vec![0, 1, 0, 0xff]);
        let plain = plain(&node(2, 1), &values, &scales, &zeros).expect("this is how they are quantised");
        assert_eq!(plain.raw_data.unwrap().into_inner(), floats(&[1.0, 2.0, 20.0, -0.5, 0.0, 4.0]));
    }

    #[test]
    fn blocks_may_lie_along_the_first_axis() {
        let values = tensor(&[2, 2], DataType::INT8, vec![1, 2, 3, 4]);
        let scales = tensor(&[1, 2], DataType::FLOAT, floats(&[1.0, 10.0]));
        let zeros = tensor(&[1, 2], DataType::INT8, vec![0, 0]);
        let plain = plain(&node(2, 0), &values, &scales, &zeros).expect("this is how they are quantised");
        assert_eq!(plain.raw_data.unwrap().into_inner(), floats(&[1.0, 20.0, 3.0, 40.0]));
    }

    #[test]
    fn what_is_not_made_of_such_blocks_is_refused() {
        let values = || tensor(&[2, 2], DataType::INT8, vec![1, 2, 3, 4]);
        let scales = || tensor(&[2, 1], DataType::FLOAT, floats(&[1.0, 1.0]));
        let zeros = || tensor(&[2, 1], DataType::INT8, vec![0, 0]);
        assert!(plain(&node(2, 1), &values(), &scales(), &zeros()).is_some());
        assert!(plain(&node(0, 1), &values(), &scales(), &zeros()).is_none(), "no block");
        assert!(plain(&node(2, 7), &values(), &scales(), &zeros()).is_none(), "no such axis");
        assert!(plain(&node(1, 1), &values(), &scales(), &zeros()).is_none(), "too few scales");
        let bytes = tensor(&[2, 2], DataType::UINT8, vec![1, 2, 3, 4]);
        assert!(plain(&node(2, 1), &bytes, &scales(), &zeros()).is_none(), "unsigned");
        let short = tensor(&[2, 3], DataType::INT8, vec![1, 2, 3, 4]);
        assert!(plain(&node(2, 1), &short, &scales(), &zeros()).is_none(), "too few values");
    }
}
