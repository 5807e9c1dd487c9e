/**
 * Runs the benchmarks and keeps their results: {@link beras.bench.Main} has the commands.
 *
 * <p>JMH times; this package chooses the comparisons and their order. Contenders at the same work run one after the other, each
 * in a separate JVM, and the whole is repeated for each fork, so that a change of the machine's speed affects all of them
 * alike.
 */
package beras.bench;
