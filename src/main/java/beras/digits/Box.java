package beras.digits;

/**
 * An upright rectangle of pixels.
 *
 * @param left   the first column
 * @param top    the first row
 * @param width  at least 1
 * @param height at least 1
 */
public record Box(int left, int top, int width, int height) {

    /** The column after the last. */
    int right() {
        return left + width;
    }

    /** The row after the last. */
    int bottom() {
        return top + height;
    }

    double middleX() {
        return left + width / 2.0;
    }

    double middleY() {
        return top + height / 2.0;
    }

    /** The least rectangle around both. */
    Box and(Box other) {
        int x = Math.min(left, other.left);
        int y = Math.min(top, other.top);
        return new Box(x, y, Math.max(right(), other.right()) - x, Math.max(bottom(), other.bottom()) - y);
    }

    boolean contains(Box other) {
        return other.left >= left && other.top >= top && other.right() <= right() && other.bottom() <= bottom();
    }

    /** With all sides multiplied, such as from a picture of less resolution to its file. */
    Box times(int factor) {
        return new Box(left * factor, top * factor, width * factor, height * factor);
    }
}
