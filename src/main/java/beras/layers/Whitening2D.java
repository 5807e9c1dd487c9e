package beras.layers;

import beras.config.Arguments;
import beras.config.Config;
import beras.config.Settings;
import beras.tensor.Tensor;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * A whitening first convolution of images {@code (batch, height, width, channels)} that is not trained: its outputs have mean
 * 0, variance 1 and no correlation, so that the layers behind it train faster (Jordan, 94% on CIFAR-10 in 3.29 Seconds on a
 * Single GPU, arXiv 2404.00498, section 3.2).
 *
 * <p>Filter {@code i} is eigenvector {@code i} of the covariance of all patches of {@code kernelSize}, divided by
 * {@code sqrt(eigenvalue + epsilon * mean of the eigenvalues)}; a bias takes the mean off. As many filters behind them are the
 * same with the other sign, for an activation that cuts off negative numbers. So there are
 * {@code 2 * kernel height * kernel width * channels}. {@link #adapt} learns them from images, which {@code train} and
 * {@code beras.models.Models#adapt} do; before, the filters are random and orthogonal, as if the pixels were white already.
 */
public final class Whitening2D extends Convolution<Whitening2D> {

    /** At most so many patches make the covariance; of more images each is taken at some of its places. */
    private static final int MOST_PATCHES = 1 << 20;

    private double epsilon = 5e-4; // of the mean variance: directions in which patches hardly differ are not made too large

    Whitening2D() {
        super(Form.FULL, 2);
    }

    /**
     * @param kernelSize height and width of a patch, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public Whitening2D(int... kernelSize) {
        super(Form.FULL, 2);
        set("kernelSize", kernelSize);
    }

    @Override
    public void settings(Settings s) {
        windowing().size(s.required(), "kernelSize");
        windowing().move(s);
        activationSetting(s);
        epsilon = Arguments.notNegative("epsilon", s.number("epsilon", epsilon));
    }

    @Override
    boolean isFixed() {
        return true;
    }

    @Override
    int filtersOf(int channels) {
        int[] size = windowing().size();
        return Math.multiplyExact(2 * channels, Math.multiplyExact(size[0], size[1]));
    }

    /** The same function as an ordinary convolution, for a format without whitening. */
    public Config convolution() {
        Config own = config();
        return new Conv2D(w().dim(-1), windowing().size()).config().with("strides", own.values().get("strides"))
                .with("padding", own.values().get("padding")).with("activation", own.values().get("activation"))
                .with("name", own.values().get("name"));
    }

    @Override
    public boolean adapts() {
        return true;
    }

    /**
     * Learns the filters, replacing earlier ones.
     *
     * @param images {@code (count, height, width, channels)}
     * @throws IllegalArgumentException if there are no images, they are smaller than the patches, have other channels than this
     *     layer, or a pixel is not finite
     */
    @Override
    public void adapt(Tensor images) {
        if (images.rank() != 4 || images.size() == 0) {
            throw new IllegalArgumentException("Whitening2D needs images (count, height, width, channels) to adapt to. Received"
                    + " shape: " + images.shape());
        }
        build(List.of(images.shape().rest()));
        double[] mean = new double[w().size() / w().dim(-1)];
        SymmetricMatrix.Eigen[] all = SymmetricMatrix.decompose(covariance(images, mean));
        double sum = 0;
        for (SymmetricMatrix.Eigen eigen : all) {
            sum += eigen.value();
        }
        if (!Double.isFinite(sum)) {
            throw new IllegalArgumentException("Whitening2D needs pixels that are finite. Received: a covariance of " + sum);
        }
        int n = mean.length;
        float[] kernel = new float[2 * n * n];
        float[] bias = new float[2 * n];
        for (int i = 0; i < n; i++) {
            double variance = Math.max(0, all[i].value()) + epsilon * sum / n;
            double scale = variance > 0 ? 1 / Math.sqrt(variance) : 1;
            double shift = 0;
            for (int j = 0; j < n; j++) {
                double weight = scale * all[i].vector()[j];
                kernel[j * 2 * n + i] = (float) weight;
                kernel[j * 2 * n + n + i] = (float) -weight;
                shift -= weight * mean[j];
            }
            bias[i] = (float) shift;
            bias[n + i] = (float) -shift;
        }
        w().assign(Tensor.wrap(kernel, w().shape()));
        b().assign(Tensor.wrap(bias, b().shape()));
    }

    /** The covariance of the patches of images, and their mean. */
    private double[][] covariance(Tensor images, double[] mean) {
        int[] size = windowing().size();
        int height = images.dim(1) - size[0] + 1;
        int width = images.dim(2) - size[1] + 1;
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("Whitening2D needs images that are not smaller than its patches, "
                    + Arrays.toString(size) + ", to adapt to. Received shape: " + images.shape());
        }
        long patches = (long) images.dim(0) * height * width;
        long step = (patches + MOST_PATCHES - 1) / MOST_PATCHES;
        while (BigInteger.valueOf(step).gcd(BigInteger.valueOf((long) height * width)).intValue() > 1) {
            step++; // or only some rows and columns would be seen
        }
        Tensor x = images.contiguous();
        int n = mean.length;
        double[] patch = new double[n];
        double[][] products = new double[n][n];
        long count = (patches + step - 1) / step;
        for (long place = 0; place < patches; place += step) {
            read(x, place, height, width, patch);
            for (int i = 0; i < n; i++) {
                mean[i] += patch[i];
            }
        }
        for (int i = 0; i < n; i++) {
            mean[i] /= count;
        }
        for (long place = 0; place < patches; place += step) { // centred first: a difference of large numbers is never taken
            read(x, place, height, width, patch);
            for (int i = 0; i < n; i++) {
                patch[i] -= mean[i];
                for (int j = 0; j <= i; j++) {
                    products[j][i] += patch[j] * patch[i];
                }
            }
        }
        for (double[] row : products) {
            for (int i = 0; i < n; i++) {
                row[i] /= count;
            }
        }
        return products;
    }

    /** The pixels of a patch, in the order of a kernel. */
    private void read(Tensor x, long place, int height, int width, double[] patch) {
        int[] size = windowing().size();
        int image = (int) (place / ((long) height * width));
        int row = (int) (place / width % height);
        int column = (int) (place % width);
        int run = size[1] * x.dim(3);
        for (int i = 0; i < size[0]; i++) {
            int from = x.offset() + ((image * x.dim(1) + row + i) * x.dim(2) + column) * x.dim(3);
            for (int j = 0; j < run; j++) {
                patch[i * run + j] = x.data()[from + j];
            }
        }
    }
}
