package beras.digits;

import beras.data.image.Picture;

/**
 * A projective map of a plane, as a camera makes it: lines stay lines. Places are those of corners of pixels; the middle of the
 * first pixel is at 0.5, 0.5.
 *
 * @param matrix of homogeneous coordinates, 3 x 3, row by row
 */
record Projection(double... matrix) {

    /** Less beside a whole pixel is rounding. */
    private static final double ALMOST = 1e-6;

    static final Projection IDENTITY = new Projection(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /**
     * The map of a rectangle onto a quadrilateral (Heckbert, "Fundamentals of texture mapping and image warping", 1989).
     *
     * @param corners x, y of the images of the corners top left, top right, bottom right, bottom left; convex
     */
    static Projection ofRectangle(double width, double height, double[] corners) {
        double dx1 = corners[2] - corners[4];
        double dy1 = corners[3] - corners[5];
        double dx2 = corners[6] - corners[4];
        double dy2 = corners[7] - corners[5];
        double sumX = corners[0] - corners[2] + corners[4] - corners[6];
        double sumY = corners[1] - corners[3] + corners[5] - corners[7];
        double area = dx1 * dy2 - dx2 * dy1;
        double g = (sumX * dy2 - dx2 * sumY) / area;
        double h = (dx1 * sumY - sumX * dy1) / area;
        return new Projection(
                (corners[2] - corners[0] + g * corners[2]) / width, (corners[6] - corners[0] + h * corners[6]) / height, corners[0],
                (corners[3] - corners[1] + g * corners[3]) / width, (corners[7] - corners[1] + h * corners[7]) / height, corners[1],
                g / width, h / height, 1);
    }

    /** The map of a picture that was turned clockwise onto the one of this size that it is made of. */
    static Projection ofTurned(int quarters, int width, int height) {
        return switch (quarters) {
            case 0 -> IDENTITY;
            case 1 -> new Projection(0, 1, 0, -1, 0, height, 0, 0, 1);
            case 2 -> new Projection(-1, 0, width, 0, -1, height, 0, 0, 1);
            default -> new Projection(0, -1, width, 1, 0, 0, 0, 0, 1);
        };
    }

    /** This one after another. */
    Projection after(Projection first) {
        double[] product = new double[9];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                for (int i = 0; i < 3; i++) {
                    product[3 * row + column] += matrix[3 * row + i] * first.matrix[3 * i + column];
                }
            }
        }
        return new Projection(product);
    }

    /** Where a place is mapped to, from left to right. */
    double x(double x, double y) {
        return (matrix[0] * x + matrix[1] * y + matrix[2]) / (matrix[6] * x + matrix[7] * y + matrix[8]);
    }

    /** Where a place is mapped to, from top to bottom. */
    double y(double x, double y) {
        return (matrix[3] * x + matrix[4] * y + matrix[5]) / (matrix[6] * x + matrix[7] * y + matrix[8]);
    }

    /** The smallest upright box around the image of a box, inside a picture. */
    Box box(Box box, Picture within) {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (int x : new int[] {box.left(), box.right()}) {
            for (int y : new int[] {box.top(), box.bottom()}) {
                left = Math.min(left, x(x, y));
                top = Math.min(top, y(x, y));
                right = Math.max(right, x(x, y));
                bottom = Math.max(bottom, y(x, y));
            }
        }
        int x = inside(Math.floor(left + ALMOST), within.width() - 1);
        int y = inside(Math.floor(top + ALMOST), within.height() - 1);
        int width = inside(Math.ceil(right - ALMOST), within.width()) - x;
        int height = inside(Math.ceil(bottom - ALMOST), within.height()) - y;
        return new Box(x, y, Math.max(1, width), Math.max(1, height));
    }

    private static int inside(double place, int most) {
        return (int) Math.max(0, Math.min(most, place));
    }

    /** The grey picture that is mapped onto another by this: between its pixels bilinear, beyond its edges as at them. */
    Picture undo(Picture picture, int width, int height) {
        byte[] grey = new byte[width * height];
        Grid pixels = picture::grey;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                grey[row * width + column] = (byte) Math.round(pixels.between(picture.width(), picture.height(),
                        x(column + 0.5, row + 0.5) - 0.5, y(column + 0.5, row + 0.5) - 0.5));
            }
        }
        return new Picture(width, height, grey);
    }
}
