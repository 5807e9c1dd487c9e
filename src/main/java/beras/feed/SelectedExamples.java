package beras.feed;

/** Some of the examples of another set. */
final class SelectedExamples implements Examples {

    private final Examples whole;
    private final int[] indices;

    SelectedExamples(Examples whole, int[] indices) {
        this.whole = whole;
        this.indices = indices;
    }

    @Override
    public int count() {
        return indices.length;
    }

    @Override
    public ExampleSpec spec() {
        return whole.spec();
    }

    @Override
    public Examples forValidation() {
        return new SelectedExamples(whole.forValidation(), indices);
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        int[] chosen = new int[to - from];
        for (int i = from; i < to; i++) {
            chosen[i - from] = indices[order[i]];
        }
        whole.read(epoch, chosen, 0, chosen.length, into);
    }
}
