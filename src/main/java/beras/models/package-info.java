/**
 * Nets of layers, {@link beras.models.Sequential} and {@link beras.models.Functional}, with the methods that Keras users know.
 */
package beras.models;
