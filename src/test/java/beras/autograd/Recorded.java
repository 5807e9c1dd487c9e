package beras.autograd;

import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** What was computed under a tape of its own, which is closed. */
public record Recorded(GradientTape tape, Tensor target) {

    /** Computes something under a new tape that watches some tensors. */
    public static Recorded of(Supplier<Tensor> computation, Tensor... watched) {
        GradientTape tape = new GradientTape();
        try (tape) {
            tape.watch(watched);
            return new Recorded(tape, computation.get());
        }
    }

    public Tensor gradient(Tensor source) {
        return tape.gradient(target, source);
    }

    public List<Tensor> gradient(List<? extends Tensor> sources) {
        return tape.gradient(target, sources);
    }

    public List<Tensor> gradient(List<? extends Tensor> sources, Tensor upstream) {
        return tape.gradient(target, sources, upstream);
    }
}
