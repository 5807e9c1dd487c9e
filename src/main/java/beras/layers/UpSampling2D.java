package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Makes images {@code (batch, height, width, channels)} larger by whole factors: each pixel again and again ({@code nearest}), or
 * with straight lines between the centers of pixels ({@code bilinear}).
 */
public final class UpSampling2D extends Rearranging {

    /** What lies between pixels. */
    private enum Interpolation {
        NEAREST, BILINEAR
    }

    /** The two pixels along an axis that a place lies between, and the share of the second. */
    private record Between(int first, int second, float share) {

        static Between of(int place, int factor, int size) {
            // The center of the place in units of pixels, from the center of the first pixel.
            double at = Math.min(Math.max((place + 0.5) / factor - 0.5, 0), size - 1);
            int first = (int) at;
            return new Between(first, Math.min(first + 1, size - 1), (float) (at - first));
        }
    }

    private int[] size = {2, 2};
    private Interpolation interpolation = Interpolation.NEAREST;

    /** Twice as high and wide. */
    public UpSampling2D() {}

    /**
     * @param size the factors of height and width, or one for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public UpSampling2D(int... size) {
        set("size", size);
    }

    @Override
    public void settings(Settings s) {
        size = perAxis(s.integers("size", size));
        interpolation = s.choice("interpolation", interpolation);
    }

    private static int[] perAxis(int... given) {
        int n = given == null ? 0 : given.length;
        if (n != 1 && n != 2 || given[0] < 1 || given[n - 1] < 1) {
            throw new IllegalArgumentException("size of UpSampling2D needs one or 2 whole numbers of at least 1. Received: "
                    + Arrays.toString(given));
        }
        return new int[] {given[0], given[n - 1]};
    }

    /**
     * What lies between pixels, {@code nearest}, the default, or {@code bilinear}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public UpSampling2D interpolation(String newInterpolation) {
        set("interpolation", newInterpolation);
        return this;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3) {
            throw new IllegalArgumentException("UpSampling2D needs examples (height, width, channels). Received shape: " + input);
        }
        return Shape.of(Windowing.axis("UpSampling2D", (long) input.dim(0) * size[0]),
                Windowing.axis("UpSampling2D", (long) input.dim(1) * size[1]), input.dim(2));
    }

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        return new Stretch(size[0], size[1], interpolation, output).apply(x);
    }

    /** What a pixel, at this place in its array, has to do with a place of the output. */
    private interface Visitor {
        void share(int pixel, float share, int place);
    }

    /** @param output the shape of one example of the result */
    private record Stretch(int down, int across, Interpolation interpolation, Shape output) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor y = call.allocate(output.prepend(x.dim(0)));
            Arrays.fill(y.data(), y.offset(), y.offset() + y.size(), 0f);
            visit(x, y, (pixel, share, place) -> {
                for (int c = 0; c < x.dim(3); c++) {
                    y.data()[place + c] = share == 1f ? x.data()[pixel + c]
                            : Math.fma(share, x.data()[pixel + c], y.data()[place + c]);
                }
            });
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor u) {
            Tensor dx = call.allocate(call.input(0).shape());
            Arrays.fill(dx.data(), dx.offset(), dx.offset() + dx.size(), 0f);
            visit(dx, u, (pixel, share, place) -> {
                for (int c = 0; c < dx.dim(3); c++) {
                    dx.data()[pixel + c] = Math.fma(share, u.data()[place + c], dx.data()[pixel + c]);
                }
            });
            return dx;
        }

        /** Along the height, then along the width. */
        @Override
        public Tensor composition(OperationCall call) {
            return stretched(stretched(call.input(0), 0), 1);
        }

        private int factor(int axis) {
            return axis == 0 ? down : across;
        }

        private Tensor stretched(Tensor x, int axis) {
            int[] first = new int[x.dim(axis + 1) * factor(axis)];
            int[] second = first.clone();
            Tensor share = axis == 0 ? Tensor.zeros(first.length, 1, 1) : Tensor.zeros(first.length, 1);
            for (int place = 0; place < first.length; place++) {
                Between between = between(place, axis, x.dim(axis + 1));
                first[place] = between.first;
                second[place] = between.second;
                share.data()[place] = between.share;
            }
            Tensor a = x.gather(axis + 1, first);
            return interpolation == Interpolation.NEAREST ? a : a.add(x.gather(axis + 1, second).subtract(a).multiply(share));
        }

        /** Visits all shares that are not 0, place by place; one of 1 is the only one of its place. */
        private void visit(Tensor small, Tensor large, Visitor visitor) {
            if (small.size() == 0) {
                return;
            }
            for (int row = 0; row < large.dim(0) * large.dim(1); row++) {
                int image = row / large.dim(1);
                Between rows = between(row % large.dim(1), 0, small.dim(1));
                for (int col = 0; col < large.dim(2); col++) {
                    Between cols = between(col, 1, small.dim(2));
                    int place = large.offset() + (row * large.dim(2) + col) * large.dim(3);
                    if (rows.share == 0f && cols.share == 0f) {
                        visitor.share(pixel(small, image, rows.first, cols.first), 1f, place);
                        continue;
                    }
                    for (int corner = 0; corner < 4; corner++) {
                        float share = (corner < 2 ? 1f - rows.share : rows.share) * (corner % 2 == 0 ? 1f - cols.share : cols.share);
                        if (share > 0f) {
                            visitor.share(pixel(small, image, corner < 2 ? rows.first : rows.second,
                                    corner % 2 == 0 ? cols.first : cols.second), share, place);
                        }
                    }
                }
            }
        }

        private Between between(int place, int axis, int pixels) {
            return interpolation == Interpolation.NEAREST ? new Between(place / factor(axis), 0, 0f)
                    : Between.of(place, factor(axis), pixels);
        }

        private static int pixel(Tensor images, int image, int row, int col) {
            return images.offset() + ((image * images.dim(1) + row) * images.dim(2) + col) * images.dim(3);
        }
    }
}
