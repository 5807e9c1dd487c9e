package beras.digits;

import java.util.Arrays;

/**
 * The connected components of a mask: pixels belong together that touch at a side or a corner.
 *
 * @param labels for each pixel, row by row, the number of its component, from 1 in the order of their first pixels; 0 if it is
 *               not in the mask
 * @param count  of the components
 */
record Components(int[] labels, int count) {

    /**
     * Finds the components.
     *
     * @param mask row by row
     */
    static Components of(boolean[] mask, int width, int height) {
        int[] labels = new int[mask.length];
        int[] open = new int[64]; // a stack of pixels whose neighbours are to be looked at
        int count = 0;
        for (int start = 0; start < mask.length; start++) {
            if (!mask[start] || labels[start] != 0) {
                continue;
            }
            labels[start] = ++count;
            open[0] = start;
            int size = 1;
            while (size > 0) {
                int pixel = open[--size];
                int column = pixel % width;
                int row = pixel / width;
                for (int y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
                    for (int x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
                        int next = y * width + x;
                        if (mask[next] && labels[next] == 0) {
                            labels[next] = count;
                            open = size == open.length ? Arrays.copyOf(open, 2 * size) : open;
                            open[size++] = next;
                        }
                    }
                }
            }
        }
        return new Components(labels, count);
    }
}
