package beras.feed;

import beras.config.Config;
import java.util.ArrayList;
import java.util.List;

/** One batch of each of several sources in one, those of ended sources excepted. */
final class SideBySideBatches implements Batches {

    private final List<Batches> sources;

    SideBySideBatches(List<Batches> sources) {
        this.sources = List.copyOf(sources);
        if (this.sources.isEmpty()) {
            throw new IllegalArgumentException("Batches side by side are of one source at least. Received: none");
        }
        for (Batches source : this.sources) {
            if (!source.spec().equals(spec())) {
                throw new IllegalArgumentException("Batches side by side have examples of the same shapes. Received: " + spec() + " and "
                        + source.spec());
            }
        }
    }

    @Override
    public ExampleSpec spec() {
        return sources.get(0).spec();
    }

    /** That of the source with the most. */
    @Override
    public int count() {
        int most = 0;
        for (Batches source : sources) {
            if (source.count() < 0) {
                return source.count();
            }
            most = Math.max(most, source.count());
        }
        return most;
    }

    /** That of the first source. */
    @Override
    public Config order() {
        return sources.get(0).order();
    }

    @Override
    public Batches forValidation() {
        return Batches.sideBySide(sources.stream().map(Batches::forValidation).toList());
    }

    @Override
    public Pass open(int epoch) {
        List<Pass> passes = new ArrayList<>();
        for (Batches source : sources) {
            passes.add(source.open(epoch));
        }
        return new SideBySidePass(passes);
    }

    private final class SideBySidePass implements Pass {

        private final List<Pass> passes;
        private Batch last = Batch.zeros(spec(), 0); // whose tensors are used again for as many examples

        SideBySidePass(List<Pass> passes) {
            this.passes = passes;
        }

        @Override
        public Batch next() {
            List<Batch> parts = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            int size = 0;
            for (Pass pass : passes) {
                Batch part = pass.next();
                sizes.add(part == null ? 0 : part.size());
                size += sizes.get(sizes.size() - 1);
                if (part != null) {
                    parts.add(part);
                }
            }
            if (parts.isEmpty()) {
                return null;
            }
            last = size == last.size() ? last : Batch.zeros(spec(), size);
            int from = 0;
            for (Batch part : parts) {
                last.copyFrom(from, part);
                from += part.size();
            }
            return new Batch(last.inputs(), last.targets(), last.weights(), sizes);
        }

        @Override
        public void skip(int batches) {
            for (Pass pass : passes) {
                pass.skip(batches);
            }
        }

        @Override
        public void close() {
            for (Pass pass : passes) {
                pass.close();
            }
        }
    }
}
