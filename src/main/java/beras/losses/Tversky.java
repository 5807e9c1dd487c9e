package beras.losses;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * {@code 1 - both / (both + alpha * sum(target * (1 - prediction)) + beta * sum(prediction * (1 - target)) + 1e-7)} with
 * {@code both = sum(target * prediction)}, for numbers from 0 to 1: as {@link Dice}, which it is for an alpha and a beta of 0.5, with
 * weights of what the prediction misses, {@code alpha}, and of what it marks in excess, {@code beta}; Salehi et al. (2017). (Keras's code has
 * alpha at what is missed, as here; its description has it at the excess.)
 *
 * <pre>{@code
 * model.compile("adam", new Tversky().with("alpha", 0.7).with("beta", 0.3));
 * }</pre>
 */
public final class Tversky extends OverlapLoss {

    private float alpha = 0.5f;
    private float beta = 0.5f;

    @Override
    public void settings(Settings s) {
        alpha = Arguments.notNegative("alpha of Tversky", s.real("alpha", alpha));
        beta = Arguments.notNegative("beta of Tversky", s.real("beta", beta));
        super.settings(s);
    }

    @Override
    Tensor overlap(Tensor predictions, Tensor target, int... axes) {
        Tensor both = target.multiply(predictions).sum(axes);
        Tensor missed = target.multiply(Tensor.scalar(1).subtract(predictions)).sum(axes);
        Tensor excess = predictions.multiply(Tensor.scalar(1).subtract(target)).sum(axes);
        return both.divide(both.add(missed.multiply(alpha)).add(excess.multiply(beta)).add(EPSILON));
    }
}
