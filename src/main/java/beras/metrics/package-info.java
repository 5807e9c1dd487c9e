/**
 * Metrics, called with (predictions, truth), by name from {@link beras.metrics.Metrics}. Begin with {@code "accuracy"} in
 * {@code compile}. A loss serves as a metric by
 * {@link beras.metrics.LossMetric}. {@code MetricTest} holds all of them to common rules.
 */
package beras.metrics;
