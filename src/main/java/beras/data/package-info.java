/**
 * Data in and out.
 *
 * <ul>
 * <li>Grey images from IDX files ({@link beras.data.Idx}, {@link beras.data.Mnist}) and CSV ({@link beras.data.ImageCsv}),
 *     changed at random for training by {@link beras.data.ImageAugmentation}. {@link beras.data.Images} keeps pixels as bytes;
 *     training turns them into floats batch by batch.
 * <li>Tables from CSV: {@link beras.data.TableSchema} learns from the rows to train on how a row becomes numbers, and
 *     {@link beras.data.TableReader} and {@link beras.data.TableDataset} read rows so, from files of any size.
 * <li>Rows and images in memory, for programs that serve a model: {@link beras.data.TablePreprocessor} and
 *     {@link beras.data.ImagePreprocessor}.
 * <li>A picture of what was recognised and what was not ({@link beras.data.DigitPicture}).
 * <li>Which examples are for what ({@link beras.data.Splits}), weights for rare classes ({@link beras.data.ClassWeights}) and
 *     one-hot labels ({@link beras.data.OneHotEncoder}).
 * </ul>
 *
 * <p>Every file may be gzip, told by its content. What is wrong with a file is a {@link beras.data.DataException} that says
 * where. CSV needs Apache Commons CSV, and a schema as JSON needs Gson.
 */
package beras.data;
