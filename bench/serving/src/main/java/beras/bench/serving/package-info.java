/** The same net served by several libraries, each in a JVM of its own, from one batch in the heap to its outputs in the heap. */
package beras.bench.serving;
