package beras.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A plot as SVG, for a separate file or within a page: its text can be searched, it is sharp at any size, follows the light or
 * dark scheme of the reader, and shows values at the pointer without a script.
 *
 * @param width  in user units; text is 12 units high, which is readable on a phone at about so many pixels
 * @param height as the width
 * @param words  a description, for screen readers
 * @param body   the elements
 */
public record Svg(int width, int height, String words, String body) {

    /**
     * The classes of colours, after Okabe and Ito (2008), whose colours people distinguish who do not see all of them; each is
     * changed as far as it takes to have a contrast of 3 to the paper. With four kinds of dashes, 28 lines differ before looks repeat.
     */
    static final int COLOURS = 7;

    private static final String[] DASHES = {"", "8 4", "2 4", "10 4 2 4"};
    private static final double FILE_SCALE = 1.6;
    /** Around the plot in a file; a page has one. */
    private static final int MARGIN = 10;
    /** The width of a character of text: a mean of common fonts, as it cannot be measured without one. */
    private static final double CHARACTER = 6.6;

    /** For the page or the file: plain rules without variables, as not only browsers show the files. */
    static final String STYLE = resource("chart.css");

    /** A file of styles. */
    static String resource(String name) {
        try (InputStream in = Svg.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The plot as a file. */
    public byte[] file() {
        Html file = new Html();
        int wide = width + 2 * MARGIN;
        int high = height + 2 * MARGIN;
        file.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "chart",
                "viewBox", -MARGIN + " " + -MARGIN + " " + wide + " " + high,
                "width", Long.toString(Math.round(FILE_SCALE * wide)), "height", Long.toString(Math.round(FILE_SCALE * high)),
                "role", "img", "aria-label", words);
        file.open("style").raw(STYLE).close("style").empty("rect", "class", "back", "x", Integer.toString(-MARGIN), "y",
                Integer.toString(-MARGIN), "width", "100%", "height", "100%");
        return file.raw(body).close("svg").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The plot within a page that has {@link #STYLE}. */
    void writeTo(Html html) {
        html.open("svg", "class", "chart", "viewBox", "0 0 " + width + " " + height, "role", "img", "aria-label", words).raw(body)
                .close("svg");
    }

    // ------------------------------------------------------------------------------------------------------ elements

    /** A coordinate, to a tenth. */
    static String at(double coordinate) {
        long tenths = Math.round(10 * coordinate);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    static Html text(Html svg, double x, double y, String css, String text) {
        return css.isEmpty() ? svg.add("text", text, "x", at(x), "y", at(y))
                : svg.add("text", text, "x", at(x), "y", at(y), "class", css);
    }

    /** How long a text is, about. */
    static double length(String text) {
        return CHARACTER * text.length();
    }

    static String colour(int look) {
        return "c" + look % COLOURS;
    }

    /** The attributes of a line of this look, with its path. */
    static String[] line(int look, String path) {
        String dashes = DASHES[look % DASHES.length];
        return dashes.isEmpty() ? new String[] {"class", "line", "d", path}
                : new String[] {"class", "line", "stroke-dasharray", dashes, "d", path};
    }

    /** A text in lines of at most so many units. */
    static List<String> wrapped(String text, double most) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && length(line + " " + word) > most) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
