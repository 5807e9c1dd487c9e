package beras.data.image;

import beras.data.DataException;
import beras.feed.Examples;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Converts a picture of any size to an image of the size that a network takes. A model file keeps the name of its form.
 *
 * <p>A new form is a public class that implements this with a constructor without arguments, and a provider of this service: its name
 * in {@code META-INF/services/beras.data.image.PictureForm}, or {@code provides} in a {@code module-info}. Forms are safe for use by
 * several threads.
 */
public interface PictureForm {

    /**
     * The whole picture, as large as fits without changing its proportions, in the middle of black; images of any height and width.
     * Each pixel is the mean of the area it covers.
     */
    PictureForm SCALED = new ScaledForm();

    /** The name in model files; no other form has this name. */
    String name();

    /** The shape of all its images, {@code (height, width, channels)}; empty, the default, if they have any sides and 1 or 3 channels. */
    default Optional<Shape> imageShape() {
        return Optional.empty();
    }

    /** Whether pictures become images of this size. */
    default boolean makes(int height, int width, int channels) {
        Optional<Shape> shape = imageShape();
        return shape.isPresent() ? shape.get().equals(Shape.of(height, width, channels)) : channels == 1 || channels == Picture.RGB;
    }

    /**
     * The pixels of an image, row by row, the channels of a pixel side by side, 0 to 255.
     *
     * @param height   rows of the image, which together with its width and channels the form {@link #makes}
     * @param width    columns of the image
     * @param channels 1 for grey, 3 for red, green and blue
     * @param name     the name of the picture in messages
     * @throws DataException if the form does not find its subject in the picture
     */
    byte[] pixels(Picture picture, int height, int width, int channels, String name) throws DataException;

    /** Whether grey images have this form if no other is named; false by default. */
    default boolean isOfGrey() {
        return false;
    }

    /** Whether bright pixels are ink, which is shown dark on light paper; false by default: images are shown as they are. */
    default boolean showsInk() {
        return false;
    }

    /**
     * Examples and, after them, outliers: images that show none of the classes, whose targets are uniform.
     *
     * @param shown  the images as they are trained on, changed or not
     * @param images the images themselves
     * @param share  outliers for each image, see {@link #requireOutlierShare}
     * @throws IllegalArgumentException if the share or the size of the images is wrong, or the form has no outliers, as by default
     */
    default Examples withOutliers(Examples shown, Images images, double share, long seed) {
        throw new IllegalArgumentException("Outliers are made in a form that has some. Received: images of " + images.sides() + " in the form "
                + name() + ", which has none");
    }

    /**
     * The share of outliers itself.
     *
     * @throws IllegalArgumentException if it is not above 0 and at most 1
     */
    static double requireOutlierShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of outliers must be above 0 and at most 1. Received: " + share);
        }
        return share;
    }

    /**
     * The form of this name.
     *
     * @throws IllegalArgumentException if there is none, with the names of all
     */
    static PictureForm of(String name) {
        if (name.equals(SCALED.name())) {
            return SCALED; // without looking for others
        }
        List<String> names = new ArrayList<>(List.of(SCALED.name()));
        for (PictureForm form : PictureForms.SERVICES) {
            if (form.name().equals(name)) {
                return form;
            }
            names.add(form.name());
        }
        Collections.sort(names);
        throw new IllegalArgumentException("Pictures are made into one of " + names + ". Received: " + name);
    }

    /** The default form of grey images: the first service that is a default, else {@link #SCALED}. */
    static PictureForm ofGrey() {
        return PictureForms.SERVICES.stream().filter(PictureForm::isOfGrey).findFirst().orElse(SCALED);
    }
}
