package beras.training;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;

/**
 * A pass that is held to the number of batches that was announced for it: at least one, and none without examples. Its examples
 * have the shapes of the network's inputs.
 */
final class CountedPass implements Batches.Pass {

    private final Batches.Pass pass;
    private final int announced; // -1: nothing was
    private final String purpose;
    private final ExampleSpec spec; // null: they have these shapes
    private int given;

    /** Begins a pass over batches for {@code purpose}, of examples that are read as these. */
    CountedPass(Batches batches, int epoch, String purpose, ExampleSpec spec) {
        this.announced = batches.count();
        this.purpose = purpose;
        this.spec = spec.equals(batches.spec()) ? null : spec;
        this.pass = batches.open(epoch);
    }

    @Override
    public Batch next() {
        Batch batch = pass.next();
        if (announced >= 0 && (batch == null ? given < announced : given == announced)) {
            throw new IllegalStateException("There must be " + announced + " batches for " + purpose + ", as announced."
                    + " Received: " + (batch == null ? "only " + given : "more") + ". Did the data change in the meantime?");
        }
        if (batch != null) {
            requireSome(batch, purpose);
            given++;
        } else if (given == 0) {
            throw new IllegalArgumentException("There are no examples for " + purpose);
        }
        return batch == null || spec == null ? batch : batch.reshaped(spec);
    }

    /** Refuses a batch without examples, which has no mean. */
    static void requireSome(Batch batch, String purpose) {
        if (batch.size() == 0) {
            throw new IllegalArgumentException("A batch for " + purpose + " must have at least one example. Received: inputs of"
                    + " shape " + batch.inputs().get(0).shape() + ". Leave out empty batches");
        }
    }

    @Override
    public int net() {
        return pass.net();
    }

    @Override
    public void skip(int batches) {
        pass.skip(batches);
        given += batches;
    }

    @Override
    public void close() {
        pass.close();
    }
}
