package beras.cli;

import beras.data.Images;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** The assignment's picture: the first ten images that were recognised, and under them the first ten that were not. */
final class DigitPicture {

    private static final int PER_ROW = 10;
    private static final int CELL_WIDTH = 140;
    private static final int SIDE = 112;
    private static final int TITLE_HEIGHT = 28;
    private static final int ROW_HEIGHT = TITLE_HEIGHT + SIDE + 28;
    private static final int MARGIN = 14;

    /**
     * Draws; rows with fewer than ten images stay shorter.
     *
     * @param predicted the predicted class of each image
     * @return a PNG file
     */
    static byte[] png(Images images, int[] predicted) throws IOException {
        System.setProperty("java.awt.headless", "true"); // no window system is needed, so none is looked for
        int width = PER_ROW * CELL_WIDTH + 2 * MARGIN;
        BufferedImage picture = new BufferedImage(width, 2 * ROW_HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
            graphics.setColor(Color.BLACK);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            row(graphics, 0, "Right", images, predicted, first(images, predicted, true));
            row(graphics, ROW_HEIGHT, "Wrong", images, predicted, first(images, predicted, false));
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.setUseCache(false);
        ImageIO.write(picture, "png", png);
        return png.toByteArray();
    }

    private static int[] first(Images images, int[] predicted, boolean right) {
        return IntStream.range(0, predicted.length).filter(i -> (images.label(i) == predicted[i]) == right).limit(PER_ROW)
                .toArray();
    }

    private static void row(Graphics2D graphics, int top, String title, Images images, int[] predicted, int[] chosen) {
        graphics.drawString(title, MARGIN, top + 20);
        for (int column = 0; column < chosen.length; column++) {
            int i = chosen[column];
            int left = MARGIN + column * CELL_WIDTH;
            graphics.drawImage(inked(images, i), left + (CELL_WIDTH - SIDE) / 2, top + TITLE_HEIGHT, SIDE, SIDE, null);
            String caption = "true " + images.label(i) + ", predicted " + predicted[i];
            int width = graphics.getFontMetrics().stringWidth(caption);
            graphics.drawString(caption, left + (CELL_WIDTH - width) / 2, top + TITLE_HEIGHT + SIDE + 18);
        }
    }

    /** An image as ink on light paper, so that its edges show on white. */
    private static BufferedImage inked(Images images, int i) {
        byte[] pixels = images.pixels(i);
        BufferedImage image = new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int at = 0; at < pixels.length; at++) {
            image.getRaster().setSample(at % images.width(), at / images.width(), 0, 240 - 240 * (pixels[at] & 0xff) / 255);
        }
        return image;
    }

    private DigitPicture() {}
}
