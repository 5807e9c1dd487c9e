package beras.feed;

import beras.config.Config;
import beras.config.Configurable;
import beras.prediction.Encoding;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What stands between a model and the data that it is for: it makes the numbers that a model takes from one example, such as
 * a row of a table or an image, and says what the numbers mean that the model gives. Immutable, and so safe in several threads.
 *
 * <p>It belongs to a model as its weights do. So that a model file can keep it, there must be a {@link Maker} that makes it
 * from its {@link #config}.
 */
public interface Preprocessor extends Configurable {

    /** The shape of what {@link #encode(Object)} makes of one example. */
    Shape inputShape();

    /** The shape of what {@link #decode} takes. */
    Shape outputShape();

    /**
     * Writes what the model takes.
     *
     * @param example of the kind that this preprocessor is for
     * @param out     takes {@code inputShape().size()} numbers from index {@code at} on
     * @throws IllegalArgumentException if the example is of another kind, or something in it is wrong, naming it
     */
    void encode(Object example, float[] out, int at);

    /**
     * What an output of the model means.
     *
     * @param output holds {@code outputShape().size()} numbers from index {@code at} on
     * @throws IllegalArgumentException if one of them is not finite
     */
    Prediction decode(float[] output, int at);

    /** What this does, for files that have other systems do the same; empty, the default, if it cannot be expressed so. */
    default Optional<Encoding> encoding() {
        return Optional.empty();
    }

    /** What the model takes, for one example; see {@link #encode(Object, float[], int)}. */
    default float[] encode(Object example) {
        float[] out = new float[inputShape().size()];
        encode(example, out, 0);
        return out;
    }

    /**
     * What the model takes, for some examples: {@code (count, ...)}.
     *
     * @throws IllegalArgumentException as {@link #encode(Object, float[], int)}, naming the example by its number from 0
     */
    default Tensor encodeAll(List<?> examples) {
        float[] out = new float[Math.multiplyExact(inputShape().size(), examples.size())];
        encodeAll(examples, 0, examples.size(), out);
        return Tensor.wrap(out, inputShape().prepend(examples.size()));
    }

    /**
     * Writes what the model takes, for some of the examples of a list, one after the other.
     *
     * @param from  the number of the first, from 0
     * @param count how many
     * @param out   takes {@code count * inputShape().size()} numbers
     * @throws IllegalArgumentException as {@link #encodeAll(List)}
     */
    default void encodeAll(List<?> examples, int from, int count, float[] out) {
        int size = inputShape().size();
        for (int i = 0; i < count; i++) {
            try {
                encode(examples.get(from + i), out, i * size);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Example " + (from + i) + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * What outputs {@code (count, ...)} mean.
     *
     * @throws IllegalArgumentException if one of them is not finite, or they have another shape
     */
    default List<Prediction> decodeAll(Tensor outputs) {
        if (outputs.rank() == 0 || !outputs.shape().rest().equals(outputShape())) {
            throw new IllegalArgumentException("Outputs must have shape " + outputShape().prepend(1)
                    + " with any first axis. Received: " + outputs.shape());
        }
        Tensor flat = outputs.contiguous();
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < outputs.dim(0); i++) {
            predictions.add(decode(flat.data(), flat.offset() + i * outputShape().size()));
        }
        return predictions;
    }

    /** Makes preprocessors from their {@link #config}; found by {@link ServiceLoader}. */
    interface Maker {

        /** Whether it makes those of this type. */
        boolean makes(String type);

        /**
         * The preprocessor of a config.
         *
         * @throws IllegalArgumentException if a setting is missing or wrong
         */
        Preprocessor make(Config config);
    }

    /**
     * The preprocessor that has this config.
     *
     * @throws IllegalArgumentException if nobody makes such, or a setting is missing or wrong
     */
    static Preprocessor of(Config config) {
        for (Maker maker : ServiceLoader.load(Maker.class)) {
            if (maker.makes(config.type())) {
                return maker.make(config);
            }
        }
        throw new IllegalArgumentException("There is no preprocessor of this type here. Received: " + config.type());
    }
}
