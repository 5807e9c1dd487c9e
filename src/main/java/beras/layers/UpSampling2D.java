package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Upsamples images {@code (batch, height, width, channels)} by integer factors, by repetition ({@code nearest}) or linear
 * interpolation ({@code bilinear}).
 */
public final class UpSampling2D extends Rearranging {

    /** The values between pixels. */
    private enum Interpolation {
        NEAREST, BILINEAR
    }

    /** The two pixels along an axis that a place lies between, and the share of the second. */
    private record Between(int first, int second, float share) {

        /** For all places along an axis of so many pixels. */
        static Between[] all(Interpolation interpolation, int factor, int pixels) {
            Between[] all = new Between[factor * pixels];
            for (int place = 0; place < all.length; place++) {
                // The center of the place in units of pixels, from the center of the first pixel.
                double at = Math.min(Math.max((place + 0.5) / factor - 0.5, 0), pixels - 1);
                int first = (int) at;
                all[place] = interpolation == Interpolation.NEAREST ? new Between(place / factor, 0, 0f)
                        : new Between(first, Math.min(first + 1, pixels - 1), (float) (at - first));
            }
            return all;
        }
    }

    private final Windowing factors = new Windowing("UpSampling2D", 2, new int[] {2}, null);
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
        factors.size(s, "size");
        interpolation = s.choice("interpolation", interpolation);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3) {
            throw new IllegalArgumentException("UpSampling2D needs examples (height, width, channels). Received shape: " + input);
        }
        int[] size = factors.size();
        return Shape.of(Windowing.axis("UpSampling2D", (long) input.dim(0) * size[0]),
                Windowing.axis("UpSampling2D", (long) input.dim(1) * size[1]), input.dim(2));
    }

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        int[] size = factors.size();
        return new Stretch(Between.all(interpolation, size[0], x.dim(1)), Between.all(interpolation, size[1], x.dim(2)), output).apply(x);
    }

    /** Visits a pixel, at this index in its array, that contributes to a place of the output. */
    private interface Visitor {
        void share(int pixel, float share, int place);
    }

    /** @param output the shape of one example of the result */
    private record Stretch(Between[] rows, Between[] columns, Shape output) implements FusedOperation {

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
            return stretched(stretched(call.input(0), 1, rows), 2, columns);
        }

        private static Tensor stretched(Tensor x, int axis, Between[] places) {
            Tensor a = x.gather(axis, Arrays.stream(places).mapToInt(Between::first).toArray());
            Tensor b = x.gather(axis, Arrays.stream(places).mapToInt(Between::second).toArray());
            Tensor shares = Tensor.generate(i -> places[i].share, axis == 1 ? new int[] {places.length, 1, 1} : new int[] {places.length, 1});
            return Tensor.where(shares, a.add(b.subtract(a).multiply(shares)), a);
        }

        /** Visits all shares that are not 0, place by place; one of 1 is the only one of its place. */
        private void visit(Tensor small, Tensor large, Visitor visitor) {
            int width = small.dim(2);
            int channels = small.dim(3);
            for (int place = large.offset(), i = 0; i < large.dim(0) * rows.length * columns.length; i++, place += channels) {
                Between row = rows[i / columns.length % rows.length];
                Between column = columns[i % columns.length];
                int image = i / columns.length / rows.length * small.dim(1);
                for (int corner = 0; corner < 4; corner++) {
                    float share = (corner < 2 ? 1f - row.share : row.share) * (corner % 2 == 0 ? 1f - column.share : column.share);
                    if (share > 0f) {
                        int pixel = (image + (corner < 2 ? row.first : row.second)) * width + (corner % 2 == 0 ? column.first : column.second);
                        visitor.share(small.offset() + pixel * channels, share, place);
                    }
                }
            }
        }
    }
}
