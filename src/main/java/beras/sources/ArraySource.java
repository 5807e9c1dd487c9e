package beras.sources;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.Splits.Split;
import beras.data.table.TableTarget.Task;
import beras.feed.Examples;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.sources.ArrayFiles.Numbers;
import beras.tables.TableDefaults;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The arrays {@code x} and {@code y} of a file of NumPy. As of a table, numbers are standardized by the examples to train on: those
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
        try {
            Examples.of(numbers.x(), numbers.y());
        } catch (IllegalArgumentException e) { // such as NaN
            throw new DataException(path + ": " + e.getMessage(), e);
        }
        return new ArrayData(this, numbers, split(numbers));
    }

    private Split split(Numbers numbers) {
        try {
            return numbers.labels().isEmpty() ? Splits.random(numbers.x().dim(0), validationSplit, 0, splitSeed)
                    : Splits.stratified(numbers.labels().get(), validationSplit, 0, splitSeed);
        } catch (IllegalArgumentException e) {
            throw new SettingException("validationSplit", e.getMessage(), e);
        }
    }
}
