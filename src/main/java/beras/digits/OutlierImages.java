package beras.digits;

import beras.data.image.Images;
import beras.data.image.PictureForm;
import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Images of handwritten digits and, after them, outliers: images that show no digit, with uniform targets. A network trained on
 * them has little confidence in anything but digits. (Outlier exposure: Hendrycks, Mazeika and Dietterich, "Deep Anomaly
 * Detection with Outlier Exposure", 2019.)
 *
 * <p>Outliers differ in each epoch. They are parts of images, two images that touch, images on their side, letters, strokes,
 * blots and specks; none is a single upright stroke, which is a 1. Each has the form of {@link DigitForm}. An outlier depends
 * only on the seed, the epoch and its index. A validation split has none. Safe for use by several threads.
 */
public final class OutlierImages implements Examples {

    private static final int SIDE = DigitForm.SIDE;
    /** Two digits side by side, and strokes, are drawn on so large a canvas. */
    private static final int CANVAS = 2 * SIDE;
    private static final int TOP = SIDE / 2;
    /** Less of the largest ink of a canvas is none: the soft edge of a stroke. */
    private static final float EDGE = 0.25f;
    /** An image that correlates so much with itself on its side may be a digit still, as 0 is. */
    private static final double ALIKE = 0.3;
    /** The largest spread of a stroke's ink across it, relative to the spread along it. */
    private static final double SLENDER = 0.3;

    private static final List<List<double[]>> LETTERS = IntStream.range(0, Letters.count()).mapToObj(Letters::strokes).toList();

    private final Examples shown;
    private final Images images;
    private final int outliers;
    private final long seed;

    /**
     * @param shown  the images as they are trained on, changed or not, of 28 x 28
     * @param images the images themselves
     * @param share  outliers for each image, above 0, at most 1
     * @throws IllegalArgumentException if the share or the size of the images is not as described
     */
    public OutlierImages(Examples shown, Images images, double share, long seed) {
        if (images.height() != SIDE || images.width() != SIDE || images.channels() != 1) {
            throw new IllegalArgumentException("Outliers are made of grey images of " + SIDE + " x " + SIDE + ". Received: "
                    + images.sides());
        }
        this.shown = Objects.requireNonNull(shown);
        this.images = images;
        this.outliers = (int) Math.ceil(PictureForm.requireOutlierShare(share) * images.count());
        this.seed = seed;
    }

    @Override
    public int count() {
        return images.count() + outliers;
    }

    @Override
    public ExampleSpec spec() {
        return shown.spec();
    }

    @Override
    public Images forValidation() {
        return images;
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        int[] bases = Arrays.copyOfRange(order, from, to);
        for (int i = 0; i < bases.length; i++) {
            bases[i] = Objects.checkIndex(bases[i], count()) % images.count();
        }
        shown.read(epoch, bases, 0, bases.length, into);
        Tensor inputs = into.inputs().get(0);
        for (int i = 0; i < bases.length; i++) {
            if (order[from + i] >= images.count()) {
                Numbers numbers = new Numbers(new Rng(seed, "outliers", epoch), order[from + i] - images.count());
                int at = inputs.offset() + i * SIDE * SIDE;
                byte[] outlier = outlier(Arrays.copyOfRange(inputs.data(), at, at + SIDE * SIDE), numbers);
                for (int pixel = 0; pixel < outlier.length; pixel++) {
                    inputs.data()[at + pixel] = (outlier[pixel] & 0xff) / 255f;
                }
                if (!into.targets().isEmpty()) {
                    Tensor targets = into.targets().get(0);
                    int row = targets.offset() + i * images.classes();
                    Arrays.fill(targets.data(), row, row + images.classes(), 1f / images.classes());
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------ kinds

    private byte[] outlier(float[] base, Numbers numbers) {
        Canvas canvas = new Canvas();
        double kind = numbers.uniform();
        if (kind < 0.2) {
            canvas.add(base, 0, TOP);
            part(canvas, numbers);
        } else if (kind < 0.4) {
            canvas.add(base, 0, TOP);
        } else if (kind < 0.6) {
            float[] turned = turned(base, numbers.below(2) == 0);
            canvas.add(turned, 0, TOP);
            if (likeness(base, turned) > ALIKE) {
                part(canvas, numbers);
            }
        } else if (kind < 0.74) {
            strokes(canvas, numbers);
        } else if (kind < 0.94) {
            letter(canvas, numbers);
        } else if (kind < 0.97) {
            blot(canvas, numbers);
        } else {
            int specks = 2 + numbers.below(12);
            for (int i = 0; i < specks; i++) {
                canvas.dot(numbers.between(4, 34), numbers.between(4, 34), numbers.between(0.5, 1.6));
            }
        }
        if (kind >= 0.2 && kind < 0.4 || canvas.isUprightStroke()) {
            float[] other = images.slice(numbers.below(images.count()), images.count()).slice(0, 1).inputs().toArray();
            canvas.add(other, 9 + numbers.below(11), TOP - 3 + numbers.below(7));
        }
        return canvas.form();
    }

    /** Keeps one side of a line that passes near the middle. */
    private static void part(Canvas canvas, Numbers numbers) {
        double angle = numbers.between(0, 2 * StrictMath.PI);
        double x = StrictMath.cos(angle);
        double y = StrictMath.sin(angle);
        double beyond = numbers.between(-2, 4);
        canvas.keep((column, row) -> (column - SIDE / 2.0) * x + (row - TOP - SIDE / 2.0) * y > beyond);
    }

    /** A few strokes, straight as in letters or bent. */
    private static void strokes(Canvas canvas, Numbers numbers) {
        int count = 1 + numbers.below(4);
        double radius = numbers.between(0.9, 2.2);
        double bend = numbers.uniform() < 0.5 ? 0.7 : 6;
        double x = numbers.between(10, 34);
        double y = numbers.between(10, 34);
        for (int i = 0; i < count; i++) {
            double endX = numbers.between(6, 38);
            double endY = numbers.between(6, 38);
            canvas.curve(x, y, (x + endX) / 2 + numbers.between(-bend, bend), (y + endY) / 2 + numbers.between(-bend, bend), endX, endY,
                    radius);
            boolean goesOn = numbers.uniform() < 0.6;
            x = goesOn ? endX : numbers.between(8, 36);
            y = goesOn ? endY : numbers.between(8, 36);
        }
    }

    /**
     * A letter, wide or narrow, slanted, each of its points a little elsewhere; its strokes straight, or rounded where they bend.
     */
    private static void letter(Canvas canvas, Numbers numbers) {
        double radius = numbers.between(0.9, 2.2);
        double high = numbers.between(18, 30);
        double wide = high * numbers.between(0.5, 0.9);
        double slant = numbers.between(-0.2, 0.35);
        double tremble = high * numbers.between(0.01, 0.06);
        boolean round = numbers.below(2) == 0;
        for (double[] stroke : LETTERS.get(numbers.below(LETTERS.size()))) {
            double[] points = new double[stroke.length];
            for (int i = 0; i < stroke.length; i += 2) {
                double y = high * (stroke[i + 1] - 0.5) + tremble * numbers.between(-1, 1);
                points[i] = CANVAS / 2.0 + wide * (stroke[i] - 0.5) - slant * y + tremble * numbers.between(-1, 1);
                points[i + 1] = CANVAS / 2.0 + y;
            }
            canvas.stroke(points, round, radius);
        }
    }

    private static void blot(Canvas canvas, Numbers numbers) {
        int discs = 1 + numbers.below(6);
        double radius = numbers.between(3, 9);
        for (int i = 0; i < discs; i++) {
            canvas.dot(22 + numbers.between(-0.8, 0.8) * radius, 22 + numbers.between(-0.8, 0.8) * radius,
                    radius * numbers.between(0.6, 1));
        }
    }

    private static float[] turned(float[] pixels, boolean clockwise) {
        float[] turned = new float[pixels.length];
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                turned[row * SIDE + column] = clockwise ? pixels[(SIDE - 1 - column) * SIDE + row]
                        : pixels[column * SIDE + SIDE - 1 - row];
            }
        }
        return turned;
    }

    /** The cosine of the angle between two images. */
    private static double likeness(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
        }
        return aa == 0 ? 1 : ab / aa; // both have the same pixels
    }

    /** Random numbers of one outlier, one after the other. */
    private static final class Numbers {

        /** More than an outlier needs. */
        private static final int MAX = 64;

        private final Rng rng;
        private long next;

        Numbers(Rng rng, long outlier) {
            this.rng = rng;
            this.next = outlier * MAX;
        }

        double uniform() {
            return rng.uniform(next++);
        }

        double between(double least, double most) {
            return least + (most - least) * uniform();
        }

        int below(int limit) {
            return (int) (uniform() * limit);
        }
    }

    /** Whether a pixel stays. */
    private interface Keeping {
        boolean keeps(int column, int row);
    }

    /** The canvas of an outlier, 0 to 255. */
    private static final class Canvas {

        private final float[] ink = new float[CANVAS * CANVAS];

        /** Adds an image, of pixels from 0 to 1. */
        void add(float[] pixels, int left, int top) {
            for (int row = 0; row < SIDE; row++) {
                for (int column = 0; column < SIDE; column++) {
                    mark(left + column, top + row, pixels[row * SIDE + column]);
                }
            }
        }

        private void mark(int column, int row, double amount) {
            int at = row * CANVAS + column;
            ink[at] = Math.max(ink[at], 255 * (float) amount);
        }

        void keep(Keeping keeping) {
            for (int at = 0; at < ink.length; at++) {
                ink[at] = keeping.keeps(at % CANVAS, at / CANVAS) ? ink[at] : 0;
            }
        }

        /** A disc with a soft edge; its centre is inside. */
        void dot(double x, double y, double radius) {
            for (int row = Math.max(0, (int) (y - radius - 1)); row <= Math.min(CANVAS - 1, y + radius + 1); row++) {
                for (int column = Math.max(0, (int) (x - radius - 1)); column <= Math.min(CANVAS - 1, x + radius + 1); column++) {
                    double far = Math.sqrt((column - x) * (column - x) + (row - y) * (row - y));
                    mark(column, row, Math.min(1, Math.max(0, radius + 0.5 - far)));
                }
            }
        }

        /** A quadratic Bezier curve. */
        void curve(double x0, double y0, double x1, double y1, double x2, double y2, double radius) {
            int steps = CANVAS;
            for (int step = 0; step <= steps; step++) {
                double t = (double) step / steps;
                double s = 1 - t;
                dot(s * s * x0 + 2 * s * t * x1 + t * t * x2, s * s * y0 + 2 * s * t * y1 + t * t * y2, radius);
            }
        }

        /** Through points x, y in turn; round: from the middle of one side to that of the next, so that only its ends are met. */
        void stroke(double[] points, boolean round, double radius) {
            int last = points.length - 2;
            for (int i = 0; i < last; i += 2) {
                double fromX = i == 0 ? points[0] : (points[i] + points[i + 2]) / 2;
                double fromY = i == 0 ? points[1] : (points[i + 1] + points[i + 3]) / 2;
                if (!round || last == 2) {
                    curve(points[i], points[i + 1], (points[i] + points[i + 2]) / 2, (points[i + 1] + points[i + 3]) / 2,
                            points[i + 2], points[i + 3], radius);
                } else if (i + 2 < last) {
                    boolean ends = i + 4 == last;
                    curve(fromX, fromY, points[i + 2], points[i + 3], ends ? points[last] : (points[i + 2] + points[i + 4]) / 2,
                            ends ? points[last + 1] : (points[i + 3] + points[i + 5]) / 2, radius);
                }
            }
        }

        /** Whether it is one straight stroke, more upright than level, and so may be a 1: by its second moments. */
        boolean isUprightStroke() {
            double sum = 0;
            double sumX = 0;
            double sumY = 0;
            double xx = 0;
            double xy = 0;
            double yy = 0;
            for (int at = 0; at < ink.length; at++) {
                double x = at % CANVAS;
                double y = at / CANVAS;
                sum += ink[at];
                sumX += ink[at] * x;
                sumY += ink[at] * y;
                xx += ink[at] * x * x;
                xy += ink[at] * x * y;
                yy += ink[at] * y * y;
            }
            if (sum == 0) {
                return false;
            }
            xx = xx / sum - sumX / sum * (sumX / sum);
            xy = xy / sum - sumX / sum * (sumY / sum);
            yy = yy / sum - sumY / sum * (sumY / sum);
            double spread = Math.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
            return yy > 0.5 * xx && xx + yy - spread < SLENDER * SLENDER * (xx + yy + spread);
        }

        /** The drawing in the form of a digit; black if it is empty. */
        byte[] form() {
            float most = 0;
            for (float each : ink) {
                most = Math.max(most, each);
            }
            if (most == 0) {
                return new byte[SIDE * SIDE];
            }
            Bounds bounds = new Bounds();
            for (int at = 0; at < ink.length; at++) {
                if (ink[at] >= EDGE * most) {
                    bounds.add(at % CANVAS, at / CANVAS);
                }
            }
            Box box = bounds.box();
            float[] cut = new float[box.width() * box.height()];
            for (int row = 0; row < box.height(); row++) {
                System.arraycopy(ink, (box.top() + row) * CANVAS + box.left(), cut, row * box.width(), box.width());
            }
            return DigitForm.of(cut, box.width(), box.height());
        }
    }
}
