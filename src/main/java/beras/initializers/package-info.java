/** First values of weights, pure functions of shape and seed; by name from {@link beras.initializers.Initializers}. */
package beras.initializers;
