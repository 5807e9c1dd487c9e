package beras.digits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The digits that were read on a page.
 *
 * @param lines   of writing, from top to bottom; none without a digit
 * @param others  the pieces that are no digits: strokes, blots, letters
 * @param degrees by how much the lines are turned on the picture, clockwise, -180 to 180
 * @param confidence the mean over all marks that are as high as letters, left out or not, of the network's confidence without
 *     calibration, and of 0.1 for marks too low for a digit or a 1, or strokes cut apart; 0 if there are none
 * @param words    how many words were left out: marks that stand close, some of which are no digits
 * @param turn     by how many degrees the page must be turned clockwise to be upright: 0, 90, 180 or 270
 * @param mayBeUpsideDown whether its marks look nearly as much like digits the other way up
 */
public record Reading(List<Line> lines, List<Digit> others, double degrees, double confidence, int words, int turn,
        boolean mayBeUpsideDown) {

    /** The least mean confidence of the marks on a page of digits; letters and drawings have less. */
    public static final double MIN_CONFIDENCE = 0.58;

    private static final int QUARTER = 90;

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
     * A digit and its place.
     *
     * @param value      0 to 9
     * @param confidence the network's confidence, 0 to 1; with the temperature if the reader is calibrated; at most 0.5 in a
     *     line of 1s alone, at most the page's confidence if that is not one of digits, and less among letters
     * @param box        around it, in pixels of the picture's file, upright
     */
    public record Digit(int value, double confidence, Box box) {}

    /** Whether the page looks like an upright page of digits; if not, the result is not reliable. */
    public boolean isOfDigits() {
        return confidence >= MIN_CONFIDENCE && turn == 0;
    }

    Reading turn(int quarters, boolean isDoubtful) {
        return new Reading(lines, others, degrees, confidence, words, QUARTER * quarters, isDoubtful);
    }

    /** All digits, line by line. */
    public List<Digit> digits() {
        return lines.stream().flatMap(line -> line.digits().stream()).toList();
    }

    /** The digits, a line for each line of writing. */
    public String text() {
        return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
    }

    /**
     * The fields of an object in JSON: {@code degrees}, {@code turn}, {@code words},
     * {@code mayBeUpsideDown}, {@code confidence}, {@code lines} with their digits, and {@code others}. A box is a list of left, top, width and height.
     *
     * @param line  gives the text of a line, such as {@link Line#text}
     * @param digit gives the text of a digit
     */
    public Map<String, Object> fields(Function<Line, String> line, Function<Digit, String> digit) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("degrees", degrees);
        fields.put("turn", turn);
        fields.put("words", words);
        fields.put("mayBeUpsideDown", mayBeUpsideDown);
        fields.put("confidence", confidence);
        fields.put("lines", lines.stream().map(each -> {
            Map<String, Object> ofLine = new LinkedHashMap<>();
            ofLine.put("text", line.apply(each));
            ofLine.put("digits", each.digits().stream().map(one -> {
                Map<String, Object> ofDigit = new LinkedHashMap<>();
                ofDigit.put("digit", digit.apply(one));
                ofDigit.put("confidence", one.confidence());
                ofDigit.put("box", sides(one.box()));
                return ofDigit;
            }).toList());
            return ofLine;
        }).toList());
        fields.put("others", others.stream().map(other -> Map.of("box", sides(other.box()))).toList());
        return fields;
    }

    private static List<Integer> sides(Box box) {
        return List.of(box.left(), box.top(), box.width(), box.height());
    }
}
