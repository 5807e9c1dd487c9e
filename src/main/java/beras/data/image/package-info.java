/**
 * Images from IDX files ({@link beras.data.image.Idx}, {@link beras.data.image.ImageSets}) and folders of pictures
 * ({@link beras.data.image.PictureFolder}), changed at random for training by {@link beras.data.image.ImageAugmentation}. Begin with {@code ImageSets.load}, or {@code PictureFolder} for pictures.
 *
 * <p>{@link beras.data.image.Images} keeps pixels as bytes; training turns them into floats batch by batch. A program that
 * serves a model has images or a {@link beras.data.image.Picture} in memory: {@link beras.data.image.ImagePreprocessor}. What a
 * picture becomes is its {@link beras.data.image.PictureForm}, of which other packages bring more.
 * {@link beras.data.image.PredictionPicture} draws what was predicted right and what was not,
 * {@link beras.data.image.ImageExplanation} why.
 */
package beras.data.image;
