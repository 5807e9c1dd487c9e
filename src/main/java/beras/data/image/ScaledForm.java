package beras.data.image;

import java.util.Arrays;

/** Makes pictures larger or smaller, with integer arithmetic, so that the bits are the same everywhere. */
final class ScaledForm implements PictureForm {

    @Override
    public String name() {
        return "scaled";
    }

    @Override
    public byte[] pixels(Picture picture, int height, int width, int channels, String name) {
        boolean isWide = (long) picture.width() * height >= (long) picture.height() * width; // it fills the width
        int columns = isWide ? width : share(picture.width(), height, picture.height());
        int rows = isWide ? share(picture.height(), width, picture.width()) : height;
        int left = (width - columns) / 2;
        int top = (height - rows) / 2;
        byte[] image = new byte[height * width * channels];
        long[] sums = new long[columns * channels];
        long[] line = new long[columns * channels];
        int inLine = -1; // the row of the picture that line holds
        long area = (long) picture.width() * picture.height();
        // A row of the picture is as high as there are rows here, and one of these as there are rows in the picture.
        for (int row = 0; row < rows; row++) {
            Arrays.fill(sums, 0);
            long above = (long) row * picture.height();
            long below = above + picture.height();
            for (int y = (int) (above / rows); (long) y * rows < below; y++) {
                if (y != inLine) {
                    sumUp(picture, y, columns, channels, line);
                    inLine = y;
                }
                long covered = Math.min(below, (y + 1L) * rows) - Math.max(above, (long) y * rows);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += covered * line[i];
                }
            }
            int at = ((top + row) * width + left) * channels;
            for (int i = 0; i < sums.length; i++) {
                image[at + i] = (byte) ((2 * sums[i] + area) / (2 * area));
            }
        }
        return image;
    }

    /** As many of a side as keep its proportion to another of {@code other} that becomes {@code whole}; at least one. */
    private static int share(int side, int whole, int other) {
        return (int) Math.max(1, (2L * side * whole + other) / (2L * other));
    }

    /**
     * The sum over the pixels of a row that each column covers, each times the covered width; the total is the width of the
     * picture.
     */
    private static void sumUp(Picture picture, int y, int columns, int channels, long[] line) {
        for (int column = 0; column < columns; column++) {
            long left = (long) column * picture.width();
            long right = left + picture.width();
            for (int channel = 0; channel < channels; channel++) {
                line[column * channels + channel] = 0;
            }
            for (int x = (int) (left / columns); (long) x * columns < right; x++) {
                long covered = Math.min(right, (x + 1L) * columns) - Math.max(left, (long) x * columns);
                for (int channel = 0; channel < channels; channel++) {
                    int level = channels == 1 ? picture.grey(x, y) : picture.level(x, y, channel);
                    line[column * channels + channel] += covered * level;
                }
            }
        }
    }
}
