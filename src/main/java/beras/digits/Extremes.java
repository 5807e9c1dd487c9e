package beras.digits;

/** The largest or least values around each pixel of an image: grey dilation and erosion, and the closing that both make. */
final class Extremes {

    /** The largest (of sign 1) or least (-1) value in a square around each pixel, side by side. */
    static float[] of(float[] values, int width, int height, int reach, int sign) {
        return of(values, width, height, reach, reach, sign);
    }

    /**
     * Morphological closing: fills dark things that are narrower than a window.
     *
     * @param right how far the window reaches to the left and to the right
     * @param down  up and down
     */
    static float[] closing(float[] values, int width, int height, int right, int down) {
        return of(of(values, width, height, right, down, 1), width, height, right, down, -1);
    }

    private static float[] of(float[] values, int width, int height, int right, int down, int sign) {
        float[] rows = values;
        if (right > 0) {
            rows = new float[values.length];
            for (int y = 0; y < height; y++) {
                along(values, rows, y * width, 1, width, right, sign);
            }
        }
        float[] both = rows;
        if (down > 0) {
            both = new float[values.length];
            for (int x = 0; x < width; x++) {
                along(rows, both, x, width, height, down, sign);
            }
        }
        return both;
    }

    /** Along one line, with a queue of the candidates for the next extremes. */
    private static void along(float[] from, float[] to, int at, int step, int count, int reach, int sign) {
        int[] queue = new int[count];
        int first = 0;
        int end = 0;
        for (int i = 0; i < count + reach; i++) {
            if (i < count) {
                while (end > first && sign * from[at + queue[end - 1] * step] <= sign * from[at + i * step]) {
                    end--;
                }
                queue[end++] = i;
            }
            int centre = i - reach;
            if (centre >= 0) {
                while (queue[first] < centre - reach) {
                    first++;
                }
                to[at + centre * step] = from[at + queue[first] * step];
            }
        }
    }

    private Extremes() {}
}
