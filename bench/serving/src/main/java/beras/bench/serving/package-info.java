/**
 * The same network served by several libraries, each in a separate JVM, from a batch in the heap to outputs in the heap.
 */
package beras.bench.serving;
