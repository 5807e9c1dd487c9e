package beras.feed;

import beras.config.Config;
import java.util.function.IntFunction;

/** A dataset of readers, one made for each epoch. */
record ReadDataset(ExampleSpec spec, Config order, IntFunction<Reader> readers) implements Dataset {

    @Override
    public Reader open(int epoch) {
        return readers.apply(epoch);
    }
}
