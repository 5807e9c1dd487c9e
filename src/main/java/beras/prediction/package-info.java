/**
 * The meaning of a network's outputs to a user: predictions with their labels or values, calibrated probabilities, conformal
 * intervals and sets.
 */
package beras.prediction;
