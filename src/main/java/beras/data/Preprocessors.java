package beras.data;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.data.table.TablePreprocessor;
import beras.data.text.TextPreprocessor;
import beras.feed.Preprocessor;

/** Makes the preprocessors of this package from their configs, for {@link Preprocessor#of}. */
public final class Preprocessors implements Preprocessor.Maker {

    /** Found by {@link java.util.ServiceLoader}. */
    public Preprocessors() {}

    private static final String TABLE = "TablePreprocessor";
    private static final String IMAGE = "ImagePreprocessor";
    private static final String ARRAY = "ArrayPreprocessor";
    private static final String TEXT = "TextPreprocessor";

    @Override
    public boolean makes(String type) {
        return type.equals(TABLE) || type.equals(IMAGE) || type.equals(ARRAY) || type.equals(TEXT);
    }

    @Override
    public Preprocessor make(Config config) {
        return switch (config.type()) {
            case TABLE -> TablePreprocessor.of(config);
            case ARRAY -> ArrayPreprocessor.of(config);
            case TEXT -> TextPreprocessor.of(config);
            default -> ImagePreprocessor.of(config);
        };
    }
}
