package beras.feed;

/** Gathers the examples of a stream into batches. */
final class DatasetBatches implements Batches {

    private final Dataset source;
    private final int size;

    DatasetBatches(Dataset source, int size) {
        this.source = source;
        this.size = size;
    }

    @Override
    public ExampleSpec spec() {
        return source.spec();
    }

    @Override
    public int count() {
        return -1;
    }

    @Override
    public Pass open(int epoch) {
        Dataset.Reader reader = source.open(epoch);
        Batch full = Batch.zeros(spec(), size);
        Example example = new Example(spec());
        return new Pass() {

            @Override
            public Batch next() {
                int rows = 0;
                while (rows < size && reader.next(example)) {
                    full.copyRowFrom(rows++, example);
                }
                return rows == 0 ? null : rows == size ? full : full.slice(rows);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
