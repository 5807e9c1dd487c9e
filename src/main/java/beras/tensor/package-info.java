/**
 * Tensors of floats: a flat buffer with shape and strides, views, broadcasting arithmetic, and the variables that training changes.
 * Start with {@link beras.tensor.Tensor#of} and {@link beras.tensor.Variable}. Depends on {@code beras.kernels} alone.
 */
package beras.tensor;
