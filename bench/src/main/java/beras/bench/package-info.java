/**
 * Runs the benchmarks and keeps their results: {@link beras.bench.Main} has the commands.
 *
 * <p>JMH times; this package decides what meets what, and in which order. Contenders at the same work run one after the other,
 * each in a JVM of its own, and the whole is gone through as often as there are forks, so that a change of the machine's speed
 * meets all of them alike.
 */
package beras.bench;
