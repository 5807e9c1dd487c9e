package beras.report;

import beras.files.Excerpt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A chart as data, two axes and series of points between them, which {@link #draw} makes an SVG of. */
final class Chart {

    /** The maximum of points drawn; longer series are sampled at equal distances, with the first and the last point. */
    static final int MOST_POINTS = 400;

    private static final int WIDTH = 400;
    private static final int PLOT_HEIGHT = 200;
    private static final int SQUARE = 300;
    private static final int LINE = 17;
    private static final int RIGHT = 12;
    private static final int MOST_LEFT = 150;
    private static final int TICK = 4;
    private static final int SAMPLE = 24;
    private static final int GAP = 14;
    private static final double TITLE_SHARE = 1.15;
    /** More markers run into each other. */
    private static final int MOST_MARKERS = 30;
    /** Values are shown at so many places along an axis. */
    private static final int MOST_PLACES = 150;
    private static final double MARK = 3;
    private static final double RING = 5.5;
    /** In lower cells there is no room for numbers. */
    private static final double LEAST_CELL = 14;

    /** How a series is drawn, in order from the lowest. */
    enum Mark {
        /** A dashed line that changes neither axis; NaN is the foot or the top. */
        HELP,
        /** Many translucent dots. */
        DOTS,
        /** A line whose values are shown where the pointer is along the horizontal axis. */
        LINE,
        /** A ring around a point, which changes neither axis. */
        RING,
        /** Dots with a text where the pointer is on them. */
        POINT,
        /** A cell of a matrix; the name is in it, the look is its shade, less than 0 of what is wrong. */
        CELL
    }

    /**
     * Points that are drawn alike.
     *
     * @param name  in the legend; empty: it has no place there
     * @param look  decides colour, dashes and marker
     * @param words the tooltip, by the number of the point; for a line the text after the value
     */
    record Series(Mark mark, String name, int look, double[] x, double[] y, IntFunction<String> words) {

        Series(Mark mark, String name, int look, double[] x, double[] y) {
            this(mark, name, look, x, y, point -> "");
        }
    }

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Series> all = new ArrayList<>();
    private int height;

    private double left;
    private double top;

    Chart(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
        this.height = y.height(PLOT_HEIGHT);
    }

    /** As high as it is wide. */
    Chart square() {
        height = SQUARE;
        return this;
    }

    Chart add(Series series) {
        if (series.mark != Mark.HELP && series.mark != Mark.RING) {
            for (int i = 0; i < series.x.length; i++) {
                x.include(series.x[i]);
                y.include(series.y[i]);
            }
        }
        all.add(series);
        return this;
    }

    /** Adds a line through the points whose numbers are finite; none if there is no such point. */
    Chart line(String name, int look, double[] xs, double[] ys, IntFunction<String> more) {
        int[] shown = thinned(IntStream.range(0, ys.length).filter(i -> Double.isFinite(xs[i]) && Double.isFinite(ys[i])).toArray(),
                MOST_POINTS);
        return shown.length == 0 ? this : add(new Series(Mark.LINE, name, look, pick(xs, shown), pick(ys, shown), i -> more.apply(shown[i])));
    }

    /** As {@link #line(String, int, double[], double[], IntFunction)}, with the values alone at the pointer. */
    Chart line(String name, int look, double[] xs, double[] ys) {
        return line(name, look, xs, ys, point -> "");
    }

    /** Adds a dashed line between two points. */
    Chart help(String name, double fromX, double fromY, double toX, double toY) {
        return add(new Series(Mark.HELP, name, 0, new double[] {fromX, toX}, new double[] {fromY, toY}));
    }

    /** Adds a point with a text. */
    Chart point(Mark mark, String name, int look, double atX, double atY, String words) {
        return add(new Series(mark, name, look, new double[] {atX}, new double[] {atY}, point -> words));
    }

    /** Whether there is nothing besides lines that help to read others. */
    boolean isEmpty() {
        return all.stream().allMatch(series -> series.mark == Mark.HELP);
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
     * @param words the description of its contents; if empty, the title and the range of each line
     */
    Svg draw(String words) {
        x.fit();
        y.fit();
        Html svg = new Html();
        List<Axis.Tick> upwards = y.ticks(height / 40);
        double longest = upwards.stream().mapToDouble(tick -> Svg.length(tick.text())).max().orElse(0);
        left = Math.min(MOST_LEFT, longest) + 2 * TICK;
        double at = LINE;
        for (String line : Svg.wrapped(title, WIDTH / TITLE_SHARE)) {
            Svg.text(svg, 0, at, "title", line);
            at += LINE;
        }
        if (!y.label.isEmpty()) {
            Svg.text(svg, 0, at, "soft", y.label);
            at += LINE;
        }
        top = at - LINE / 2.0;
        drawAxes(svg, x.ticks(6), upwards);
        svg.open("g");
        all.stream().sorted(Comparator.comparing(Series::mark)).forEach(series -> draw(svg, series));
        drawPlaces(svg);
        svg.close("g");
        at = top + height + 2 * LINE;
        Svg.text(svg, left + plotWidth() / 2, at, "soft mid", x.label);
        at = drawLegend(svg, at + LINE);
        return new Svg(WIDTH, (int) Math.ceil(at - LINE / 2.0), words.isEmpty() ? words() : words, svg.toString());
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

    private void drawAxes(Html svg, List<Axis.Tick> across, List<Axis.Tick> upwards) {
        double right = left + plotWidth();
        StringBuilder grid = new StringBuilder();
        int most = (int) (MOST_LEFT / Svg.length("x"));
        double above = Double.POSITIVE_INFINITY;
        for (Axis.Tick tick : upwards) {
            grid.append('M').append(Svg.at(left)).append(',').append(Svg.at(upAt(tick.value()))).append('H').append(Svg.at(right));
        }
        if (all.stream().noneMatch(series -> series.mark == Mark.CELL)) {
            svg.empty("path", "class", "grid", "d", grid.toString());
        }
        for (Axis.Tick tick : upwards) {
            if (Math.abs(above - upAt(tick.value())) >= LEAST_CELL) {
                above = upAt(tick.value());
                Svg.text(svg, left - TICK, above + TICK, "soft end", Excerpt.within(tick.text(), most));
            }
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

    private void draw(Html svg, Series series) {
        int[] points = IntStream.range(0, series.x.length).toArray();
        svg.open("g", "class", switch (series.mark) {
            case LINE -> "series " + Svg.colour(series.look);
            case HELP, CELL -> "";
            default -> Svg.colour(series.look);
        });
        switch (series.mark) {
            case HELP -> svg.empty("path", "class", "help", "d", path(series, points));
            case DOTS -> { // one path for all of them, each once: a line of no length has a round end
                StringBuilder path = new StringBuilder();
                IntStream.of(points).mapToObj(i -> "M" + point(series, i) + "h0").distinct().forEach(path::append);
                svg.empty("path", "class", "dots", "d", path.toString());
            }
            case LINE -> svg.empty("path", Svg.line(series.look, path(series, points)));
            case CELL -> drawCell(svg, series);
            default -> { }
        }
        boolean isPoint = series.mark == Mark.POINT;
        if (isPoint || series.mark == Mark.RING || series.mark == Mark.LINE && points.length <= MOST_MARKERS) {
            for (int i : points) {
                if (isPoint) {
                    svg.open("g").add("title", series.words.apply(i));
                }
                drawMarker(svg, series.mark, series.look, acrossAt(series.x[i]), upAt(series.y[i]));
                if (isPoint) {
                    svg.close("g");
                }
            }
        }
        svg.close("g");
    }

    private String point(Series series, int i) {
        double value = Double.isNaN(series.y[i]) ? i == 0 ? y.min : y.max : series.y[i];
        return Svg.at(acrossAt(series.x[i])) + "," + Svg.at(upAt(value));
    }

    private String path(Series series, int[] points) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.length; i++) {
            path.append(i == 0 ? 'M' : i == 1 ? 'L' : ' ').append(point(series, points[i]));
        }
        return path.toString();
    }

    /** A ring; or a circle, a square, a triangle or a diamond: lines stay apart without any colour. */
    private static void drawMarker(Html svg, Mark mark, int look, double atX, double atY) {
        String start = "M" + Svg.at(atX);
        switch (mark == Mark.RING ? -1 : look % 4) {
            case -1 -> svg.empty("circle", "class", "best", "cx", Svg.at(atX), "cy", Svg.at(atY), "r", Svg.at(RING));
            case 0 -> svg.empty("circle", "class", "mark", "cx", Svg.at(atX), "cy", Svg.at(atY), "r", Svg.at(MARK));
            case 1 -> svg.empty("path", "class", "mark", "d", "M" + Svg.at(atX - MARK) + "," + Svg.at(atY - MARK) + "h6v6h-6z");
            case 2 -> svg.empty("path", "class", "mark", "d", start + "," + Svg.at(atY - MARK - 1) + "l3.8,7h-7.6z");
            default -> svg.empty("path", "class", "mark", "d", start + "," + Svg.at(atY - MARK - 1) + "l4,4 -4,4 -4,-4z");
        }
    }

    /** A count of zero is a dot, and nothing without room for numbers. */
    private void drawCell(Html svg, Series cell) {
        double wide = Math.abs(acrossAt(1) - acrossAt(0));
        double high = Math.abs(upAt(1) - upAt(0));
        double across = acrossAt(cell.x[0]);
        double up = upAt(cell.y[0]);
        svg.add("title", cell.words.apply(0)).empty("rect", "class", (cell.look < 0 ? "wrong h" : "right h") + Math.abs(cell.look), "x",
                Svg.at(across - wide / 2), "y", Svg.at(up - high / 2), "width", Svg.at(wide), "height", Svg.at(high));
        if (high >= LEAST_CELL && !cell.name.isEmpty()) {
            svg.add("text", cell.name, "class", cell.look == 0 ? "soft mid" : "mid", "font-size",
                    Svg.at(Math.min(12, 12 * wide / (Svg.length(cell.name) + 2))), "x", Svg.at(across), "y", Svg.at(up + TICK));
        }
    }

    /** Where the pointer is, an upright line, and the values there of all lines. */
    private void drawPlaces(Html svg) {
        Map<Double, Map<String, String>> places = new TreeMap<>(); // by line, at an upright step the last of its points
        all.stream().filter(series -> series.mark == Mark.LINE).forEach(line -> IntStream.range(0, line.x.length)
                .forEach(i -> places.computeIfAbsent(line.x[i], value -> new LinkedHashMap<>())
                        .put(line.name, " " + Labels.number(line.y[i]) + line.words.apply(i))));
        List<Double> values = List.copyOf(places.keySet());
        int[] shown = thinned(IntStream.range(0, values.size()).toArray(), MOST_PLACES);
        for (int i = 0; i < shown.length; i++) {
            double atX = acrossAt(values.get(shown[i]));
            double from = i == 0 ? left : (acrossAt(values.get(shown[i - 1])) + atX) / 2;
            double to = i == shown.length - 1 ? left + plotWidth() : (acrossAt(values.get(shown[i + 1])) + atX) / 2;
            StringBuilder words = new StringBuilder(x.label + " " + Labels.number(values.get(shown[i])));
            places.get(values.get(shown[i])).forEach((name, value) -> words.append('\n').append(name).append(value));
            svg.open("g", "class", "at").add("title", words.toString());
            svg.empty("rect", "x", Svg.at(from), "y", Svg.at(top), "width", Svg.at(to - from), "height", Integer.toString(height));
            svg.empty("path", "d", "M" + Svg.at(atX) + "," + Svg.at(top) + "v" + height).close("g");
        }
    }

    /** @return the position where the content below begins */
    private double drawLegend(Html svg, double from) {
        double at = from;
        double across = 0;
        boolean any = false;
        for (Mark mark : new Mark[] {Mark.LINE, Mark.POINT, Mark.RING, Mark.HELP}) {
            for (Series series : all.stream().filter(each -> each.mark == mark && !each.name.isEmpty()).toList()) {
                double length = SAMPLE + TICK + Svg.length(series.name);
                if (across > 0 && across + length > WIDTH) {
                    across = 0;
                    at += LINE;
                }
                String path = "M" + Svg.at(across) + "," + Svg.at(at - TICK) + "h" + SAMPLE;
                svg.open("g", "class", Svg.colour(series.look));
                switch (mark) {
                    case HELP -> svg.empty("path", "class", "help", "d", path);
                    case LINE -> svg.empty("path", Svg.line(series.look, path));
                    default -> drawMarker(svg, mark, series.look, across + SAMPLE / 2.0, at - TICK);
                }
                svg.close("g");
                Svg.text(svg, across + SAMPLE + TICK, at, "", Excerpt.within(series.name, (int) ((WIDTH - SAMPLE - TICK) / Svg.length("x"))));
                across += length + GAP;
                any = true;
            }
        }
        return any ? at + LINE : from;
    }

    private String words() {
        List<String> parts = new ArrayList<>();
        for (Series series : all) {
            if (series.mark == Mark.LINE) {
                int last = series.y.length - 1;
                parts.add(series.name + (last == 0 ? " " + Labels.number(series.y[0])
                        : " from " + Labels.number(series.y[0]) + " to " + Labels.number(series.y[last])));
            }
        }
        all.stream().filter(series -> series.mark == Mark.HELP).forEach(help -> parts.add(help.name));
        return title + ": " + String.join("; ", parts);
    }
}
