package beras.report;

import beras.files.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Draws lines, bands and dots between two axes. */
final class AxesPlot {

    /** Of more points so many are drawn, at equal distances, the first and the last always. */
    static final int MOST_POINTS = 400;

    private static final int WIDTH = 400;
    private static final int PLOT_HEIGHT = 200;
    private static final int SQUARE = 300;
    private static final int ROW = 20;
    private static final int LINE = 17;
    private static final int RIGHT = 12;
    private static final int MOST_LEFT = 150;
    private static final int TICK = 4;
    private static final int SAMPLE = 24;
    private static final int GAP = 14;
    private static final double TITLE_SHARE = 1.15;
    /** More markers run into each other. */
    private static final int MOST_MARKERS = 30;
    /** Of the unseen line on which the pointer finds the name of another. */
    private static final int MOST_WIDE_POINTS = 60;
    /** Values are shown at so many places along an axis. */
    private static final int MOST_PLACES = 150;
    private static final double MARK = 3;
    private static final double RING = 5.5;

    private record Line(String name, int look, double[] x, double[] y, boolean isNamed) {}

    private record Ring(int look, double x, double y) {}

    private record Band(int look, double[] x, double[] low, double[] high) {}

    private record Help(String name, double fromX, double fromY, double toX, double toY) {}

    private record Dots(double[] x, double[] y) {}

    private record Mark(int look, double x, double y, String title) {}

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<String> rows; // of categories along the vertical axis; empty: it is of numbers
    private final List<Line> lines = new ArrayList<>();
    private final List<Ring> rings = new ArrayList<>();
    private final List<Band> bands = new ArrayList<>();
    private final List<Help> helps = new ArrayList<>();
    private final List<Dots> dots = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final Map<Double, StringBuilder> places = new TreeMap<>(); // what is shown at the pointer, by where it is
    private final Map<String, Integer> markNames = new LinkedHashMap<>();
    private int height = PLOT_HEIGHT;

    private double left;
    private double top;

    AxesPlot(String title, Axis x, Axis y) {
        this(title, x, y, List.of());
    }

    private AxesPlot(String title, Axis x, Axis y, List<String> rows) {
        this.title = title;
        this.x = x;
        this.y = y;
        this.rows = rows;
    }

    /** A row for each name, below each other; where marks are is the number of the row. */
    static AxesPlot ofRows(String title, Axis x, List<String> names) {
        AxesPlot plot = new AxesPlot(title, x, Axis.linear("").within(names.size() - 0.5, -0.5), names);
        plot.height = ROW * names.size();
        return plot;
    }

    /** As high as it is wide. */
    AxesPlot square() {
        height = SQUARE;
        return this;
    }

    // ----------------------------------------------------------------------------------------------- what is drawn

    /** Adds a line through the points whose numbers are finite, whose values are shown where the pointer is. */
    AxesPlot line(String name, int look, double[] xs, double[] ys) {
        return line(name, look, xs, ys, point -> "");
    }

    /** @param more what is added to the value of a point at the pointer */
    AxesPlot line(String name, int look, double[] xs, double[] ys, IntFunction<String> more) {
        int[] finite = IntStream.range(0, ys.length).filter(i -> Double.isFinite(xs[i]) && Double.isFinite(ys[i])
                && (!y.isLog() || ys[i] > 0)).toArray();
        int[] shown = thinned(finite, MOST_POINTS);
        if (shown.length == 0) {
            return this;
        }
        double[] lineX = pick(xs, shown);
        double[] lineY = pick(ys, shown);
        include(lineX, lineY);
        lines.add(new Line(name, look, lineX, lineY, false));
        for (int i : shown) {
            places.computeIfAbsent(xs[i], value -> new StringBuilder(x.label()).append(' ').append(Labels.number(value)))
                    .append('\n').append(name).append(' ').append(Labels.number(ys[i])).append(more.apply(i));
        }
        return this;
    }

    /** Marks the best point of a line, which changes neither axis. */
    AxesPlot best(int look, double atX, double atY) {
        rings.add(new Ring(look, atX, atY));
        return this;
    }

    /** Adds a line that is named where the pointer is on it. */
    AxesPlot curve(String name, int look, double[] xs, double[] ys) {
        include(xs, ys);
        lines.add(new Line(name, look, xs, ys, true));
        return this;
    }

