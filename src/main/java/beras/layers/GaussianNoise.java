package beras.layers;

import beras.config.Arguments;
import beras.tensor.Tensor;

/**
 * Adds normal noise of mean 0 in training, against overfitting. Outside training the input passes unchanged. Any shape.
 *
 * <p>The noise of the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the element.
 */
public final class GaussianNoise extends RandomFactors {

    GaussianNoise() {
        super("noise");
    }

    /**
     * @param stddev the standard deviation of the noise, finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public GaussianNoise(double stddev) {
        super("noise", stddev);
    }

    @Override
    String setting() {
        return "stddev";
    }

    @Override
    double checked(double given) {
        return Arguments.notNegative("stddev of GaussianNoise", given);
    }

    @Override
    void fill(Tensor noise) {
        fillNormal(noise, 0, rate());
    }

    @Override
    Tensor result(Tensor x, Tensor noise) {
        return x.add(noise);
    }
}
