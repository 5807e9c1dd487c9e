package beras.data.image;

import beras.data.drawing.Png;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Small pictures in rows, in sections one below the other, each with a title. */
final class TileSheet {

    static final int MARGIN = 14;
    /** Of the title of a section, above its tiles. */
    static final int HEADER = 48;
    static final int GAP = 8;
    static final int CAPTION = 16;

    /** Of a further line of a title. */
    static final int LINE = 17;

    private static final int MOST_WIDTH = 1000;
    private static final int LEAST_WIDTH = 500;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final int WHITE = 255;

    /** A small picture and what stands below it, of which each line is cut to the width of a tile. */
    record Tile(String caption, BufferedImage picture) {}

    /**
     * @param perRow tiles in a row
     * @param apart  from the left of a tile to that of the next
     * @param lines  of a caption
     * @param width  of a tile on the sheet, in pixels
     */
    private record Section(String title, List<Tile> tiles, int perRow, int apart, int lines,
            int width, int height) {

        int rows() {
            return (tiles.size() + perRow - 1) / perRow;
        }

        int sheetWidth() {
            return Math.min(perRow, tiles.size()) * apart - GAP;
        }

        int tileHeight() {
            return height + lines * CAPTION + GAP;
        }

        int sheetHeight(int titleLines) {
            return HEADER + (titleLines - 1) * LINE + rows() * tileHeight();
        }
    }

    static {
        System.setProperty("java.awt.headless", "true"); // no window system is needed, so none is looked for
    }

    private final List<Section> sections = new ArrayList<>();

    /**
     * Adds a section.
     *
     * @param side  of a tile: what is smaller is magnified by a whole number, what is larger shrinks to it
     * @param tiles one at least, all of one size
     */
    void add(String title, int side, List<Tile> tiles) {
        BufferedImage first = tiles.get(0).picture();
        int longest = Math.max(first.getWidth(), first.getHeight());
        double zoom = longest <= side ? side / longest : (double) side / longest;
        int width = Math.max(1, (int) (first.getWidth() * zoom));
        int height = Math.max(1, (int) (first.getHeight() * zoom));
        int apart = Math.max(width, side) + GAP;
        int perRow = Math.max(1, (MOST_WIDTH + GAP) / apart);
        int lines = tiles.stream().mapToInt(tile -> tile.caption.split("\n").length).max().getAsInt();
        sections.add(new Section(title, tiles, perRow, apart, lines, width, height));
    }

    /** The sheet as a PNG file. */
    byte[] png() {
        int width = LEAST_WIDTH;
        for (Section section : sections) {
            width = Math.max(width, section.sheetWidth());
        }
        FontMetrics metrics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().getFontMetrics(TITLE);
        List<List<String>> titles = new ArrayList<>();
        int height = MARGIN;
        for (Section section : sections) {
            titles.add(lines(section.title, metrics, width));
            height += section.sheetHeight(titles.get(titles.size() - 1).size());
        }
        BufferedImage sheet = new BufferedImage(width + 2 * MARGIN, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, sheet.getWidth(), height);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            int top = 0;
            for (int i = 0; i < sections.size(); i++) {
                draw(graphics, sections.get(i), titles.get(i), top);
                top += sections.get(i).sheetHeight(titles.get(i).size());
            }
        } finally {
            graphics.dispose();
        }
        return Png.of(sheet);
    }

    /** A text in lines that are not wider, if its words are not. */
    private static List<String> lines(String text, FontMetrics metrics, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && metrics.stringWidth(line + " " + word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static void draw(Graphics2D graphics, Section section, List<String> title, int from) {
        int top = from + (title.size() - 1) * LINE;
        graphics.setColor(Color.BLACK);
        graphics.setFont(TITLE);
        for (int i = 0; i < title.size(); i++) {
            graphics.drawString(title.get(i), MARGIN, from + 21 + i * LINE);
        }
        graphics.setFont(graphics.getFont().deriveFont(11f));
        boolean shrinks = section.width < section.tiles.get(0).picture().getWidth();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, shrinks ? RenderingHints.VALUE_INTERPOLATION_BILINEAR
                : RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        for (int i = 0; i < section.tiles.size(); i++) {
            Tile tile = section.tiles.get(i);
            int left = MARGIN + i % section.perRow * section.apart;
            int above = top + HEADER + i / section.perRow * section.tileHeight();
            graphics.drawImage(tile.picture(), left, above, section.width, section.height, null);
            graphics.setColor(Color.GRAY); // the edge of what may be white
            graphics.drawRect(left - 1, above - 1, section.width + 1, section.height + 1);
            graphics.setColor(Color.BLACK);
            String[] caption = tile.caption().split("\n");
            for (int line = 0; line < caption.length; line++) {
                graphics.drawString(cut(caption[line], graphics.getFontMetrics(), section.apart - GAP), left,
                        above + section.height + (line + 1) * CAPTION - 3);
            }
        }
    }

    /** As much of a text as there is place for. */
    private static String cut(String text, FontMetrics metrics, int width) {
        String fitting = text;
        for (int most = text.length() - 1; most > 0 && metrics.stringWidth(fitting) > width; most--) {
            fitting = text.substring(0, most) + "\u2026";
        }
        return fitting;
    }

    /**
     * An image as it is seen: three channels are red, green and blue, of others the mean is grey. Numbers from 0 to 1 are taken
     * for shares of the brightest, others are stretched to that.
     *
     * @param pixels {@code height * width * channels}, the channels of a pixel side by side
     */
    static BufferedImage seen(float[] pixels, int height, int width, int channels) {
        float low = 0;
        float high = 1;
        for (float pixel : pixels) {
            low = Math.min(low, pixel);
            high = Math.max(high, pixel);
        }
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < height * width; i++) {
            float sum = 0;
            int rgb = 0;
            for (int c = 0; c < channels; c++) {
                float share = (pixels[i * channels + c] - low) / (high - low);
                sum += share;
                rgb = rgb << 8 | Math.round(WHITE * share);
            }
            int grey = Math.round(WHITE * sum / channels);
            picture.setRGB(i % width, i / width, channels == 3 ? rgb : grey << 16 | grey << 8 | grey);
        }
        return picture;
    }
}
