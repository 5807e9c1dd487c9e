/** Weights of PyTorch in safetensors: {@link beras.saving.pytorch.PyTorchFile}. Needs Gson. */
package beras.saving.pytorch;
