/** First values of weights, pure functions of shape and seed. */
package beras.initializers;
