package beras.data;

import beras.config.Config;
import beras.feed.Preprocessor;

/** Makes the preprocessors of this package from their configs, for {@link Preprocessor#of}. */
public final class Preprocessors implements Preprocessor.Maker {

    /** Found by {@link java.util.ServiceLoader}. */
    public Preprocessors() {}

    @Override
    public boolean makes(String type) {
        return type.equals(TablePreprocessor.class.getSimpleName()) || type.equals(ImagePreprocessor.class.getSimpleName());
    }

    @Override
    public Preprocessor make(Config config) {
        return config.type().equals(TablePreprocessor.class.getSimpleName())
                ? new TablePreprocessor(TableConfig.read(config)) : ImagePreprocessor.of(config);
    }
}
