/** What a network's outputs mean to a user: predictions with their labels or values, calibrated probabilities, conformal intervals and sets. */
package beras.prediction;
