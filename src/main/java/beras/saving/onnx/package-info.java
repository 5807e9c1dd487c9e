/**
 * Models as graphs of ONNX: {@link beras.saving.onnx.OnnxFile}. {@code OnnxLayers} is the table of what layers are in operators,
 * {@code OnnxOperators} that of what operators are in layers. Needs Gson.
 */
package beras.saving.onnx;
