/**
 * Networks of layers, {@link beras.models.Sequential} and {@link beras.models.Functional}, with the methods of Keras,
 * {@link beras.models.Ensemble}, the average of several, and {@link beras.models.Views}, test-time augmentation. A network is a
 * layer of another network, too; {@link beras.models.Models} makes networks from their configs. Begin with {@code Sequential},
 * and with {@code Functional} for branches.
 *
 * <p>{@code FitEqualsTapeTest}, {@code SameBitsTest} and {@code NestedModelTest} test the contract of all networks.
 */
package beras.models;
