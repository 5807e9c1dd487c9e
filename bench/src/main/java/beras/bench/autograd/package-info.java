/** Training steps by operations of tensors beside those of built-in layers. */
package beras.bench.autograd;
