/**
 * Nets of layers, {@link beras.models.Sequential} and {@link beras.models.Functional}, with the methods that Keras users know,
 * and {@link beras.models.Ensemble}, the average of several, and {@link beras.models.Views}, one that looks several times. A
 * net is a layer of another net, too; {@link beras.models.Models} makes nets from their configs. Begin with {@code
 * Sequential}, and with {@code Functional} for branches.
 *
 * <p>{@code FitEqualsTapeTest}, {@code SameBitsTest} and {@code NestedModelTest} hold what all nets promise.
 */
package beras.models;
