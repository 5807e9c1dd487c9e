package beras.feed;

import beras.config.Config;

/** Gathers the examples of a stream into batches. */
record DatasetBatches(Dataset source, int size) implements Batches {

    /** The initial capacity of a batch, which grows as examples are read: its size may exceed the length of the stream. */
    private static final int FIRST_ROOM = 1024;

    @Override
    public ExampleSpec spec() {
        return source.spec();
    }

    @Override
    public int count() {
        return -1;
    }

    @Override
    public Config order() {
        return source.order().with("batchSize", size);
    }

    @Override
    public Pass open(int epoch) {
        return new DatasetPass(source.open(epoch));
    }

    private final class DatasetPass implements Pass {

        private final Dataset.Reader reader;
        private final Example example = new Example(spec());
        private Batch batch = Batch.zeros(spec(), Math.min(size, FIRST_ROOM));

        DatasetPass(Dataset.Reader reader) {
            this.reader = reader;
        }

        @Override
        public Batch next() {
            int rows = 0;
            while (rows < size && reader.next(example)) {
                if (rows == batch.size()) {
                    batch = batch.grown((int) Math.min(size, 2L * rows));
                }
                batch.copyRowFrom(rows++, example);
            }
            return rows == 0 ? null : rows == batch.size() ? batch : batch.slice(rows);
        }

        @Override
        public void skip(int batches) {
            for (long left = (long) batches * size; left > 0 && reader.next(example); left--) {
                // discards the example
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
