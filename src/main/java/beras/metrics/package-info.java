/**
 * Metrics, called with (predictions, truth), by name from {@link beras.metrics.Metrics}. A loss serves as a metric by
 * {@link beras.metrics.LossMetric}.
 */
package beras.metrics;
