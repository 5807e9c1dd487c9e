package beras.digits;

import beras.data.image.Images;
import beras.data.image.Picture;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/** Makes pages of handwriting from images of digits, by seed. */
final class Pages {

    /** What a page is like. Of all kinds some pages are light on dark, and some have things that are no digits. */
    enum Kind {
        CLEAN,
        /** Lined or squared. */
        RULED,
        /** Light that falls off, and a shadow with a soft or a hard edge. */
        UNEVEN,
        /** Up to five degrees. */
        ROTATED,
        /** Of a camera in the dark, with specks. */
        NOISY,
        /** Lined or squared, the camera not quite straight: one side is nearer by 0.5 to 5 percent. */
        TILTED,
        /** Words between the digits. */
        WORDS,
        /** Squared paper, exactly straight. */
        SQUARED,
        /** In the cells of a table, or in a frame, of dark rules, the camera not quite straight. */
        TABLE,
        /** Beside the shadow of a hand. */
        HAND,
        /** Each in a printed box, side by side or joined. */
        BOXES
    }

    /**
     * A page.
     *
     * @param lines what is written on it
     * @param things how many things are on it that are no digits
     */
    record Page(Picture picture, List<String> lines, int things) {

        int digits() {
            return lines.stream().mapToInt(String::length).sum();
        }
    }

    /** Letters that do not look like digits, as polylines in a square of side 10: x, y, x, y and so on, apart by null. */
    private static final double[][][] LETTERS = {
        {{0, 10, 5, 0, 10, 10}, {2, 6, 8, 6}}, // A
        {{8, 0, 0, 0, 0, 10, 8, 10}, {0, 5, 6, 5}}, // E
        {{8, 0, 0, 0, 0, 10}, {0, 5, 6, 5}}, // F
        {{0, 0, 0, 10}, {8, 0, 8, 10}, {0, 5, 8, 5}}, // H
        {{0, 0, 0, 10}, {8, 0, 0, 6, 8, 10}}, // K
        {{0, 10, 0, 0, 5, 6, 10, 0, 10, 10}}, // M
        {{0, 10, 0, 0, 8, 10, 8, 0}}, // N
        {{0, 10, 0, 0, 7, 1, 7, 4, 0, 5, 8, 10}}, // R
        {{0, 0, 10, 0}, {5, 0, 5, 10}}, // T
        {{0, 0, 1, 9, 4, 10, 7, 9, 8, 0}}, // U
        {{0, 0, 5, 10, 10, 0}}, // V
        {{0, 0, 3, 10, 5, 3, 7, 10, 10, 0}}, // W
        {{0, 0, 9, 10}, {9, 0, 0, 10}}, // X
    };
    private static final int SIDE = 28;

    private final Images digits;
    private final Rng rng;
    private long next;
    private int width;
    private int height;
    private float[] ink;
    private float[] rules;
    private double size; // of digits, in pixels

    private Pages(Images digits, Rng rng) {
        this.digits = digits;
        this.rng = rng;
    }

    /** Page {@code index} of a kind: a function of the digits, the seed and the index alone. */
    static Page page(Images digits, Kind kind, long seed, int index) {
        return new Pages(digits, new Rng(seed, "pages " + kind, index)).make(kind, 0, 0);
    }

    /**
     * The same page, but its upper side farther away, and its left one, by a share of each; below 0 the lower and the right one.
     */
    static Page tilted(Images digits, Kind kind, long seed, int index, double upper, double left) {
        return new Pages(digits, new Rng(seed, "pages " + kind, index)).make(kind, upper, left);
    }

    private double between(double least, double most) {
        return least + (most - least) * rng.uniform(next++);
    }

    private int below(int limit) {
        return (int) (rng.uniform(next++) * limit);
    }

    private boolean chance(double probability) {
        return rng.uniform(next++) < probability;
    }

    // ----------------------------------------------------------------------------------------------------- writing

