/** Models: {@link beras.models.Sequential} and the training loop that Keras users know. */
package beras.models;
