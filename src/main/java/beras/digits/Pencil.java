package beras.digits;

/**
 * Lines through one point, which may be far away or at infinity: parallel lines of a page as a camera sees them. A line is named
 * by the row in which it passes the middle column; how it falls is then a linear function of that row.
 *
 * @param slope   how far the line through the middle falls for each pixel to the right
 * @param spread  by how much the slope grows for each pixel downwards; 0 if the lines are parallel
 * @param middleX the middle column
 * @param middleY the row of the line in the middle
 */
record Pencil(double slope, double spread, double middleX, double middleY) {

    /** Level and parallel lines. */
    static Pencil level(int width, int height) {
        return new Pencil(0, 0, (width - 1) / 2.0, (height - 1) / 2.0);
    }

    /** With others of these lines. */
    Pencil with(double newSlope, double newSpread) {
        return new Pencil(newSlope, newSpread, middleX, middleY);
    }

    /** The line through a point, by its row in the middle column. */
    double line(double x, double y) {
        double right = x - middleX;
        return middleY + (y - middleY - slope * right) / (1 + spread * right);
    }

    /** The row of a line in a column. */
    double row(double line, double x) {
        return line + (slope + spread * (line - middleY)) * (x - middleX);
    }

    /** Rows from the middle within which all lines pass the middle column that meet a picture of this size. */
    double reach(int width, int height) {
        return (height / 2.0 + Math.abs(slope) * width / 2) / (1 - Math.abs(spread) * width / 2) + 1;
    }
}
