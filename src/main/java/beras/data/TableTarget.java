package beras.data;

import java.util.HashSet;
import java.util.List;

/** The column that a table's rows are to predict. */
public sealed interface TableTarget {

    /** What is predicted. */
    enum Task {
        /** One of some labels. */
        CLASSIFICATION,
        /** A number. */
        REGRESSION
    }

    /** The column's name. */
    String name();

    /** What is predicted. */
    Task task();

    /**
     * One of some labels: class {@code c} is the {@code c}-th of them.
     *
     * @param labels all labels of the file, in ascending order: as numbers if all are numbers, else as text
     * @param counts how many training rows have each
     */
    record Labels(String name, List<String> labels, List<Long> counts) implements TableTarget {

        /**
         * @throws IllegalArgumentException if there are fewer than two labels, one is there twice, or the counts do not fit
         */
        public Labels {
            labels = List.copyOf(labels);
            counts = List.copyOf(counts);
            if (labels.size() < 2 || new HashSet<>(labels).size() < labels.size()) {
                throw new IllegalArgumentException("Target " + name + ": labels must be at least two, and differ. Received: "
                        + labels);
            }
            if (counts.size() != labels.size() || counts.stream().anyMatch(count -> count < 0)) {
                throw new IllegalArgumentException("Target " + name + ": each of the " + labels.size()
                        + " labels needs a count of at least 0. Received: " + counts);
            }
        }

        @Override
        public Task task() {
            return Task.CLASSIFICATION;
        }
    }

    /**
     * A number. Training sees {@code (y - mean) / deviation}, so that a net learns prices of 200,000 as well as shares of
     * 0.2; {@link #restore} takes what it predicts back.
     *
     * @param mean      of the training rows
     * @param deviation of the training rows, dividing by their number
     */
    record Amount(String name, double mean, double deviation) implements TableTarget {

        /**
         * @throws IllegalArgumentException if the mean is not finite, or the deviation not finite and above 0
         */
        public Amount {
            if (!Double.isFinite(mean) || !(deviation > 0 && deviation <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Target " + name
                        + ": mean and deviation must be finite, the deviation above 0."
                        + " Received: " + mean + " and " + deviation);
            }
        }

        @Override
        public Task task() {
            return Task.REGRESSION;
        }

        /** The value that stands for a number of the table in training. */
        public float standardize(double value) {
            return (float) ((value - mean) / deviation);
        }

        /** The number of the table for what a model predicts; an error in units of the table is {@code deviation} times one. */
        public double restore(float standardized) {
            return mean + deviation * standardized;
        }
    }
}
