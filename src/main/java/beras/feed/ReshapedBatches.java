package beras.feed;

import beras.config.Config;

/** The batches of another source under other shapes. */
final class ReshapedBatches implements Batches {

    private final Batches source;
    private final ExampleSpec spec;

    ReshapedBatches(Batches source, ExampleSpec spec) {
        this.source = source;
        this.spec = spec;
    }

    @Override
    public ExampleSpec spec() {
        return spec;
    }

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
