package beras.models;

import beras.training.Recipe;
import java.io.IOException;

/**
 * The source of a training run's examples, before they are read. Each step returns the object for the next one:
 *
 * <pre>{@code
 * Recipe given = new Recipe().seed(1);
 * TrainingData data = source.read(System.err::println);
 * Recipe recipe = data.complete(given);
 * Model model = Models.of(recipe, data.inputShape());
 * data.prepare(model);
 * RecipeTraining training = new RecipeTraining(recipe, data.open(System.err::println), model);
 * }</pre>
 */
public interface DataSource {

    /** Whether examples are held out to validate. */
    boolean holdsOut();

    /** Whether training stops early if nothing is given, and the best weights are kept; else the last are. */
    default boolean stopsEarly() {
        return false;
    }

    /** Whether reading is work for all threads, so that it is not for a thread in the background. */
    default boolean readsInParallel() {
        return false;
    }

    /**
     * Rejects settings that cannot work, whatever the data are.
     *
     * @throws beras.config.SettingException if a setting of the recipe does not fit
     * @throws IOException if the data cannot be used
     */
    void check(Recipe given) throws IOException;

    /**
     * Reads the data, as far as the design of a network for them needs.
     *
     * @throws IOException if the data cannot be used
     * @throws beras.config.SettingException if a setting of the source does not fit the data
     */
    TrainingData read(ReadListener listener) throws IOException;
}
