package beras.data.image;

import beras.data.DataException;
import java.util.List;
import java.util.ServiceLoader;

/** The forms of pictures that are services, and how they are used. */
final class PictureForms {

    /** Not a constant of {@link PictureForm}: they are looked for when one of them is needed, not when a class implements that. */
    static final List<PictureForm> SERVICES = ServiceLoader.load(PictureForm.class, PictureForm.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get).toList();

    /**
     * The pixels of an image, as {@link PictureForm#pixels}.
     *
     * @throws DataException also if the form does not make images of this size
     */
    static byte[] pixels(PictureForm form, Picture picture, int height, int width, int channels, String name) throws DataException {
        if (!form.makes(height, width, channels)) {
            String made = form.imageShape().map(shape -> Images.sides(shape.dim(0), shape.dim(1), shape.dim(2)))
                    .orElse("1 or 3 channels");
            throw new DataException(name + ": a picture becomes an image of " + made + " in the form " + form.name()
                    + ". Received: a model that takes images of " + Images.sides(height, width, channels)
                    + ". Give it images in another form, such as IDX or .npz");
        }
        return form.pixels(picture, height, width, channels, name);
    }

    private PictureForms() {}
}
