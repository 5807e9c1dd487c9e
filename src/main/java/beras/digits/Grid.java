package beras.digits;

/** Numbers in columns and rows. */
interface Grid {

    double at(int column, int row);

    /** Between the numbers bilinear, and constant beyond the outermost. */
    default double between(int columns, int rows, double x, double y) {
        double inX = Math.min(Math.max(x, 0), columns - 1);
        double inY = Math.min(Math.max(y, 0), rows - 1);
        int left = (int) inX;
        int top = (int) inY;
        int right = Math.min(left + 1, columns - 1);
        int bottom = Math.min(top + 1, rows - 1);
        double dx = inX - left;
        double dy = inY - top;
        return (at(left, top) * (1 - dx) + at(right, top) * dx) * (1 - dy) + (at(left, bottom) * (1 - dx) + at(right, bottom) * dx) * dy;
    }
}
