package beras.report;

import beras.data.drawing.Png;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How all plots look. The colours are those of Okabe and Ito (2008), which people tell apart who do not see all colours, but for
 * their yellow, which paper swallows; lines differ in their dashes, too, so that they stay apart without any colour.
 */
public final class ChartStyle {

    static {
        System.setProperty("java.awt.headless", "true"); // before the first colour: no window system is needed
    }

    /** Blue, vermillion, bluish green, reddish purple, orange, sky blue, black. */
    static final Color[] COLOURS = {new Color(0, 114, 178), new Color(213, 94, 0), new Color(0, 158, 115),
        new Color(204, 121, 167), new Color(230, 159, 0), new Color(86, 180, 233), Color.BLACK};

    /** Four: with the seven colours that makes 28 lines of which no two look the same. */
    private static final BasicStroke[] LINES = {stroke(), stroke(8, 4), stroke(2, 4), stroke(10, 4, 2, 4)};
    private static final Marker[] MARKERS = {SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_DOWN};

    /** Of lines that only help to read others. */
    static final Color HELP = Color.GRAY;
    static final BasicStroke HELP_LINE =
            new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {5, 5}, 0);

    /** The height of a line of a legend below a plot. */
    static final int LEGEND_LINE = 19;

    private static final Color GRID = new Color(225, 225, 225);
    private static final Color TEXT = new Color(40, 40, 40);
    private static final int TITLE_SIZE = 15;
    private static final int TEXT_SIZE = 12;
    private static final int MARKER_SIZE = 6;
    private static final float LINE_WIDTH = 2;
    /** Pixels for each unit of a chart's size: plots stay sharp on paper and on fine screens. */
    private static final int SCALE = 2;

    private static BasicStroke stroke(float... dashes) {
        float[] dashing = dashes.length == 0 ? null : dashes;
        return new BasicStroke(LINE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashing, 0);
    }

    /** Gives a chart the common look; to be called before series are added. */
    public static void apply(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setChartFontColor(TEXT).setChartTitleFont(font(Font.BOLD, TITLE_SIZE))
                .setLegendPosition(LegendPosition.OutsideS).setLegendBorderColor(Color.WHITE)
                .setLegendFont(font(Font.PLAIN, TEXT_SIZE))
                .setPlotBorderVisible(false).setSeriesColors(COLOURS).setMarkerSize(MARKER_SIZE);
        styler.setLegendSeriesLineLength(40);
        styler.setAxisTitleFont(font(Font.PLAIN, TEXT_SIZE + 1)).setAxisTickLabelsFont(font(Font.PLAIN, TEXT_SIZE))
                .setPlotGridLinesColor(GRID).setAxisTickLabelsColor(TEXT);
        styler.setLocale(Locale.ROOT); // numbers as in the text beside, whatever the language of the machine
    }

    /** Gives a line the look of its number: the chart itself would change dashes only after all colours. */
    public static XYSeries line(XYSeries series, int number) {
        series.setLineColor(COLOURS[number % COLOURS.length]).setLineStyle(LINES[number % LINES.length]);
        series.setMarkerColor(COLOURS[number % COLOURS.length]).setMarker(MARKERS[number % MARKERS.length]);
        return series;
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** A chart as a PNG file. */
    public static byte[] png(Chart<?, ?> chart) {
        BufferedImage picture = new BufferedImage(SCALE * chart.getWidth(), SCALE * chart.getHeight(),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.scale(SCALE, SCALE);
            chart.paint(graphics, chart.getWidth(), chart.getHeight());
        } finally {
            graphics.dispose();
        }
        return Png.of(picture);
    }

    private ChartStyle() {}
}