    /** Adds what lies between two lines. */
    AxesPlot band(int look, double[] xs, double[] low, double[] high) {
        include(xs, low);
        include(xs, high);
        bands.add(new Band(look, xs, low, high));
        return this;
    }

    /** Adds a dashed line between two points, which changes neither axis. */
    AxesPlot help(String name, double fromX, double fromY, double toX, double toY) {
        helps.add(new Help(name, fromX, fromY, toX, toY));
        return this;
    }

    /** Adds a dashed line from the foot to the top. */
    AxesPlot upright(String name, double at) {
        return help(name, at, Double.NaN, at, Double.NaN);
    }

    /** Adds many dots, which let shine through what is below them. */
    AxesPlot dots(double[] xs, double[] ys) {
        include(xs, ys);
        dots.add(new Dots(xs, ys));
        return this;
    }

    /** Adds a dot with a text where the pointer is on it. */
    AxesPlot mark(int look, double atX, double atY, String text) {
        include(new double[] {atX}, new double[] {atY});
        marks.add(new Mark(look, atX, atY, text));
        return this;
    }

    /** Names the look of marks in the legend. */
    AxesPlot legend(String name, int look) {
        markNames.put(name, look);
        return this;
    }

    boolean isEmpty() {
        return lines.isEmpty() && dots.isEmpty() && marks.isEmpty();
    }

    private void include(double[] xs, double[] ys) {
        for (int i = 0; i < xs.length; i++) {
            x.include(xs[i]);
            y.include(ys[i]);
        }
    }

    /** Some of these at equal distances, the first and the last always. */
    static int[] thinned(int[] all, int most) {
        return all.length <= most ? all
                : IntStream.range(0, most).map(i -> all[(int) ((long) i * (all.length - 1) / (most - 1))]).toArray();
    }

    /** The values at these places. */
    static double[] pick(double[] values, int[] places) {
        return IntStream.of(places).mapToDouble(i -> values[i]).toArray();
    }

    // ------------------------------------------------------------------------------------------------------ drawing

    /**
     * Draws it.
     *
     * @param words what it shows; if empty, the title, and from where to where each line goes
     */
    Svg draw(String words) {
        x.fit();
        y.fit();
        Html svg = new Html();
        List<Axis.Tick> across = x.ticks(6);
        List<Axis.Tick> upwards = rows.isEmpty() ? y.ticks(height / 40) : rowTicks();
        double longest = upwards.stream().mapToDouble(tick -> Svg.length(tick.text())).max().orElse(0);
        left = Math.min(MOST_LEFT, longest) + 2 * TICK;
        double at = LINE;
        for (String line : Svg.wrapped(title, WIDTH / TITLE_SHARE)) {
            Svg.text(svg, 0, at, "title", line);
            at += LINE;
        }
        if (!y.label().isEmpty()) {
            Svg.text(svg, 0, at, "soft", y.label());
            at += LINE;
        }
        top = at - LINE / 2.0;
        drawAxes(svg, across, upwards);
        svg.open("g");
        bands.forEach(band -> drawBand(svg, band));
        helps.forEach(help -> svg.empty("path", "class", "help", "d", "M" + point(help.fromX, low(help.fromY)) + "L"
                + point(help.toX, high(help.toY))));
        dots.forEach(each -> drawDots(svg, each));
        lines.forEach(line -> drawLine(svg, line));
        rings.forEach(ring -> drawRing(svg, ring.look, acrossAt(ring.x), upAt(ring.y)));
        drawMarks(svg);
        drawPlaces(svg);
        svg.close("g");
        at = top + height + 2 * LINE;
        Svg.text(svg, left + plotWidth() / 2, at, "soft mid", x.label());
        at = drawLegend(svg, at + LINE);
        return new Svg(WIDTH, (int) Math.ceil(at - LINE / 2.0), words.isEmpty() ? words() : words, svg.toString());
    }

    private List<Axis.Tick> rowTicks() {
        return IntStream.range(0, rows.size()).mapToObj(row -> new Axis.Tick(row, rows.get(row))).toList();
    }

    private double plotWidth() {
        return WIDTH - left - RIGHT;
    }

