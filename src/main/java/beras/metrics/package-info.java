/** Metrics, called with (predictions, truth). */
package beras.metrics;
