package beras.digits;

import beras.data.image.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sheet of paper on a darker ground, such as a desk: the largest bright region with four straight sides, of which the darker
 * ground is seen beside some, at a sharp edge. A shadow has soft edges, or one edge alone, and is not as dark.
 */
final class Sheet {

    /** It is looked for on blocks, so many along the longer side. */
    private static final int BLOCKS = 200;
    /** A smaller picture has none. */
    private static final int MIN_SIDE = 100;
    /** Strokes are narrower than this and its double. */
    private static final int STROKE = 2;
    /** So many bounds of brightness are tried, the lowest first, that a shadow on the sheet belongs to it. */
    private static final int BOUNDS = 10;
    /** A sheet is so large a part of the picture, and fills its four sides so well. */
    private static final double MIN_SIZE = 0.12;
    private static final double FILLED = 0.94;
    /** Of its blocks such a share is bright itself, not only near bright ones, as on a blackboard that is written on. */
    private static final double BRIGHT = 0.7;
    /** A side is looked at in so many places, and has ground beside it in such a share of them, so many blocks away. */
    private static final int PLACES = 40;
    private static final double BESIDE = 0.85;
    private static final int AWAY = 2;
    /** How dark ground is at most, as a part of the sheet beside it: by how many sides have some. */
    private static final double[] DARKNESS = {0, 0.4, 0.55, 0.8, 0.8};
    /** So many blocks at the edge are left out. */
    private static final double EDGE = 1.3;

    private final int side;
    private final int columns;
    private final int rows;
    private final float[] raw;
    private final float[] paper; // without strokes

