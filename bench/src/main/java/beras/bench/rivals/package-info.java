/** The matrix products of other libraries. Only the Maven profile {@code rivals} brings any, from {@code src/rivals}. */
package beras.bench.rivals;