    private double acrossAt(double value) {
        return left + plotWidth() * x.share(value);
    }

    private double upAt(double value) {
        return top + height * (1 - y.share(value));
    }

    private double low(double value) {
        return Double.isNaN(value) ? y.min() : value;
    }

    private double high(double value) {
        return Double.isNaN(value) ? y.max() : value;
    }

    private String point(double atX, double atY) {
        return Svg.at(acrossAt(atX)) + "," + Svg.at(upAt(atY));
    }

    private void drawAxes(Html svg, List<Axis.Tick> across, List<Axis.Tick> upwards) {
        double right = left + plotWidth();
        StringBuilder grid = new StringBuilder();
        for (Axis.Tick tick : upwards) {
            grid.append('M').append(Svg.at(left)).append(',').append(Svg.at(upAt(tick.value()))).append('H')
                    .append(Svg.at(right));
        }
        svg.empty("path", "class", "grid", "d", grid.toString());
        int most = (int) (MOST_LEFT / Svg.length("x"));
        for (Axis.Tick tick : upwards) {
            Svg.text(svg, left - TICK, upAt(tick.value()) + TICK, "soft end", Excerpt.within(tick.text(), most));
        }
        StringBuilder axis = new StringBuilder("M" + Svg.at(left) + "," + Svg.at(top) + "v" + height + "H" + Svg.at(right));
        double free = Double.NEGATIVE_INFINITY;
        for (Axis.Tick tick : across) {
            double atX = acrossAt(tick.value());
            axis.append('M').append(Svg.at(atX)).append(',').append(Svg.at(top + height)).append('v').append(TICK);
            double half = Svg.length(tick.text()) / 2;
            if (atX - half > free) {
                Svg.text(svg, Math.min(atX, WIDTH - half), top + height + LINE, "soft mid", tick.text());
                free = atX + half + TICK;
            }
        }
        svg.empty("path", "class", "axis", "fill", "none", "d", axis.toString());
    }

