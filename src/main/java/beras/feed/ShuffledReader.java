package beras.feed;

import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/** Reads ahead into a buffer, and returns examples from random places of it. */
final class ShuffledReader implements Dataset.Reader {

    private final Dataset.Reader source;
    private final ExampleSpec spec;
    private final int capacity;
    private final Rng rng;
    private final List<Example> buffer = new ArrayList<>();
    private boolean ended;
    private long given;

    ShuffledReader(Dataset.Reader source, ExampleSpec spec, int capacity, Rng rng) {
        this.source = source;
        this.spec = spec;
        this.capacity = capacity;
        this.rng = rng;
    }

    @Override
    public boolean next(Example into) {
        while (!ended && buffer.size() < capacity) {
            Example example = new Example(spec);
            ended = !source.next(example);
            if (!ended) {
                buffer.add(example);
            }
        }
        if (buffer.isEmpty()) {
            return false;
        }
        int place = (int) (((rng.bits(given++) >>> 32) * buffer.size()) >>> 32);
        into.copyFrom(buffer.get(place));
        ended = ended || !source.next(buffer.get(place));
        if (ended) { // the last element moves to the free place
            Example last = buffer.remove(buffer.size() - 1);
            if (place < buffer.size()) {
                buffer.set(place, last);
            }
        }
        return true;
    }

    @Override
    public void close() {
        source.close();
    }
}
