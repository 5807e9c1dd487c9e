package beras.digits;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a page says.
 *
 * @param lines   of writing, from top to bottom; none without a digit
 * @param others  what was taken for no digit: strokes, blots, letters
 * @param degrees by how much the lines are turned, clockwise
 */
public record Reading(List<Line> lines, List<Digit> others, double degrees) {

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

    /** All digits, line by line. */
    public List<Digit> digits() {
        return lines.stream().flatMap(line -> line.digits().stream()).toList();
    }

    /** The digits, a line for each line of writing. */
    public String text() {
        return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    }
}
