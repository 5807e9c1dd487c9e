/**
 * Where images and arrays to train on come from: {@link beras.sources.ImageSource} reads sets of images, {@link
 * beras.sources.PictureSource} a folder of pictures for each class, {@link beras.sources.ArraySource} arrays of NumPy. Each is
 * a {@link beras.models.DataSource}, as {@link beras.tables.TableTraining} is of a table: it holds examples out, and has the
 * defaults of training on its data. Begin with {@code ImageSource.of}, and train by {@link beras.models.RecipeTraining}.
 */
package beras.sources;
