/**
 * Bytes that several formats are made of: safetensors, zip, Protocol Buffers, and the types of numbers. Not exported.
 * {@link beras.saving.bytes.ZipEntries} and {@link beras.saving.bytes.Safetensors} take no memory by a size that a file merely
 * claims.
 */
package beras.saving.bytes;
