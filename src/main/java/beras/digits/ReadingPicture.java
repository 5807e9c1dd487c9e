package beras.digits;

import beras.data.drawing.Png;
import beras.data.image.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * Draws on a picture what was read: around each digit a blue box with the digit and its confidence, orange and dashed if it is
 * below a bound; around what was taken for no digit a thin grey one. The colours are told apart by people who do not tell red
 * from green.
 */
public final class ReadingPicture {

    private static final Color SURE = new Color(0, 90, 181);
    private static final Color UNSURE = new Color(200, 80, 0);
    private static final Color OTHER = new Color(130, 130, 130);
    private static final Color LABEL = new Color(255, 255, 255, 200);
    private static final int MIN_SIDE = 800;
    private static final int MARGIN = 24;

    /**
     * A PNG file; a small picture is magnified by a whole number.
     *
     * @param least digits of less confidence are marked as unsure
     */
    public static byte[] png(Picture picture, Reading reading, double least) {
        System.setProperty("java.awt.headless", "true"); // no window system is needed, so none is looked for
        int zoom = Math.max(1, MIN_SIDE / Math.max(picture.width(), picture.height()));
        BufferedImage image = new BufferedImage(picture.width() * zoom + 2 * MARGIN, picture.height() * zoom + 2 * MARGIN,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            for (int y = 0; y < picture.height() * zoom; y++) {
                for (int x = 0; x < picture.width() * zoom; x++) {
                    image.setRGB(MARGIN + x, MARGIN + y, 0x10101 * picture.grey(x / zoom, y / zoom));
                }
            }
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            double scale = (double) zoom / picture.reduction();
            for (Reading.Digit other : reading.others()) {
                draw(graphics, other, scale, OTHER, dashed(1), null);
            }
            for (Reading.Digit digit : reading.digits()) {
                boolean sure = digit.confidence() >= least;
                String confidence = String.format(Locale.ROOT, "%.2f", Math.floor(100 * digit.confidence()) / 100); // 0.999 is not 1
                draw(graphics, digit, scale, sure ? SURE : UNSURE, sure ? new BasicStroke(1.5f) : dashed(2), confidence);
            }
        } finally {
            graphics.dispose();
        }
        return Png.of(image);
    }

    private static BasicStroke dashed(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0);
    }

    /**
     * @param confidence written with the digit; null: neither is
     */
    private static void draw(Graphics2D graphics, Reading.Digit digit, double scale, Color colour, BasicStroke stroke, String confidence) {
        int left = MARGIN + (int) (digit.box().left() * scale) - 2;
        int top = MARGIN + (int) (digit.box().top() * scale) - 2;
        int width = (int) (digit.box().width() * scale) + 3;
        int height = (int) (digit.box().height() * scale) + 3;
        graphics.setColor(colour);
        graphics.setStroke(stroke);
        graphics.drawRect(left, top, width, height);
        if (confidence == null) {
            return;
        }
        int size = Math.max(12, Math.min(40, height / 3));
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
        String value = Integer.toString(digit.value());
        int wide = graphics.getFontMetrics().stringWidth(value);
        graphics.setFont(graphics.getFont().deriveFont(Font.PLAIN, Math.max(9f, size / 2f)));
        int small = graphics.getFontMetrics().stringWidth(confidence);
        graphics.setColor(LABEL);
        graphics.fillRect(left, top - size, wide + small + 4, size);
        graphics.setColor(colour);
        graphics.drawString(confidence, left + wide + 3, top - 2);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
        graphics.drawString(value, left + 1, top - 2);
    }

    private ReadingPicture() {}
}
