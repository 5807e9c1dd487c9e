/**
 * Small trainings and predictions whose bits are known, by which anybody can check that a machine computes what all others do.
 * Not part of the API: {@code doctor --bits} shows it.
 */
package beras.bits;