    private Sheet(Picture picture) {
        side = (Math.max(picture.width(), picture.height()) + BLOCKS - 1) / BLOCKS;
        columns = picture.width() / side;
        rows = picture.height() / side;
        raw = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int sum = 0;
                for (int i = 0; i < side * side; i++) {
                    sum += picture.grey(column * side + i % side, row * side + i / side);
                }
                raw[row * columns + column] = (float) sum / (side * side);
            }
        }
        paper = Extremes.closing(raw, columns, rows, STROKE, STROKE);
    }

    /**
     * The corners of the sheet, x and y, from its top left one clockwise; nothing if there is no such sheet. Corners may be
     * outside of the picture.
     */
    static Optional<double[]> find(Picture picture) {
        return Math.min(picture.width(), picture.height()) < MIN_SIDE ? Optional.empty() : new Sheet(picture).corners();
    }

    private Optional<double[]> corners() {
        int[] histogram = new int[256];
        for (float each : paper) {
            histogram[Math.round(each)]++;
        }
        int darkest = Histogram.quantile(histogram, 0.02);
        int brightest = Histogram.quantile(histogram, 0.98);
        for (int i = 1; i < BOUNDS && darkest < DARKNESS[4] * brightest; i++) {
            Optional<double[]> corners = corners(darkest + (double) (brightest - darkest) * i / BOUNDS);
            if (corners.isPresent()) {
                return corners;
            }
        }
        return Optional.empty();
    }

    private Optional<double[]> corners(double bound) {
        boolean[] mask = new boolean[paper.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = paper[i] >= bound;
        }
        Components components = Components.of(mask, columns, rows);
        int[] sizes = new int[components.count() + 1];
        int[] bright = new int[components.count() + 1];
        int largest = 0;
        for (int i = 0; i < mask.length; i++) {
            int label = components.labels()[i];
            sizes[label]++;
            bright[label] += raw[i] >= bound ? 1 : 0;
            largest = label > 0 && (largest == 0 || sizes[label] > sizes[largest]) ? label : largest;
        }
        if (largest == 0 || sizes[largest] < MIN_SIZE * paper.length || bright[largest] < BRIGHT * sizes[largest]) {
            return Optional.empty();
        }
        List<double[]> hull = hull(components.labels(), largest);
        List<double[]> four = four(hull);
        if (four.size() != 4 || sizes[largest] < FILLED * areaInside(four)) {
            return Optional.empty();
        }
        return straight(four, hull);
    }

    // -------------------------------------------------------------------------------------------------- four sides

    /** The corners of the convex hull of a region's blocks, clockwise (Andrew's monotone chain). */
    private List<double[]> hull(int[] labels, int label) {
        List<double[]> points = new ArrayList<>(); // column by column the highest and the lowest
        for (int column = 0; column < columns; column++) {
            int top = -1;
            int bottom = -1;
            for (int row = 0; row < rows; row++) {
                if (labels[row * columns + column] == label) {
                    top = top < 0 ? row : top;
                    bottom = row;
                }
            }
            if (top >= 0) {
                for (int x = column; x <= column + 1; x++) {
                    points.add(new double[] {x, top});
                    points.add(new double[] {x, bottom + 1});
                }
            }
        }
        points.sort((a, b) -> a[0] != b[0] ? Double.compare(a[0], b[0]) : Double.compare(a[1], b[1]));
        List<double[]> hull = new ArrayList<>();
        for (int pass = 0; pass < 2; pass++) {
            int start = hull.size();
            for (int i = 0; i < points.size(); i++) {
                double[] point = points.get(pass == 0 ? i : points.size() - 1 - i);
                while (hull.size() >= start + 2
                        && cross(hull.get(hull.size() - 2), hull.get(hull.size() - 1), point) <= 0) {
                    hull.remove(hull.size() - 1);
                }
                hull.add(point);
            }
            hull.remove(hull.size() - 1); // the first of the other half
        }
        return hull;
    }

    private static double cross(double[] a, double[] b, double[] c) {
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    }

    /**
     * Takes away sides of a convex polygon until four are left: each time the one for which its neighbours grow by the least
     * area.
     */
    private static List<double[]> four(List<double[]> hull) {
        List<double[]> polygon = new ArrayList<>(hull);
        while (polygon.size() > 4) {
            int count = polygon.size();
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            double[] corner = null;
            for (int i = 0; i < count; i++) { // the side from i to i + 1
                double[] a = polygon.get(i);
                double[] b = polygon.get((i + 1) % count);
                double[] meet = meet(polygon.get((i + count - 1) % count), a, b, polygon.get((i + 2) % count));
                if (meet != null) {
                    double more = Math.abs(cross(a, b, meet));
                    if (more < least) {
                        least = more;
                        best = i;
                        corner = meet;
                    }
                }
            }
            if (best < 0) {
                return List.of();
            }
            polygon.set(best, corner);
            polygon.remove((best + 1) % count);
        }
        return polygon;
    }

    /** Where the ray from a through b meets the one from d through c, beyond b and c; null if they do not. */
    private static double[] meet(double[] a, double[] b, double[] c, double[] d) {
        double ux = b[0] - a[0];
        double uy = b[1] - a[1];
        double vx = c[0] - d[0];
        double vy = c[1] - d[1];
        double area = ux * vy - uy * vx;
        if (area >= 0) {
            return null;
        }
        double far = ((c[0] - b[0]) * vy - (c[1] - b[1]) * vx) / area;
        return far < 0 ? null : new double[] {b[0] + far * ux, b[1] + far * uy};
    }

    /** How much of a convex polygon is in the picture. */
    private double areaInside(List<double[]> polygon) {
        int inside = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double[] middle = {column + 0.5, row + 0.5};
                boolean all = true;
                for (int i = 0; i < polygon.size() && all; i++) {
                    all = cross(polygon.get(i), polygon.get((i + 1) % polygon.size()), middle) >= 0;
                }
                inside += all ? 1 : 0;
            }
        }
        return inside;
    }

    // ------------------------------------------------------------------------------------------------------ ground

    /**
     * The corners in pixels, if there is ground; a side without any is where the picture ends, and is taken to be parallel to its
     * opposite.
     */
    private Optional<double[]> straight(List<double[]> four, List<double[]> hull) {
        int first = 0; // the side from top left to top right
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < 4; i++) {
            double[] a = four.get(i);
            double[] b = four.get((i + 1) % 4);
            double level = (b[0] - a[0]) / distance(a, b);
            if (level > most) {
                most = level;
                first = i;
            }
        }
        double[][] lines = new double[4][]; // a normal to the inside, and its product with the points of the line
        double[] darkness = new double[4];
        int grounds = 0;
        for (int i = 0; i < 4; i++) {
            double[] a = four.get((first + i) % 4);
            double[] b = four.get((first + i + 1) % 4);
            lines[i] = new double[] {-(b[1] - a[1]) / distance(a, b), (b[0] - a[0]) / distance(a, b), 0};
            lines[i][2] = lines[i][0] * a[0] + lines[i][1] * a[1];
            darkness[i] = ground(a, b, lines[i]);
            grounds += darkness[i] < 1 ? 1 : 0;
        }
        boolean[] isGround = new boolean[4];
        boolean any = false;
        for (int i = 0; i < 4; i++) {
            isGround[i] = darkness[i] <= DARKNESS[grounds];
            any |= isGround[i];
        }
        if (!any) {
            return Optional.empty();
        }
        for (int i = 0; i < 4; i++) {
            if (isGround[i]) {
                lines[i][2] += EDGE;
            } else {
                double[] like = isGround[(i + 2) % 4] ? new double[] {-lines[(i + 2) % 4][0], -lines[(i + 2) % 4][1]}
                        : isGround[(i + 1) % 4] ? new double[] {lines[(i + 1) % 4][1], -lines[(i + 1) % 4][0]}
                                : isGround[(i + 3) % 4] ? new double[] {-lines[(i + 3) % 4][1], lines[(i + 3) % 4][0]} : lines[i];
                double least = Double.POSITIVE_INFINITY;
                for (double[] point : hull) {
                    least = Math.min(least, like[0] * point[0] + like[1] * point[1]);
                }
                lines[i] = new double[] {like[0], like[1], least};
            }
        }
        double[] corners = new double[8];
        for (int i = 0; i < 4; i++) {
            double[] a = lines[(i + 3) % 4];
            double[] b = lines[i];
            double area = a[0] * b[1] - a[1] * b[0];
            corners[2 * i] = side * (a[2] * b[1] - a[1] * b[2]) / area;
            corners[2 * i + 1] = side * (a[0] * b[2] - a[2] * b[0]) / area;
        }
        return Optional.of(corners);
    }

    private static double distance(double[] a, double[] b) {
        return Math.sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]));
    }

    /** How dark the ground beside a side is, as a part of the sheet; 1 if there is none in many places, or the picture ends. */
    private double ground(double[] a, double[] b, double[] line) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < PLACES; i++) {
            double along = (i + 0.5) / PLACES;
            double x = a[0] + along * (b[0] - a[0]);
            double y = a[1] + along * (b[1] - a[1]);
            float out = at(x - AWAY * line[0], y - AWAY * line[1]);
            float in = at(x + AWAY * line[0], y + AWAY * line[1]);
            if (out >= 0 && in > 0 && out < DARKNESS[4] * in) {
                sum += out / in;
                count++;
            }
        }
        return count < BESIDE * PLACES ? 1 : sum / count;
    }

    /** The brightness of a block; -1 outside of the picture. */
    private float at(double x, double y) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        return column < 0 || row < 0 || column >= columns || row >= rows ? -1 : paper[row * columns + column];
    }
}
