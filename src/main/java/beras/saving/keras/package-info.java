/**
 * Keras 3's {@code .keras}: {@link beras.saving.keras.KerasFile} reads and writes it, for {@link beras.saving.ModelFile} and the
 * commands; not exported. {@code KerasNames} has the tables of differing names. Needs Gson and jHDF.
 */
package beras.saving.keras;
