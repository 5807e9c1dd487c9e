/**
 * Data in and out: grey images from IDX files ({@link beras.data.Idx}, {@link beras.data.Mnist}) and CSV
 * ({@link beras.data.ImageCsv}, which needs Apache Commons CSV), and one-hot labels ({@link beras.data.OneHotEncoder}).
 *
 * <p>{@link beras.data.Images} keeps pixels as bytes; training turns them into floats batch by batch. Every file may be
 * gzip, told by its content. What is wrong with a file is a {@link beras.data.DataException} that says where.
 */
package beras.data;
