package own;

import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.tensor.Shape;
import java.util.Optional;

/** A user's form of pictures: black, with one white pixel. */
public final class Edges implements PictureForm {

    @Override
    public String name() {
        return "edges";
    }

    @Override
    public Optional<Shape> imageShape() {
        return Optional.of(Shape.of(1, 2, 3));
    }

    @Override
    public byte[] pixels(Picture picture, int height, int width, int channels, String name) {
        return new byte[] {0, 0, 0, 0, 0, -1};
    }
}
