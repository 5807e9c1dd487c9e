package beras.feed;

import beras.config.Config;

/** The batches of another source under other shapes. */
record ReshapedBatches(Batches source, ExampleSpec spec) implements Batches {

    @Override
    public int count() {
        return source.count();
    }

    @Override
    public Config order() {
        return source.order();
    }

    @Override
    public Batches forValidation() {
        return source.forValidation().reshaped(spec);
    }

    @Override
    public Pass open(int epoch) {
        Pass pass = source.open(epoch);
        return new Pass() {

            @Override
            public Batch next() {
                Batch next = pass.next();
                return next == null ? null : next.reshaped(spec);
            }

            @Override
            public void skip(int batches) {
                pass.skip(batches);
            }

            @Override
            public void close() {
                pass.close();
            }
        };
    }
}
