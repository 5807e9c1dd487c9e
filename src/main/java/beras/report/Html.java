package beras.report;

import beras.files.Excerpt;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes HTML. All texts may come from anywhere, such as names of columns: none of them is taken for HTML. */
final class Html {

    private final StringBuilder html = new StringBuilder(1 << 16);

    /**
     * Begins an element.
     *
     * @param attributes names, each followed by its value
     */
    Html open(String tag, String... attributes) {
        return begin(tag, attributes, ">");
    }

    /** Adds an element of SVG without content. */
    Html empty(String tag, String... attributes) {
        return begin(tag, attributes, "/>\n");
    }

    private Html begin(String tag, String[] attributes, String end) {
        html.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            html.append(' ').append(attributes[i]).append("=\"").append(escaped(attributes[i + 1])).append('"');
        }
        html.append(end);
        return this;
    }

    Html close(String tag) {
        html.append("</").append(tag).append(">\n");
        return this;
    }

    /** Adds a text. */
    Html text(String text) {
        html.append(escaped(text));
        return this;
    }

    /** Adds an element with a text in it. */
    Html add(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    /** Adds trusted HTML of this package. */
    Html raw(String trusted) {
        html.append(trusted);
        return this;
    }

    private static String escaped(String text) {
        String printable = text.indexOf('\n') < 0 ? Excerpt.printable(text)
                : text.lines().map(Excerpt::printable).collect(Collectors.joining("\n"));
        return printable.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    // -------------------------------------------------------------------------------------------------------- parts

    /** Adds a table, which scrolls on narrow screens; numbers stand at the right. */
    Html table(String caption, List<String> header, Collection<? extends List<String>> rows) {
        openTable(caption, header);
        for (List<String> row : rows) {
            open("tr").add("th", row.get(0), "scope", "row");
            for (int i = 1; i < row.size(); i++) { // on a phone each cell stands in a line, after its name
                String css = Labels.isNumber(row.get(i)) ? "number" : "text";
                add("td", row.get(i), "class", css, "data-name", i < header.size() ? header.get(i) : "");
            }
            close("tr");
        }
        return closeTable();
    }

    /** Adds a table of names and values, if there are any. */
    Html table(String caption, Map<String, ?> values) {
        if (values.isEmpty()) {
            return this;
        }
        openTable(caption, List.of());
        values.forEach((name, value) -> open("tr").add("th", name, "scope", "row")
                .add("td", String.valueOf(value), "class", "value").close("tr"));
        return closeTable();
    }

    /** Begins a table whose rows are written one by one. */
    Html openTable(String caption, List<String> header) {
        return add("p", caption, "class", "caption").openBody(caption, header, header.isEmpty() ? "pairs" : "plain");
    }

    /**
     * Begins a table that has its caption already.
     *
     * @param css the class of the table
     */
    Html openBody(String caption, List<String> header, String css) {
        open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", caption);
        open("table", "aria-label", caption, "class", css);
        if (!header.isEmpty()) {
            open("thead").open("tr");
            header.forEach(name -> add("th", name, "scope", "col"));
            close("tr").close("thead");
        }
        return open("tbody");
    }

    Html cell(String text) {
        return Labels.isNumber(text) ? add("td", text, "class", "number") : add("td", text);
    }

    Html closeTable() {
        return close("tbody").close("table").close("div");
    }

    /** Adds a bar as long as its share of the whole, from 0 to 1, in a cell of a table. */
    Html bar(double share) {
        String width = Long.toString(Math.round(100 * Math.max(0, Math.min(1, share))));
        return open("td", "class", "bar")
                .raw("<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
                .raw("<rect width=\"" + width + "\" height=\"10\"/></svg>").close("td");
    }

    /** Adds a picture that is kept in the page itself. */
    Html picture(byte[] png, String css, String alternative) {
        return open("img", "class", css, "alt", alternative, "src", "data:image/png;base64,"
                + Base64.getEncoder().encodeToString(png));
    }

    /** Adds plots, as many side by side as there is room for. */
    Html plots(Collection<Svg> plots) {
        open("div", "class", "plots");
        plots.forEach(this::plot);
        return close("div");
    }

    void plot(Svg plot) {
        open("figure");
        plot.writeTo(this);
        close("figure");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
