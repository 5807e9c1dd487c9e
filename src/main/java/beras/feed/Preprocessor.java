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
 * Encodes examples, such as rows of a table or images, as the inputs of a model, and decodes its outputs. Immutable, and so
 * thread-safe.
 *
 * <p>It is part of a model like the weights. To load it from a model file, a {@link Maker} must create it from its {@link #config}.
 */
public interface Preprocessor extends Configurable {

    /** The shape of an example encoded by {@link #encode(Object)}. */
    Shape inputShape();

    /** The shape of an output for {@link #decode}. */
    Shape outputShape();

    /**
     * Encodes an example as inputs of the model.
     *
     * @param example an example of the type that this preprocessor accepts
     * @param out     receives {@code inputShape().size()} numbers from index {@code at} on
     * @throws IllegalArgumentException if the example has another type or an invalid value, which the message names
     */
    void encode(Object example, float[] out, int at);

    /**
     * Decodes an output of the model.
     *
     * @param output holds {@code outputShape().size()} numbers from index {@code at} on
     * @throws IllegalArgumentException if one of them is not finite
     */
    Prediction decode(float[] output, int at);

    /** The encoding for files by which other systems repeat it; empty, the default, if it cannot be expressed so. */
    default Optional<Encoding> encoding() {
        return Optional.empty();
    }

    /** The inputs of the model for one example; see {@link #encode(Object, float[], int)}. */
    default float[] encode(Object example) {
        float[] out = new float[inputShape().size()];
        encode(example, out, 0);
        return out;
    }

    /**
     * The inputs of the model for some examples: {@code (count, ...)}.
     *
     * @throws IllegalArgumentException as {@link #encode(Object, float[], int)}, with the number of the example, from 0
     */
    default Tensor encodeAll(List<?> examples) {
        float[] out = new float[Math.multiplyExact(inputShape().size(), examples.size())];
        encodeAll(examples, 0, examples.size(), out);
        return Tensor.wrap(out, inputShape().prepend(examples.size()));
    }

    /**
     * Encodes some consecutive examples of a list, one after the other.
     *
     * @param from  the index of the first
     * @param count the number of examples
     * @param out   receives {@code count * inputShape().size()} numbers
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
     * Decodes outputs {@code (count, ...)}.
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

        /** Whether it makes preprocessors of this type. */
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
     * @throws IllegalArgumentException if there is no maker for the type, or a setting is missing or wrong
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
