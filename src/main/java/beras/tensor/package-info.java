/**
 * Tensors of floats: a flat buffer with shape and strides, views, broadcasting arithmetic, and the variables that
 * training changes. Depends on {@code beras.kernels} alone.
 */
package beras.tensor;
