package beras.losses;

import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * {@code (1 - q)^gamma} times the {@linkplain BinaryCrossEntropy binary cross-entropy}, with {@code q} the probability that the
 * prediction gives the truth: for outputs that are binary each by itself, of which few are hard. Mean over the last axis, then over the
 * batch. With {@code applyClassBalancing} it is multiplied by {@code alpha} where the target is 1, and by {@code 1 - alpha} where it is 0.
 *
 * <p>Settings, as in Keras: {@code alpha} 0.25, {@code gamma} 2, {@code fromLogits} false, {@code labelSmoothing} 0,
 * {@code applyClassBalancing} false.
 *
 * <pre>{@code
 * model.compile("adam", new BinaryFocalCrossEntropy().with("gamma", 3));
 * }</pre>
 */
public final class BinaryFocalCrossEntropy extends FocalLoss {

    private boolean applyClassBalancing;

    public BinaryFocalCrossEntropy() {
        super(false);
    }

    @Override
    public void settings(Settings s) {
        super.settings(s);
        applyClassBalancing = s.flag("applyClassBalancing", applyClassBalancing);
    }

    @Override
    Tensor focal(Tensor p, Tensor target) {
        Tensor no = rest(target);
        Tensor q = target.multiply(p).add(no.multiply(rest(p)));
        Tensor clipped = clipped(p);
        Tensor entropy = target.multiply(clipped.log()).add(no.multiply(rest(clipped).log())).negate();
        Tensor focal = focus(q).multiply(entropy);
        return applyClassBalancing ? focal.multiply(target.multiply(alpha()).add(no.multiply(1 - alpha()))) : focal;
    }
}
