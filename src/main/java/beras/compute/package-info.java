/**
 * What computes: {@link beras.compute.Compute} says whether vectors are used, waits until they are fast, and sets the number of
 * threads. Results depend on neither.
 */
package beras.compute;
