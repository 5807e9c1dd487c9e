/**
 * Models as graphs of ONNX: {@link beras.saving.onnx.OnnxFile}, which {@link beras.saving.ModelFile} uses for files of that
 * name: begin there. {@code OnnxLayers} is the table from layers to operators, {@code OnnxOperations} from tensor operations,
 * of which composed layers consist, to operators, and {@code OnnxOperators} from operators to layers; {@code OnnxFunctions}
 * computes operators that are no layers. Needs Gson.
 */
package beras.saving.onnx;
