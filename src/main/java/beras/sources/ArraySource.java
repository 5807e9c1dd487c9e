package beras.sources;

import beras.config.SettingException;
import beras.data.ArrayPreprocessor;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.Splits.Split;
import beras.data.table.TableTarget.Task;
import beras.feed.Examples;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.sources.ArrayFiles.Numbers;
import beras.tables.TableDefaults;
import beras.tables.TableOrigin;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The arrays {@code x} and {@code y} of a file of NumPy, or {@code x_train} and {@code y_train}, perhaps with {@code x_test} and
 * {@code y_test}. As for a table, numbers are standardized by the training examples: those of x by a first layer, so that the
 * model takes raw numbers, those of y by constants in the model file.
 *
 * @param path            of the file
 * @param task            the kind of prediction; empty: as the values of y suggest
 * @param validationSplit the share of the examples that is held out, each label in proportion, such as
 *                        {@link TableDefaults#VALIDATION_SPLIT_OF_ARRAYS}
 * @param splitSeed       selects the held-out examples
 */
public record ArraySource(Path path, Optional<Task> task, double validationSplit, long splitSeed) implements DataSource {

    @Override
    public boolean holdsOut() {
        return validationSplit > 0;
    }

    @Override
    public void check(Recipe given) {
        given.check(new Recipe().optimizer(ImageNet.OPTIMIZER)); // whether the rest fits depends on the data
    }

    @Override
    public ArrayData read(ReadListener listener) throws IOException {
        Numbers numbers = ArrayFiles.numbers(path, task, listener);
        examples(path, numbers);
        return new ArrayData(this, numbers, split(numbers));
    }

    private Split split(Numbers numbers) {
        try {
            return split(numbers, validationSplit, splitSeed);
        } catch (IllegalArgumentException e) {
            throw new SettingException("validationSplit", e.getMessage(), e);
        }
    }

    private static Split split(Numbers numbers, double share, long seed) {
        return numbers.labels().isEmpty() ? Splits.random(numbers.x().dim(0), share, 0, seed)
                : Splits.stratified(numbers.labels().get(), share, 0, seed);
    }

    /**
     * The examples to evaluate a model on: {@code x_test} and {@code y_test} if the file has them; else {@code x} and
     * {@code y}, or the held-out ones if the model was trained on this file.
     *
     * @param provenance of the model
     * @throws DataException if they do not fit the model
     */
    public static Examples tested(Path path, ArrayPreprocessor model, Map<String, String> provenance, ReadListener listener)
            throws IOException {
        Numbers numbers = ArrayFiles.tested(path, model, listener);
        Examples examples = examples(path, numbers);
        if (numbers.tests().isPresent() || !DataHash.of(path).equals(Optional.ofNullable(provenance.get(TableOrigin.DATA_HASH)))) {
            return examples;
        }
        Optional<Examples> held = held(numbers, examples, provenance);
        listener.onRemark(path + " is the file that the model was trained on" + (held.isEmpty() ? ", so that these numbers are better than"
                + " those of new examples" : ": the examples are taken that were held out then"));
        return held.orElse(examples);
    }

    /** The examples that were held out; empty if none were, or the model does not contain which. */
    private static Optional<Examples> held(Numbers numbers, Examples examples, Map<String, String> provenance) {
        try {
            double share = Double.parseDouble(provenance.getOrDefault(ImageData.VALIDATION_SPLIT, "0"));
            long seed = Long.parseLong(provenance.getOrDefault(ImageData.SPLIT_SEED, ""));
            return share == 0 ? Optional.empty() : Optional.of(examples.select(split(numbers, share, seed).validation()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @throws DataException if a number is not finite */
    static Examples examples(Path path, Numbers numbers) throws DataException {
        try {
            return Examples.of(numbers.x(), numbers.y());
        } catch (IllegalArgumentException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }
}
