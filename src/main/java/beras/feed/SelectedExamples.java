package beras.feed;

/** Some of the examples of another set. */
record SelectedExamples(Examples whole, int[] indices) implements Examples {

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
