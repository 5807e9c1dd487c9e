package beras.data.image;

import beras.data.DataException;
import beras.data.rows.DataFile;
import beras.data.rows.TextReader;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Opens images of any kind, for prediction. */
public final class ImageFiles {

    /** That an error shows. */
    private static final int FIRST_BYTES = 4;

    /**
     * Reads a file of images, IDX or CSV, plain or gzip, or a {@link Picture}, which becomes what a model takes: the content
     * decides, not the name. A CSV may have a label column with labels 0 to 255; see {@link ImageCsv#read}.
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
     * @param name what messages call it
     * @throws DataException as {@link #open(Path, ImagePreprocessor)}
     */
    public static Images open(InputStream stream, String name, ImagePreprocessor preprocessor) throws DataException {
        return read(DataFile.of(stream, name), preprocessor);
    }

    /**
     * A picture as a model takes it.
     *
     * @param name what messages call it
     * @throws DataException as {@link ImagePreprocessor#pixels}
     */
    public static Images of(Picture picture, String name, ImagePreprocessor preprocessor) throws DataException {
        return new Images(preprocessor.pixels(picture, name), preprocessor.height(), preprocessor.width(), preprocessor.channels(), null, 0);
    }

    private static Images read(DataFile opened, ImagePreprocessor preprocessor) throws DataException {
        try (DataFile file = opened) {
            byte[] start = file.peek(Picture.HEADER);
            if (start.length == 0) {
                throw file.error("expected images as IDX or CSV, or a picture. Received: an empty file");
            }
            String unread = Picture.unread(start);
            if (unread != null) {
                throw file.error("expected images as IDX or CSV, or a picture as PNG, JPEG, BMP or GIF. Received: " + unread
                        + ". Convert it");
            }
            if (start[0] == 0) {
                return Idx.images(file);
            }
            if (Picture.begins(start)) {
                return of(Picture.read(file, file.name()), file.name(), preprocessor);
            }
            start = Arrays.copyOf(start, Math.min(FIRST_BYTES, start.length));
            if (!isText(start)) {
                throw file.error("bytes 0 to 3: expected images as IDX (00 00 08 03) or as CSV in UTF-8, or a picture as PNG,"
                        + " JPEG, BMP or GIF. Received: " + HexFormat.ofDelimiter(" ").formatHex(start)
                        + ". Convert the file to one of these");
            }
            return ImageCsv.read(file, Images.MAX_CLASSES);
        }
    }

    private static boolean isText(byte[] start) {
        for (int i = 0; i < start.length; i++) {
            boolean mark = i < TextReader.UTF8_MARK.length && start[i] == TextReader.UTF8_MARK[i];
            boolean printable = start[i] >= ' ' || start[i] == '\t' || start[i] == '\n' || start[i] == '\r';
            if (!mark && !printable) {
                return false;
            }
        }
        return true;
    }

    private ImageFiles() {}
}
