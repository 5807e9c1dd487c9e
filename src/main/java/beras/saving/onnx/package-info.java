/**
 * Models as graphs of ONNX: {@link beras.saving.onnx.OnnxFile}, which {@link beras.saving.ModelFile} uses for files of that
 * name: begin there. {@code OnnxLayers} is the table of what layers are in operators, {@code OnnxOperations} that of what
 * operations of tensors are, of which composed layers are made, and {@code OnnxOperators} that of what operators are in
 * layers; {@code OnnxFunctions} computes those that are none. Needs Gson.
 */
package beras.saving.onnx;
