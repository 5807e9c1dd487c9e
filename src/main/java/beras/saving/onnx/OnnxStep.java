package beras.saving.onnx;

import beras.tensor.Operation;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * One operation of a composed layer, as it was in each run of a {@link OnnxTrace trace}.
 *
 * @param runs   the operation of each run
 * @param inputs the names of the tensors that go in
 * @param shapes the sizes of the axes of each input
 * @param output those of the result
 */
record OnnxStep<O extends Operation>(OnnxTrace trace, List<O> runs, List<String> inputs, List<List<OnnxSize>> shapes,
        List<OnnxSize> output) {

    /** Why ONNX does not have something. */
    static final class Refusal extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        Refusal(String reason) {
            super(reason);
        }
    }

    /** The first tensor that goes in. */
    String x() {
        return inputs.get(0);
    }

    /** A setting that must be the same in all runs. */
    <T> T setting(String name, Function<O, T> setting) {
        T first = setting.apply(runs.get(0));
        for (O run : runs) {
            if (!Objects.deepEquals(first, setting.apply(run))) {
                throw new Refusal("the setting " + name + " depends on the batch");
            }
        }
        return first;
    }

    /** A setting that may follow the size of the batch. */
    OnnxSize size(ToIntFunction<O> setting) {
        return new OnnxSize(runs.stream().mapToInt(setting).toArray());
    }

    /** Sizes as a tensor. */
    String sizes(List<OnnxSize> sizes) {
        return trace.sizes(sizes);
    }
}
