package beras.bench.kernels;

/** The baseline of {@link Exp}: a plain loop, as one writes it without a library. */
public class ExpByMathExp extends Exp {

    @Override
    protected void call() {
        for (int i = 0; i < x.length; i++) {
            // The sum is for the baseline's good: on JDK 17 the conversion of a float straight from memory to double waits for
            // the element before it, and the loop takes three times as long.
            y[i] = (float) Math.exp(x[i] + 0f);
        }
    }
}
