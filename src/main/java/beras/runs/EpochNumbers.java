package beras.runs;

import beras.config.InvalidDataException;
import beras.training.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers of each epoch by their names. Metrics of the validation and test examples have the names of the training metrics,
 * with {@code val_} and {@code test_} before them.
 *
 * @param epochs the numbers of the epochs, from 1
 * @param values one for each epoch; NaN where there is none
 */
public record EpochNumbers(int[] epochs, Map<String, double[]> values) {

    /** The examples that metrics are computed on. */
    public enum Part {
        TRAINING("", "training"),
        VALIDATION("val_", "validation"),
        TEST("test_", "test");

        private final String prefix;
        private final String words;

        Part(String prefix, String words) {
            this.prefix = prefix;
            this.words = words;
        }

        /** The name of a number of this part. */
        public String of(String number) {
            return prefix + number;
        }

        public String words() {
            return words;
        }

        public static Part in(String name) {
            return name.startsWith(VALIDATION.prefix) ? VALIDATION : name.startsWith(TEST.prefix) ? TEST : TRAINING;
        }

        /** The number without its part. */
        public static String bare(String name) {
            return name.substring(in(name).prefix.length());
        }

        /** For example {@code validation accuracy}. */
        public static String words(String name) {
            return name.equals(Training.LEARNING_RATE) ? "learning rate" : in(name).words + " " + bare(name).replace('_', ' ');
        }

        /** The names of metrics, those of the test first and those of the training last; without the learning rate. */
        public static List<String> inOrder(Collection<String> names) {
            List<String> ordered = new ArrayList<>();
            for (Part part : new Part[] {TEST, VALIDATION, TRAINING}) {
                names.stream().filter(name -> in(name) == part && !name.equals(Training.LEARNING_RATE)).forEach(ordered::add);
            }
            return ordered;
        }
    }

    /** No epochs. */
    public static final EpochNumbers NONE = new EpochNumbers(new int[0], Map.of());

    /**
     * The numbers of a log.
     *
     * @param header names; the first is of the epochs
     * @param rows   cells, as many as names; the first is the epoch, counted from 0
     * @throws NumberFormatException if there is something else than numbers
     * @throws InvalidDataException if a row has other cells than the header, or a negative epoch
     */
    public static EpochNumbers of(List<String> header, List<List<String>> rows) {
        int[] epochs = new int[rows.size()];
        Map<String, double[]> values = new LinkedHashMap<>();
        for (int column = 1; column < header.size(); column++) {
            values.put(header.get(column), new double[rows.size()]);
        }
        for (int row = 0; row < epochs.length; row++) {
            if (rows.get(row).size() != header.size()) {
                throw new InvalidDataException("a line of " + header.size() + " cells. Received: " + rows.get(row));
            }
            epochs[row] = 1 + Integer.parseInt(rows.get(row).get(0));
            if (epochs[row] < 1) {
                throw new InvalidDataException("epochs counted from 0. Received: " + rows.get(row).get(0));
            }
            for (int column = 1; column < header.size(); column++) {
                String cell = rows.get(row).get(column);
                values.get(header.get(column))[row] = cell.equals("NA") ? Double.NaN : Double.parseDouble(cell);
            }
        }
        return new EpochNumbers(epochs, values);
    }

    /** How many epochs there are. */
    public int count() {
        return epochs.length;
    }

    /** The learning rates; none if they were not logged. */
    public double[] rates() {
        return values.getOrDefault(Training.LEARNING_RATE, new double[0]);
    }

    public boolean rateChanges() {
        return Arrays.stream(rates()).distinct().count() > 1;
    }

    /** The metrics of an epoch; missing ones are left out. */
    public Map<String, Double> at(int epoch) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int row = 0; row < epochs.length; row++) {
            if (epochs[row] == epoch) {
                int found = row;
                values.forEach((name, all) -> {
                    if (!Double.isNaN(all[found])) {
                        numbers.put(name, all[found]);
                    }
                });
            }
        }
        return numbers;
    }

    /** The names without their parts, such as {@code loss}, each once; without the learning rate. */
    public Set<String> bare() {
        Set<String> bare = new LinkedHashSet<>();
        Part.inOrder(values.keySet()).forEach(name -> bare.add(Part.bare(name)));
        return bare;
    }
}
