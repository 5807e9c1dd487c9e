/**
 * Data in and out: {@linkplain beras.data.image images} and {@linkplain beras.data.table tables}, and code for both. Begin with
 * {@link beras.tables.TableTraining} for a table and {@link beras.data.image.ImageSets#load} for images.
 *
 * <p>Splits ({@link beras.data.Splits}), weights for rare classes ({@link beras.data.ClassWeights}) and one-hot labels
 * ({@link beras.data.OneHotEncoder}).
 *
 * <p>Every file may be gzip, recognized by its content. An error in a file is a {@link beras.data.DataException} with its
 * place. CSV needs Apache Commons CSV, and a schema as JSON needs Gson.
 */
package beras.data;
