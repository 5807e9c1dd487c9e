/**
 * Weights of PyTorch in safetensors: {@link beras.saving.pytorch.PyTorchFile}, which {@link beras.saving.ModelFile} uses for
 * files of that name: begin there. Needs Gson.
 */
package beras.saving.pytorch;
