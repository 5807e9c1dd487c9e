package beras.feed;

import beras.config.Config;
import java.util.Arrays;
import java.util.List;

/** The batches of several networks, each with its own source. */
record NetBatches(List<Batches> sources) implements Batches {

    NetBatches {
        sources = List.copyOf(sources);
        if (sources.stream().map(Batches::spec).distinct().count() != 1) {
            throw new IllegalArgumentException("Batches of nets have at least one source, all with examples of the same shapes."
                    + " Received: " + sources.stream().map(Batches::spec).toList());
        }
    }

    @Override
    public List<Batches> byNet() {
        return sources;
    }

    @Override
    public ExampleSpec spec() {
        return sources.get(0).spec();
    }

    @Override
    public int count() {
        int[] counts = sources.stream().mapToInt(Batches::count).toArray();
        return Arrays.stream(counts).anyMatch(count -> count < 0) ? -1 : Arrays.stream(counts).sum();
    }

    /** That of the first source. */
    @Override
    public Config order() {
        return sources.get(0).order();
    }

    @Override
    public Batches forValidation() {
        return new NetBatches(sources.stream().map(Batches::forValidation).toList());
    }

    @Override
    public Batches prefetch(int ahead) {
        return new NetBatches(sources.stream().map(source -> source.prefetch(ahead)).toList());
    }

    @Override
    public Pass open(int epoch) {
        List<Pass> passes = sources.stream().map(source -> source.open(epoch)).toList();
        boolean[] ended = new boolean[passes.size()];
        return new Pass() {

            private int net = -1;

            @Override
            public Batch next() {
                for (int i = 0; i < ended.length; i++) {
                    net = (net + 1) % ended.length;
                    Batch next = ended[net] ? null : passes.get(net).next();
                    ended[net] = next == null;
                    if (next != null) {
                        return next;
                    }
                }
                return null;
            }

            @Override
            public int net() {
                return net;
            }

            @Override
            public void close() {
                passes.forEach(Pass::close);
            }
        };
    }
}
