package beras.feed;

import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/** Reads ahead into a buffer, and gives an example from a random place of it. */
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
            fill(buffer.size());
        }
        if (buffer.isEmpty()) {
            return false;
        }
        int place = (int) (((rng.bits(given++) >>> 32) * buffer.size()) >>> 32);
        into.copyFrom(buffer.get(place));
        if (ended) {
            Example last = buffer.remove(buffer.size() - 1);
            if (place < buffer.size()) {
                buffer.set(place, last);
            }
        } else {
            fill(place);
        }
        return true;
    }

    /** Reads the next example of the stream into a place of the buffer; at the end, the last one moves there. */
    private void fill(int place) {
        Example example = place == buffer.size() ? new Example(spec) : buffer.get(place);
        if (source.next(example)) {
            if (place == buffer.size()) {
                buffer.add(example);
            }
            return;
        }
        ended = true;
        if (place < buffer.size()) {
            Example last = buffer.remove(buffer.size() - 1);
            if (place < buffer.size()) {
                buffer.set(place, last);
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
