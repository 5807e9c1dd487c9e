/**
 * Images from IDX files ({@link beras.data.image.Idx}, {@link beras.data.image.ImageSets}) and folders of pictures
 * ({@link beras.data.image.PictureFolder}), changed at random for training by {@link beras.data.image.ImageAugmentation}. Begin with {@code ImageSets.load}, or {@code PictureFolder} for pictures.
 *
 * <p>{@link beras.data.image.Images} keeps pixels as bytes; training turns them into floats batch by batch. A program that
 * serves a model has images or a {@link beras.data.image.Picture} in memory: {@link beras.data.image.ImagePreprocessor}. A
 * {@link beras.data.image.PictureForm} converts pictures; other packages provide further forms.
 * {@link beras.data.image.PredictionPicture} draws right and wrong predictions, {@link beras.data.image.ImageExplanation}
 * explains them.
 */
package beras.data.image;
