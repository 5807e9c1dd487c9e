package beras.digits;

import beras.data.drawing.Png;
import beras.data.image.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws on a picture, whose colours are made lighter, what was read: around each digit a box, and beside it the digit and its
 * confidence below each other, where they cover no others. Boxes are blue from a confidence of 0.9 on, else orange, and below 0.5
 * purple; dashed below a given bound; around what was taken for no digit thin and grey. People with red-green
 * blindness distinguish the colours.
 */
public final class ReadingPicture {

    private static final Color SURE = new Color(0, 90, 181);
    private static final Color UNSURE = new Color(200, 80, 0);
    private static final Color DOUBTFUL = new Color(150, 0, 120);
    private static final Color OTHER = new Color(130, 130, 130);
    private static final Color LABEL = new Color(255, 255, 255, 215);
    private static final double MIN_SURE = 0.9;
    private static final double MIN_UNSURE = 0.5;
    /** How much of the darkness of the picture stays. */
    private static final double DARKNESS = 0.6;
    /** Digits are at least about so high, so that labels have room, unless the drawing becomes too large. */
    private static final int MIN_HEIGHT = 44;
    private static final int MAX_ZOOM = 4;
    private static final int MAX_PIXELS = 16_000_000;
    private static final int MARGIN = 40;
    private static final int MIN_FONT = 13;
    private static final int MAX_FONT = 40;

    private final Graphics2D graphics;
    private final double scale;
    private final List<Rectangle> labels = new ArrayList<>();

    private ReadingPicture(Graphics2D graphics, double scale) {
        this.graphics = graphics;
        this.scale = scale;
    }

    /**
     * A PNG file; a picture of small digits is magnified by a whole number.
     *
     * @param least digits of less confidence are dashed
     */
    public static byte[] png(Picture picture, Reading reading, double least) {
        System.setProperty("java.awt.headless", "true"); // no window system is needed, so none is looked for
        int zoom = zoom(picture, reading);
        BufferedImage image = new BufferedImage(picture.width() * zoom + 2 * MARGIN, picture.height() * zoom + 2 * MARGIN,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            for (int y = 0; y < picture.height() * zoom; y++) {
                for (int x = 0; x < picture.width() * zoom; x++) {
                    image.setRGB(MARGIN + x, MARGIN + y, light(picture, x / zoom, y / zoom));
                }
            }
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            ReadingPicture drawing = new ReadingPicture(graphics, (double) zoom / picture.reduction());
            for (Reading.Digit other : reading.others()) {
                drawing.box(other, OTHER, dashed(1));
            }
            for (Reading.Digit digit : reading.digits()) {
                drawing.box(digit, colour(digit), digit.confidence() >= least ? new BasicStroke(1.5f) : dashed(2));
            }
            reading.digits().forEach(drawing::label);
        } finally {
            graphics.dispose();
        }
        return Png.of(image);
    }

    private static int zoom(Picture picture, Reading reading) {
        int[] heights = reading.digits().stream().mapToInt(digit -> digit.box().height() / picture.reduction()).sorted()
                .toArray();
        int typical = heights.length == 0 ? MIN_HEIGHT : Math.max(1, heights[heights.length / 2]);
        int zoom = Math.min(MAX_ZOOM, (MIN_HEIGHT + typical - 1) / typical);
        while (zoom > 1 && (long) zoom * zoom * picture.width() * picture.height() > MAX_PIXELS) {
            zoom--;
        }
        return zoom;
    }

    private static int light(Picture picture, int x, int y) {
        int rgb = 0;
        for (int colour = 0; colour < 3; colour++) {
            rgb = rgb << Byte.SIZE | (int) (255 - DARKNESS * (255 - picture.level(x, y, colour)));
        }
        return rgb;
    }

    private static Color colour(Reading.Digit digit) {
        return digit.confidence() >= MIN_SURE ? SURE : digit.confidence() >= MIN_UNSURE ? UNSURE : DOUBTFUL;
    }

    private static BasicStroke dashed(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0);
    }

    private Rectangle around(Box box) {
        return new Rectangle(MARGIN + (int) (box.left() * scale) - 2, MARGIN + (int) (box.top() * scale) - 2,
                (int) (box.width() * scale) + 3, (int) (box.height() * scale) + 3);
    }

    private void box(Reading.Digit digit, Color colour, BasicStroke stroke) {
        graphics.setColor(colour);
        graphics.setStroke(stroke);
        graphics.draw(around(digit.box()));
    }

    /** The digit above its confidence; both above the box, or below it, or farther away, where no other label is. */
    private void label(Reading.Digit digit) {
        Rectangle box = around(digit.box());
        int size = Math.max(MIN_FONT, Math.min(MAX_FONT, box.height / 3));
        Font large = new Font(Font.SANS_SERIF, Font.BOLD, size);
        Font small = new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(10, size / 2));
        String value = Integer.toString(digit.value());
        String confidence = String.format(Locale.ROOT, "%.2f", Math.floor(100 * digit.confidence()) / 100); // 0.999 is not 1
        FontMetrics largeMetrics = graphics.getFontMetrics(large);
        FontMetrics smallMetrics = graphics.getFontMetrics(small);
        int width = Math.max(largeMetrics.stringWidth(value), smallMetrics.stringWidth(confidence)) + 2;
        int height = largeMetrics.getAscent() + smallMetrics.getAscent() + 1;
        int left = box.x + (box.width - width) / 2;
        Rectangle label = new Rectangle(left, box.y - height - 1, width, height);
        for (int i = 1; labels.stream().anyMatch(label::intersects); i++) {
            int away = i / 2 * (height + 2);
            label.y = i % 2 == 1 ? box.y + box.height + 2 + away : box.y - height - 1 - away;
        }
        labels.add(label);
        graphics.setColor(LABEL);
        graphics.fill(label);
        graphics.setColor(colour(digit));
        graphics.setFont(large);
        graphics.drawString(value, label.x + (width - largeMetrics.stringWidth(value)) / 2,
                label.y + largeMetrics.getAscent() - 1);
        graphics.setFont(small);
        graphics.drawString(confidence, label.x + (width - smallMetrics.stringWidth(confidence)) / 2, label.y + height - 1);
    }
}
