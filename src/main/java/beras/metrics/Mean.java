package beras.metrics;

/** A running mean of numbers with weights, summed up as doubles in the order of the numbers. */
public final class Mean {

    private double sum;
    private double weight;

    /** Takes in one more number. */
    public void add(double value, double weight) {
        this.sum += value * weight;
        this.weight += weight;
    }

    /** The plain mean of some numbers; 0 if there are none. */
    public static double of(double[] values) {
        Mean mean = new Mean();
        for (double value : values) {
            mean.add(value, 1);
        }
        return mean.result();
    }

    /** The sum of all numbers times their weights, and that of the weights. */
    double[] state() {
        return new double[] {sum, weight};
    }

    /** Continues from a {@link #state}. */
    void restore(double[] state) {
        sum = state[0];
        weight = state[1];
    }

    /** The sum of all numbers times their weights. */
    public double sum() {
        return sum;
    }

    /** Whether nothing was taken in that has a weight. */
    public boolean isEmpty() {
        return weight == 0;
    }

    /** {@link #sum} over the sum of the weights; 0 if that is 0. */
    public double result() {
        return weight == 0 ? 0 : sum / weight;
    }
}
