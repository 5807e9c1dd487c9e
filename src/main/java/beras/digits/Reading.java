package beras.digits;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a page says.
 *
 * @param lines   of writing, from top to bottom; none without a digit
 * @param others  what was taken for no digit: strokes, blots, letters
 * @param degrees by how much the lines are turned on the picture, clockwise, -180 to 180
 * @param confidence the mean of all marks that are as high as digits, left out or not; 0 if there are none
 * @param preparation what was done to the page before it was read
 */
public record Reading(List<Line> lines, List<Digit> others, double degrees, double confidence, Preparation preparation) {

    /** A page of digits has a higher mean of confidence than one of letters or drawings. */
    private static final double LEAST_CONFIDENCE = 0.8;

    public Reading {
        lines = List.copyOf(lines);
        others = List.copyOf(others);
    }

    /**
     * A line of writing.
     *
     * @param digits from left to right, at least one
     */
    public record Line(List<Digit> digits) {

        public Line {
            digits = List.copyOf(digits);
        }

        /** The digits, and nothing else. */
        public String text() {
            return digits.stream().map(digit -> Integer.toString(digit.value())).collect(Collectors.joining());
        }
    }

    /**
     * A digit where it stands.
     *
     * @param value      0 to 9
     * @param confidence what the net gives for it, 0 to 1
     * @param box        around it, in pixels of the picture's file, upright
     */
    public record Digit(int value, double confidence, Box box) {}

    /**
     * What was done to a page.
     *
     * @param sheet        whether a sheet was found on its ground, and straightened
     * @param quarterTurns by which it was turned clockwise, 0 to 3
     * @param words        how many words were left out: marks that stand close, some of which are no digits
     */
    public record Preparation(boolean sheet, int quarterTurns, int words) {

        /** Nothing. */
        public static final Preparation NONE = new Preparation(false, 0, 0);
    }

    /** Whether the page looks like one of digits; if not, what was read is not to be trusted. */
    public boolean isOfDigits() {
        return confidence >= LEAST_CONFIDENCE;
    }

    /** All digits, line by line. */
    public List<Digit> digits() {
        return lines.stream().flatMap(line -> line.digits().stream()).toList();
    }

    /** The digits, a line for each line of writing. */
    public String text() {
        return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    }
}
