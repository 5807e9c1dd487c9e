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
 * {@code y_test}. As of a table, numbers are standardized by the examples to train on: those
 * of x by a first layer, so that the model takes them as they are, numbers by what the model file keeps.
 *
 * @param path            of the file
 * @param task            what is predicted; empty: what the values of y suggest
 * @param validationSplit the share of the examples that is held out, each label in proportion, such as
 *                        {@link TableDefaults#VALIDATION_SPLIT_OF_ARRAYS}
 * @param splitSeed       what decides which are held out
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
     * The examples by which a model is evaluated: {@code x_test} and {@code y_test} if the file has them; else {@code x} and {@code y},
     * of the file that it was trained on those that were held out.
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
        double share = Double.parseDouble(provenance.getOrDefault(ImageData.VALIDATION_SPLIT, "0"));
        listener.onRemark(path + " is the file that the model was trained on" + (share == 0 ? ", so that these numbers are better than those"
                + " of new examples" : ": the examples are taken that were held out then"));
        return share == 0 ? examples
                : examples.select(split(numbers, share, Long.parseLong(provenance.get(ImageData.SPLIT_SEED))).validation());
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