    private Page make(Kind kind, double upper, double left) {
        size = between(34, 60);
        double pitch = size * between(1.6, 2.2);
        int count = 2 + below(5);
        width = (int) (size * between(12, 20));
        height = (int) (pitch * (count + (kind == Kind.HAND ? 5 : 1.2)));
        ink = new float[width * height];
        rules = new float[width * height];
        int mostThings = chance(0.25) ? 1 + below(2) : 0;
        int things = 0;
        List<String> lines = new ArrayList<>();
        double[] cells = kind == Kind.TABLE ? columns() : kind == Kind.BOXES ? boxes() : null;
        double end = kind == Kind.TABLE ? cells[cells.length - 1] + 0.3 * size : width;
        for (int line = 0; line < count; line++) {
            double base = pitch * (line + 1.1);
            StringBuilder text = new StringBuilder();
            double x = Math.max(size * between(0.5, 2), cells == null ? 0 : cells[0] + 0.3 * size);
            while (x < end - 1.6 * size && !(text.length() > 2 && chance(0.06))) {
                if (kind == Kind.BOXES) {
                    box(cells, x, base);
                    digit(x + 0.2 * size, base, text);
                    x += cells[1];
                    continue;
                }
                x = kind == Kind.TABLE ? inCell(cells, x) : x;
                if (kind == Kind.WORDS && chance(0.12)) {
                    x += size * between(0.5, 0.8);
                    x += word(x, base) + size * between(0.8, 1.2);
                    things++;
                } else if (things < mostThings && chance(0.08)) {
                    x += thing(x, base) + size * between(0.3, 0.6);
                    things++;
                } else {
                    x += digit(x, base, text) + gap();
                }
            }
            if (text.length() > 0) {
                lines.add(text.toString());
            }
        }
        if (kind == Kind.RULED || kind == Kind.TILTED) {
            rule(pitch, 0.35);
        } else if (kind == Kind.SQUARED) {
            rule(pitch, 1);
        } else if (kind == Kind.TABLE) {
            table(cells, pitch, count);
        }
        double degrees = kind == Kind.ROTATED ? between(-5, 5) : kind == Kind.RULED ? between(-1, 1)
                : cells != null ? between(-2, 2) : 0;
        if (degrees != 0) {
            ink = turned(ink, degrees);
            rules = turned(rules, degrees);
        }
        double farther = kind == Kind.TILTED || cells != null ? (chance(0.5) ? 1 : -1) * between(0.005, 0.05) : 0;
        boolean isUpper = (kind == Kind.TILTED || cells != null) && chance(0.5);
        tilt(isUpper ? farther : upper, isUpper ? left : farther + left);
        return new Page(picture(kind), lines, things);
    }

    private void tilt(double upper, double left) {
        if (upper != 0 || left != 0) {
            ink = tilted(ink, upper, left);
            rules = tilted(rules, upper, left);
        }
    }

    /** Some digits touch, some begin a new word. */
    private double gap() {
        return size * (chance(0.03) ? between(-0.06, -0.02) : chance(0.1) ? between(0.8, 2) : between(0.12, 0.5));
    }

    /** Writes a digit with its left side at x, its lower one near the base; returns how wide it is. */
    private double digit(double x, double base, StringBuilder text) {
        int index = below(digits.count());
        byte[] pixels = digits.pixels(index);
        text.append(digits.label(index));
        int left = SIDE;
        int right = 0;
        int bottom = 0;
        for (int i = 0; i < pixels.length; i++) {
            if ((pixels[i] & 0xff) > 64) {
                left = Math.min(left, i % SIDE);
                right = Math.max(right, i % SIDE);
                bottom = i / SIDE;
            }
        }
        double scale = size / 20 * between(0.88, 1.12);
        double down = base - bottom * scale + size * between(-0.08, 0.08);
        double across = x - left * scale;
        boolean broken = chance(0.02);
        double breakAt = bottom - between(5, 13);
        double breakWidth = 1.5 / scale;
        for (int row = Math.max(0, (int) down); row < Math.min(height, down + SIDE * scale); row++) {
            for (int column = Math.max(0, (int) across); column < Math.min(width, across + SIDE * scale); column++) {
                double fromX = (column - across) / scale;
                double fromY = (row - down) / scale;
                if (!broken || Math.abs(fromY + 0.3 * (fromX - SIDE / 2.0) - breakAt) > breakWidth) {
                    mark(ink, column, row, sample(pixels, fromX, fromY));
                }
            }
        }
        return (right - left + 1) * scale;
    }

