package beras.data.image;

import beras.data.DataException;

/** How a picture of any size becomes an image of the size that a net takes. A model file keeps it. */
public enum PictureForm {

    /** A digit as MNIST has it, grey, of 28 x 28 pixels, see {@link DigitForm}: for nets that were trained on such images. */
    DIGIT,

    /**
     * All of the picture, made as large as fits without changing its proportions, in the middle of black. Each pixel is the mean
     * of what it covers.
     */
    SCALED;

    /**
     * The pixels of an image, row by row, the channels of a pixel side by side, 0 to 255.
     *
     * @param channels 1 for grey, 3 for red, green and blue
     * @param name     what messages call the picture
     * @throws DataException if a digit is looked for and nothing is written in the picture, or a picture cannot become such an
     *         image
     */
    byte[] pixels(Picture picture, int height, int width, int channels, String name) throws DataException {
        if (this == DIGIT) {
            if (height != DigitForm.SIDE || width != DigitForm.SIDE || channels != 1) {
                throw refused(name, "a grey digit of " + DigitForm.SIDE + " x " + DigitForm.SIDE, height, width, channels);
            }
            return DigitForm.of(picture, name);
        }
        if (channels != 1 && channels != Picture.RGB) {
            throw refused(name, "an image of 1 or 3 channels", height, width, channels);
        }
        return Scaling.scaled(picture, height, width, channels);
    }

    private static DataException refused(String name, String what, int height, int width, int channels) {
        return new DataException(name + ": a picture becomes " + what + ". Received: a model that takes images of "
                + Images.sides(height, width, channels) + ". Give it images in another form, such as IDX or .npz");
    }
}
