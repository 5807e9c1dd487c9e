package beras.data.image;

import beras.data.DataException;
import beras.data.rows.DataFile;
import java.io.InputStream;
import java.nio.file.Path;

/** Opens images of any kind, for prediction. */
public final class ImageFiles {

    /**
     * Reads a file of images as IDX, plain or gzip, or a {@link Picture}, which is converted to the model's form: the content
     * decides, not the name.
     *
     * @param preprocessor of the images that the model takes
     * @throws DataException if the file is missing, of another kind, or damaged
     */
    public static Images open(Path path, ImagePreprocessor preprocessor) throws DataException {
        return read(DataFile.open(path), preprocessor);
    }

    /**
     * Reads images that come through a stream, and closes it.
     *
     * @param name the name of the stream in messages
     * @throws DataException as {@link #open(Path, ImagePreprocessor)}
     */
    public static Images open(InputStream stream, String name, ImagePreprocessor preprocessor) throws DataException {
        return read(DataFile.of(stream, name), preprocessor);
    }

    /**
     * A picture in the form of the model's inputs.
     *
     * @param name the name of the picture in messages
     * @throws DataException as {@link ImagePreprocessor#pixels}
     */
    public static Images of(Picture picture, String name, ImagePreprocessor preprocessor) throws DataException {
        return new Images(preprocessor.pixels(picture, name), preprocessor.height(), preprocessor.width(), preprocessor.channels(), null, 0);
    }

    private static Images read(DataFile opened, ImagePreprocessor preprocessor) throws DataException {
        try (DataFile file = opened) {
            byte[] start = file.peek(Picture.HEADER);
            if (start.length > 0 && start[0] == 0 && Picture.unread(start) == null) {
                return Idx.images(file);
            }
            return of(Picture.read(file, file.name()), file.name(), preprocessor);
        }
    }

    private ImageFiles() {}
}