    private static double sample(byte[] pixels, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double dx = x - left;
        double dy = y - top;
        double value = (at(pixels, left, top) * (1 - dx) + at(pixels, left + 1, top) * dx) * (1 - dy)
                + (at(pixels, left, top + 1) * (1 - dx) + at(pixels, left + 1, top + 1) * dx) * dy;
        return Math.min(1, Math.max(0, (value / 255 - 0.25) * 2)); // a pen has sharper edges than a digit of 20 pixels enlarged
    }

    private static int at(byte[] pixels, int x, int y) {
        return x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : pixels[y * SIDE + x] & 0xff;
    }

    private void mark(float[] on, int x, int y, double amount) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            on[y * width + x] = Math.max(on[y * width + x], (float) amount);
        }
    }

    private void dot(double x, double y, double radius) {
        for (int row = (int) (y - radius - 1); row <= y + radius + 1; row++) {
            for (int column = (int) (x - radius - 1); column <= x + radius + 1; column++) {
                mark(ink, column, row, Math.min(1, radius + 0.5 - StrictMath.hypot(column - x, row - y)));
            }
        }
    }

    private void line(double x0, double y0, double x1, double y1, double radius) {
        int steps = (int) StrictMath.hypot(x1 - x0, y1 - y0) + 1;
        for (int i = 0; i <= steps; i++) {
            dot(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, radius);
        }
    }

    private double letter(double x, double base, double pen) {
        double wide = size * between(0.55, 0.8);
        for (double[] stroke : LETTERS[below(LETTERS.length)]) {
            double lastX = 0;
            double lastY = 0;
            for (int i = 0; i < stroke.length; i += 2) {
                double toX = x + wide * (stroke[i] + between(-0.7, 0.7)) / 10;
                double toY = base - size * (1 - (stroke[i + 1] + between(-0.7, 0.7)) / 10);
                if (i > 0) {
                    line(lastX, lastY, toX, toY, pen);
                }
                lastX = toX;
                lastY = toY;
            }
        }
        return wide;
    }

    /** Draws a letter, a stroke or a blot in a line; returns how wide it is. */
    private double thing(double x, double base) {
        double pen = size * between(0.04, 0.07);
        double what = rng.uniform(next++);
        if (what < 0.5) {
            return letter(x, base, pen);
        }
        if (what < 0.8) { // a dash, or a wave
            double wide = size * between(0.5, 1.6);
            double y = base - size * between(0.2, 0.7);
            double wave = chance(0.5) ? 0 : size * between(0.05, 0.15);
            double rise = size * between(-0.2, 0.2);
            for (int i = 0; i < 40; i++) {
                line(x + wide * i / 40, y + rise * i / 40 + wave * StrictMath.sin(i / 4.0), x + wide * (i + 1) / 40,
                        y + rise * (i + 1) / 40 + wave * StrictMath.sin((i + 1) / 4.0), pen);
            }
            return wide;
        }
        double radius = size * between(0.1, 0.35);
        for (int i = 0; i < 5; i++) {
            dot(x + radius + between(-0.3, 0.3) * radius, base - size / 2 + between(-0.5, 0.5) * radius, radius * between(0.6, 1));
        }
        return 2 * radius;
    }

    /** Writes a word; returns how wide it is. */
    private double word(double x, double base) {
        double pen = size * between(0.04, 0.07);
        int count = 2 + below(4);
        double wide = 0;
        for (int i = 0; i < count; i++) {
            wide += letter(x + wide, base, pen) + size * between(0.05, 0.2);
        }
        return wide;
    }

    private void rule(double pitch, double chanceOfSquares) {
        double thick = between(1, 3);
        boolean squared = chance(chanceOfSquares);
        double apart = squared ? pitch / 2 : pitch;
        double first = pitch * 1.1 + size * between(-0.05, 0.15);
        for (double y = first - apart * Math.floor(first / apart); y < height; y += apart) {
            level(rules, y, 0, width, thick, 1);
        }
        for (double x = apart / 2; squared && x < width; x += apart) {
            upright(rules, x, 0, height, thick, 1);
        }
    }

    private void level(float[] on, double y, double from, double to, double thick, double dark) {
        for (int x = (int) from; x < to; x++) {
            for (int row = (int) y - 2; row <= y + 3; row++) {
                mark(on, x, row, dark * Math.min(1, thick / 2 + 0.5 - Math.abs(row - y)));
            }
        }
    }

    private void upright(float[] on, double x, double from, double to, double thick, double dark) {
        for (int y = (int) from; y < to; y++) {
            for (int column = (int) x - 2; column <= x + 3; column++) {
                mark(on, column, y, dark * Math.min(1, thick / 2 + 0.5 - Math.abs(column - x)));
            }
        }
    }

    /** Where the upright rules of a table are; of a frame there are two. */
    private double[] columns() {
        double first = size * between(0.3, 1.5);
        double last = Math.max(first + 5 * size, width * between(0.4, 0.97));
        double[] columns = new double[chance(0.3) ? 2 : 3 + below(3)];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = first + (last - first) * i / (columns.length - 1);
        }
        return columns;
    }

    /** A place in the same cell of a table, or in the next if a digit has no room there. */
    private double inCell(double[] columns, double x) {
        for (double column : columns) {
            if (column > x - 0.3 * size && column < x + 1.4 * size) {
                return column + 0.3 * size;
            }
        }
        return x;
    }

    private void table(double[] columns, double pitch, int count) {
        double thick = between(1.5, 4);
        double dark = between(0.6, 1);
        double first = 0.1 * pitch + (pitch - size) / 2;
        for (int i = 0; i <= count; i++) {
            if (i == 0 || i == count || columns.length > 2) {
                level(ink, first + i * pitch, columns[0], columns[columns.length - 1] + 1, thick, dark);
            }
        }
        for (double column : columns) {
            upright(ink, column, first, first + count * pitch + 1, thick, dark);
        }
    }

    /** The boxes of a form: the first left side, how far apart these are, width, height, thickness and darkness. */
    private double[] boxes() {
        double wide = size * between(1.35, 1.6);
        return new double[] {0, wide + (chance(0.5) ? 0 : size * between(0.1, 0.3)), wide, size * between(1.3, 1.5), between(1.5, 3.5),
            between(0.4, 1)};
    }

    private void box(double[] boxes, double x, double base) {
        double top = base - size / 2 - boxes[3] / 2;
        for (int side = 0; side < 2; side++) {
            level(ink, top + side * boxes[3], x, x + boxes[2] + 1, boxes[4], boxes[5]);
            upright(ink, x + side * boxes[2], top, top + boxes[3] + 1, boxes[4], boxes[5]);
        }
    }

    private interface Place {
        /** Where in the page something is seen from: x or y of a column and a row. */
        double of(int x, int y);
    }

    private float[] turned(float[] from, double degrees) {
        double sin = StrictMath.sin(Math.toRadians(degrees));
        double cos = StrictMath.cos(Math.toRadians(degrees));
        return seen(from, (x, y) -> width / 2.0 + cos * (x - width / 2.0) + sin * (y - height / 2.0),
                (x, y) -> height / 2.0 - sin * (x - width / 2.0) + cos * (y - height / 2.0));
    }

    /** A side that is farther away shows more of the page. */
    private float[] tilted(float[] from, double upper, double left) {
        return seen(from,
                (x, y) -> x + (x - width / 2.0) * 2 * Math.abs(upper) * (upper > 0 ? 1 - (double) y / height : (double) y / height),
                (x, y) -> y + (y - height / 2.0) * 2 * Math.abs(left) * (left > 0 ? 1 - (double) x / width : (double) x / width));
    }

    private float[] seen(float[] from, Place placeX, Place placeY) {
        float[] to = new float[from.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double fromX = placeX.of(x, y);
                double fromY = placeY.of(x, y);
                int left = (int) Math.floor(fromX);
                int top = (int) Math.floor(fromY);
                if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
                    double a = fromX - left;
                    double b = fromY - top;
                    int at = top * width + left;
                    to[y * width + x] = (float) ((from[at] * (1 - a) + from[at + 1] * a) * (1 - b)
                            + (from[at + width] * (1 - a) + from[at + width + 1] * a) * b);
                }
            }
        }
        return to;
    }

    // ------------------------------------------------------------------------------------------------------- light

    private Picture picture(Kind kind) {
        double paper = between(190, 245);
        double pen = between(15, 90);
        double rule = between(0.25, 0.6);
        double noise = kind == Kind.NOISY ? between(10, 22) : between(1, 3);
        double direction = between(0, 2 * Math.PI);
        double fall = kind == Kind.UNEVEN ? between(0.3, 0.6) : kind == Kind.CLEAN ? 0 : between(0, 0.15);
        double edge = between(-0.3, 0.3);
        double edgeDirection = between(0, 2 * Math.PI);
        double soft = chance(0.3) ? 0.004 : between(0.02, 0.2);
        double shadow = kind == Kind.UNEVEN ? between(0.5, 0.8) : 1;
        double[] hand = kind == Kind.HAND ? hand() : null;
        boolean isDarkOnLight = !chance(0.15);
        byte[] grey = new byte[width * height];
        Rng grain = new Rng(rng.bits(next++), "grain", 0);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                double u = (x - width / 2.0) / width;
                double v = (y - height / 2.0) / height;
                double light = 1 - fall * (0.5 + u * StrictMath.cos(direction) + v * StrictMath.sin(direction)) / 1.4;
                double beyond = u * StrictMath.cos(edgeDirection) + v * StrictMath.sin(edgeDirection) - edge;
                light *= 1 - (1 - shadow) / (1 + StrictMath.exp(-beyond / soft));
                light *= hand == null ? 1 : shade(hand, x, y);
                double covered = Math.max(ink[at], rule * rules[at]);
                double value = light * (paper * (1 - covered) + pen * covered);
                if (kind == Kind.NOISY && grain.uniform(2L * at) < 0.002) {
                    value = grain.uniform(2L * at + 1) < 0.5 ? 30 : 250;
                } else {
                    value += noise * grain.normal(2L * at + 1);
                }
                double seen = Math.min(255, Math.max(0, value));
                grey[at] = (byte) Math.round(isDarkOnLight ? seen : 255 - seen);
            }
        }
        return new Picture(width, height, grey);
    }

    /** The shadow of a hand at the lower side: x, y of the middle of its palm, radius, softness of its edge, direction, and light in it. */
    private double[] hand() {
        return new double[] {width * between(0.2, 0.8), height - size * between(0, 2), size * between(1.5, 2.5), between(1.5, 6),
            between(-0.5, 0.5), between(0.5, 0.85)};
    }

    private static double shade(double[] hand, int x, int y) {
        double right = x - hand[0];
        double down = y - hand[1];
        double radius = hand[2];
        double outside = StrictMath.hypot(right, down) - radius;
        for (int finger = -2; finger <= 3; finger++) { // the last is the arm
            double angle = hand[4] + (finger == 3 ? Math.PI : 0.5 * finger);
            double along = right * StrictMath.sin(angle) - down * StrictMath.cos(angle);
            double within = Math.min(Math.max(along, 0), (finger == 3 ? 6 : 1.9) * radius);
            double away = StrictMath.hypot(right - within * StrictMath.sin(angle), down + within * StrictMath.cos(angle));
            outside = Math.min(outside, away - (finger == 3 ? 0.6 : 0.2) * radius);
        }
        return 1 - (1 - hand[5]) / (1 + StrictMath.exp(outside / hand[3]));
    }
}
