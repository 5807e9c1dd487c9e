package beras.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A plot as SVG, for a file of its own or within a page: its text can be searched, it is sharp at any size, follows the light or
 * dark scheme of the reader, and shows values at the pointer without a script.
 *
 * @param width  of its own units, in which text is 12 high: at about so many pixels it is read on a phone, too
 * @param height as the width
 * @param words  what it shows, for those who do not see it
 * @param body   the elements
 */
public record Svg(int width, int height, String words, String body) {

    /**
     * After Okabe and Ito (2008), whose colours people distinguish who do not see all of them; each is changed as far as it takes
     * to have a contrast of 3 to the paper. With four kinds of dashes, 28 lines differ before looks repeat.
     */
    static final List<String> LIGHT = List.of("#0072b2", "#d55e00", "#00855f", "#b4558d", "#a06a00", "#3489bd", "#1b1f24");
    static final List<String> DARK = List.of("#56b4e9", "#ff8f4d", "#2cc295", "#e39ac4", "#f0b53a", "#a5d8f7", "#e6edf3");
    static final String PAPER = "#fff";
    static final String DARK_PAPER = "#121212";
    /** Of axes, and of lines that only help to read others. */
    static final String EDGE = "#6e7781";
    static final String DARK_EDGE = "#7d8792";

    private static final String[] DASHES = {"", "8 4", "2 4", "10 4 2 4"};
    private static final double FILE_SCALE = 1.6;
    /** Around the plot in a file; a page has one. */
    private static final int MARGIN = 10;
    /** The width of a character of text: a mean of common fonts, as it cannot be measured without one. */
    private static final double CHARACTER = 6.6;

    /** For the page or the file. Plain rules without variables, as not only browsers show the files. */
    static final String STYLE = """
            .chart{font:12px system-ui,sans-serif;color:#1b1f24}
            .chart text{fill:currentColor}
            .chart .title{font-size:14px;font-weight:600}
            .chart .soft{color:#57606a}
            .chart .end{text-anchor:end}
            .chart .mid{text-anchor:middle}
            .chart .back{fill:PAPER}
            .chart .grid{stroke:#d8dee4}
            .chart .axis{stroke:EDGE}
            .chart .help{fill:none;stroke:EDGE;stroke-dasharray:5 4}
            .chart .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
            .chart .mark{fill:currentColor}
            .chart .best{fill:none;stroke:currentColor;stroke-width:1.6}
            .chart .band{fill:currentColor;fill-opacity:.22}
            .chart .dots{fill:none;stroke:currentColor;stroke-width:4;stroke-linecap:round;stroke-opacity:.4}
            .chart .at rect,.chart .wide{fill:none;pointer-events:all}
            .chart .wide{stroke:none;stroke-width:14;pointer-events:stroke}
            .chart .at path{stroke:currentColor;stroke-opacity:0}
            .chart .at:hover path{stroke-opacity:.8}
            .chart .series:hover .line{stroke-width:3.5}
            """.replace("PAPER", PAPER).replace("EDGE", EDGE) + colours(LIGHT) + shades(LIGHT) + """
            @media (prefers-color-scheme:dark){
            .chart{color:#e6edf3}
            .chart .soft{color:#a3adb8}
            .chart .back{fill:PAPER}
            .chart .grid{stroke:#30363d}
            .chart .axis,.chart .help{stroke:EDGE}
            """.replace("PAPER", DARK_PAPER).replace("EDGE", DARK_EDGE) + colours(DARK) + shades(DARK) + "}\n";

    private static String colours(List<String> colours) {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < colours.size(); i++) {
            rules.append(".chart .c").append(i).append("{color:").append(colours.get(i)).append("}\n");
        }
        return rules.toString();
    }

    /** Of the cells of a matrix: see {@link Confusion}. */
    private static String shades(List<String> colours) {
        StringBuilder rules = new StringBuilder(".chart .right{fill:" + colours.get(0) + "}\n.chart .wrong{fill:" + colours.get(1)
                + "}\n");
        for (int shade = 0; shade <= Confusion.SHADES; shade++) {
            rules.append(".chart .h").append(shade).append("{fill-opacity:").append(Confusion.opacity(shade)).append("%}\n");
        }
        return rules.toString();
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
        return "c" + look % LIGHT.size();
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
