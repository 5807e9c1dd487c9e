/**
 * Data in and out: {@linkplain beras.data.image images} and {@linkplain beras.data.table tables}, and what both need.
 * Begin with {@link beras.tables.TableTraining} for a table and {@link beras.data.image.ImageSets#load} for images.
 *
 * <p>Which examples are for what ({@link beras.data.Splits}), weights for rare classes ({@link beras.data.ClassWeights}) and
 * one-hot labels ({@link beras.data.OneHotEncoder}).
 *
 * <p>Every file may be gzip, recognized by its content. What is wrong with a file is a {@link beras.data.DataException} that says
 * where. CSV needs Apache Commons CSV, and a schema as JSON needs Gson.
 */
package beras.data;
