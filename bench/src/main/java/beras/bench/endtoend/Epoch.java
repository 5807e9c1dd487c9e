package beras.bench.endtoend;

/**
 * The report of a party after an epoch.
 *
 * @param seconds    of the training loop alone
 * @param sinceStart seconds from the start of the process until the line arrived
 */
record Epoch(int number, double seconds, double testAccuracy, double sinceStart) {}