    private void drawBand(Html svg, Band band) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < band.x.length; i++) {
            path.append(i == 0 ? 'M' : 'L').append(point(band.x[i], band.high[i]));
        }
        for (int i = band.x.length - 1; i >= 0; i--) {
            path.append('L').append(point(band.x[i], band.low[i]));
        }
        svg.open("g", "class", Svg.colour(band.look)).empty("path", "class", "band", "d", path + "z").close("g");
    }

    /** One path for all of them, each once: a line of no length has a round end. */
    private void drawDots(Html svg, Dots all) {
        StringBuilder path = new StringBuilder();
        IntStream.range(0, all.x.length).mapToObj(i -> "M" + point(all.x[i], all.y[i]) + "h0").distinct().forEach(path::append);
        svg.open("g", "class", "c0").empty("path", "class", "dots", "d", path.toString()).close("g");
    }

    private void drawLine(Html svg, Line line) {
        int[] all = IntStream.range(0, line.x.length).toArray();
        svg.open("g", "class", "series " + Svg.colour(line.look));
        if (line.isNamed) {
            svg.add("title", line.name).empty("path", "class", "wide", "d", path(line, thinned(all, MOST_WIDE_POINTS)));
        }
        svg.empty("path", Svg.line(line.look, path(line, all)));
        if (!line.isNamed && line.x.length <= MOST_MARKERS) {
            for (int i = 0; i < line.x.length; i++) {
                drawMarker(svg, line.look, acrossAt(line.x[i]), upAt(line.y[i]));
            }
        }
        svg.close("g");
    }

    private String path(Line line, int[] points) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.length; i++) {
            path.append(i == 0 ? 'M' : i == 1 ? 'L' : ' ').append(point(line.x[points[i]], line.y[points[i]]));
        }
        return path.toString();
    }

    /** A circle, a square, a triangle or a diamond: lines stay apart without any colour. */
    private static void drawMarker(Html svg, int look, double atX, double atY) {
        String start = "M" + Svg.at(atX);
        switch (look % 4) {
            case 0 -> svg.empty("circle", "class", "mark", "cx", Svg.at(atX), "cy", Svg.at(atY), "r", Svg.at(MARK));
            case 1 -> svg.empty("path", "class", "mark", "d", "M" + Svg.at(atX - MARK) + "," + Svg.at(atY - MARK) + "h6v6h-6z");
            case 2 -> svg.empty("path", "class", "mark", "d", start + "," + Svg.at(atY - MARK - 1) + "l3.8,7h-7.6z");
            default -> svg.empty("path", "class", "mark", "d", start + "," + Svg.at(atY - MARK - 1) + "l4,4 -4,4 -4,-4z");
        }
    }

    private static void drawRing(Html svg, int look, double atX, double atY) {
        svg.open("g", "class", Svg.colour(look)).empty("circle", "class", "best", "cx", Svg.at(atX), "cy", Svg.at(atY), "r",
                Svg.at(RING)).close("g");
    }

    private void drawMarks(Html svg) {
        for (Mark mark : marks) {
            svg.open("g", "class", Svg.colour(mark.look)).add("title", mark.title);
            drawMarker(svg, mark.look, acrossAt(mark.x), upAt(mark.y));
            svg.close("g");
        }
    }

    /** Where the pointer is, an upright line, and the values there of all lines. */
    private void drawPlaces(Html svg) {
        List<Double> all = List.copyOf(places.keySet());
        int[] shown = thinned(IntStream.range(0, all.size()).toArray(), MOST_PLACES);
        for (int i = 0; i < shown.length; i++) {
            double atX = acrossAt(all.get(shown[i]));
            double from = i == 0 ? left : (acrossAt(all.get(shown[i - 1])) + atX) / 2;
            double to = i == shown.length - 1 ? left + plotWidth() : (acrossAt(all.get(shown[i + 1])) + atX) / 2;
            svg.open("g", "class", "at").add("title", places.get(all.get(shown[i])).toString());
            svg.empty("rect", "x", Svg.at(from), "y", Svg.at(top), "width", Svg.at(to - from), "height",
                    Integer.toString(height));
            svg.empty("path", "d", "M" + Svg.at(atX) + "," + Svg.at(top) + "v" + height).close("g");
        }
    }

    private record Item(String name, int look, char kind) {}

    /** @return where what comes below begins */
    private double drawLegend(Html svg, double from) {
        List<Item> items = new ArrayList<>();
        lines.forEach(line -> items.add(new Item(line.name, line.look, 'l')));
        markNames.forEach((name, look) -> items.add(new Item(name, look, 'm')));
        if (!rings.isEmpty()) {
            items.add(new Item("best", 6, 'o'));
        }
        helps.forEach(help -> items.add(new Item(help.name, 0, 'h')));
        double at = from;
        double across = 0;
        for (Item item : items) {
            double length = SAMPLE + TICK + Svg.length(item.name);
            if (across > 0 && across + length > WIDTH) {
                across = 0;
                at += LINE;
            }
            drawSample(svg, item, across, at - TICK);
            String name = Excerpt.within(item.name, (int) ((WIDTH - SAMPLE - TICK) / Svg.length("x")));
            Svg.text(svg, across + SAMPLE + TICK, at, "", name);
            across += length + GAP;
        }
        return items.isEmpty() ? from : at + LINE;
    }

    private static void drawSample(Html svg, Item item, double across, double up) {
        String path = "M" + Svg.at(across) + "," + Svg.at(up) + "h" + SAMPLE;
        double middle = across + SAMPLE / 2.0;
        svg.open("g", "class", Svg.colour(item.look));
        switch (item.kind) {
            case 'h' -> svg.empty("path", "class", "help", "d", path);
            case 'o' -> drawRing(svg, item.look, middle, up);
            case 'm' -> drawMarker(svg, item.look, middle, up);
            default -> svg.empty("path", Svg.line(item.look, path));
        }
        svg.close("g");
    }

    private String words() {
        StringBuilder words = new StringBuilder(title).append(':');
        String separator = " ";
        for (Line line : lines) {
            double[] values = line.y;
            words.append(separator).append(line.name).append(values.length == 1 ? " " : " from ").append(Labels.number(values[0]))
                    .append(values.length == 1 ? "" : " to " + Labels.number(values[values.length - 1]));
            separator = "; ";
        }
        for (Help help : helps) {
            words.append(separator).append(help.name);
            separator = "; ";
        }
        return words.toString();
    }
}
