package beras.prediction;

import beras.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The computation of a {@link beras.feed.Preprocessor}, as data, so that a file for other systems can have them do the same:
 * the sources, the encoding of each, and the meaning of the model's outputs.
 *
 * @param sources the sources of the model's inputs: the features of the first come first
 * @param meaning of the outputs
 */
public record Encoding(List<Source> sources, Meaning meaning) {

    public Encoding {
        sources = List.copyOf(sources);
        Objects.requireNonNull(meaning);
    }

    /** A raw value that becomes one or more features. */
    public sealed interface Source {

        /** Its name, such as that of a column. */
        String name();
    }

    /**
     * An image of whole numbers from 0 to 255, row by row; each becomes a feature, divided by 255.
     *
     * @param channels numbers of a pixel, side by side
     */
    public record Pixels(String name, int height, int width, int channels) implements Source {

        /** The shape of an image: with channels only if there are several. */
        public Shape shape() {
            return channels == 1 ? Shape.of(height, width) : Shape.of(height, width, channels);
        }
    }

    /**
     * A number: the results of each chain of steps, all 0 if it is missing. Missing are NaN, numbers that are not finite as a
     * float, and the {@code marks}.
     *
     * @param chains  of steps, one for each feature or group of features
     * @param flagged whether a 1 follows if it is missing, else a 0
     */
    public record Numbers(String name, List<List<Step>> chains, Set<Double> marks, boolean flagged) implements Source {

        public Numbers {
            chains = chains.stream().map(List::copyOf).toList();
            marks = Collections.unmodifiableSet(new TreeSet<>(marks)); // in one order in every file
        }
    }

    /**
     * A text: numbers that stand for it, then a 1 among zeros.
     *
     * @param numbers equally many for each text that has some, all 0 for other texts; empty: there are none
     * @param places  where the 1 is, by the text; -1: nowhere
     * @param others  where it is for all other texts; -1: nowhere
     * @param width   among how many features it is
     */
    public record Texts(String name, Map<String, List<Float>> numbers, Map<String, Integer> places, int others, int width)
            implements Source {

        public Texts {
            numbers = Collections.unmodifiableMap(new TreeMap<>(numbers));
            places = Collections.unmodifiableMap(new TreeMap<>(places));
        }
    }

    /**
     * A text that becomes features as no operator of other systems makes them.
     *
     * @param how a verb for the encoding, such as {@code "hashes texts"}
     */
    public record OtherTexts(String name, String how) implements Source {}

    /**
     * A date and time: the features of its parts, all 0 if it is missing.
     *
     * @param flagged whether a 1 follows if it is missing, else a 0
     */
    public record Dates(String name, List<Part> parts, boolean flagged) implements Source {

        public Dates {
            parts = List.copyOf(parts);
        }
    }

    /**
     * The encoding of a number of a date.
     *
     * @param number of the date
     * @param step   its encoding
     */
    public record Part(DateNumber number, Step step) {}

    /** A number of a date and time. */
    public enum DateNumber {
        /** The year. */
        YEAR,
        /** The share of the year that is over, in whole days. */
        SEASON,
        /** The day of the week, from 0 for Monday to 6. */
        WEEKDAY,
        /** The share of the day that is over. */
        TIME,
        /** Days since the beginning of 1970, with the share of the day. */
        DAYS
    }

    /** A step on a number x, in double precision; the last step of a chain gives features, as floats. */
    public sealed interface Step {}

    /** {@code max(min, min(max, x))}; an infinite limit is none. */
    public record Clip(double min, double max) implements Step {}

    /** {@code (x - mean) / standardDeviation}. */
    public record Standardize(double mean, double standardDeviation) implements Step {}

    /** {@code x / sqrt(1 + (x / limit)^2)}, which comes near the limit and does not reach it. */
    public record SmoothClip(double limit) implements Step {}

    /**
     * As many features as there are bins between edges: {@code (clip(x) - clip(center)) / ((upper - lower) * 2 sqrt(bins))}, where
     * {@code clip(x)} is {@code max(lower, min(upper, x))}.
     *
     * @param edges  at least two, in ascending order
     * @param center where all features are 0
     */
    public record PiecewiseLinear(List<Double> edges, double center) implements Step {

        public PiecewiseLinear {
            edges = List.copyOf(edges);
        }
    }

    /** Two features, the sine and the cosine of {@code 2 pi x}. */
    public record Circle() implements Step {}

    /** As many features, a 1 at place x among zeros; x is a whole number of a date. */
    public record OneHot(int width) implements Step {}

    /** The meaning of the model's outputs. */
    public sealed interface Meaning {}

    /**
     * An output for each label, of which the maximum is predicted, of equal ones the first; for two labels also one output: that of
     * the second.
     */
    public record Labels(List<String> labels, int outputs) implements Meaning {

        public Labels {
            labels = List.copyOf(labels);
        }
    }

    /**
     * One output: {@code min(most, max(least, mean + standardDeviation * output))} in double precision is predicted.
     *
     * @param least negative infinity: there is none
     * @param most  infinity: there is none
     */
    public record Regression(double mean, double standardDeviation, double least, double most) implements Meaning {

        /** The predicted number. */
        public double value(double output) {
            double value = mean + standardDeviation * output;
            return value < least ? least : value > most ? most : value; // NaN stays
        }
    }
}
