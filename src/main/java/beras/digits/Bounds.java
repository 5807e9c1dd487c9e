package beras.digits;

/** Counts pixels, and finds the box around them. */
final class Bounds {

    private int left = Integer.MAX_VALUE;
    private int top = Integer.MAX_VALUE;
    private int right = -1;
    private int bottom = -1;
    private int count;

    /** So many, around nothing yet. */
    static Bounds[] of(int count) {
        Bounds[] bounds = new Bounds[count];
        for (int i = 0; i < count; i++) {
            bounds[i] = new Bounds();
        }
        return bounds;
    }

    void add(int x, int y) {
        left = Math.min(left, x);
        top = Math.min(top, y);
        right = Math.max(right, x);
        bottom = Math.max(bottom, y);
        count++;
    }

    /** How many pixels there are. */
    int count() {
        return count;
    }

    /** The least box around all pixels, of which there is at least one. */
    Box box() {
        return new Box(left, top, right - left + 1, bottom - top + 1);
    }
}
