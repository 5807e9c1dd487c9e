package beras.spark;

import beras.config.Config;
import beras.saving.ConfigJson;
import beras.training.Recipe;
import com.google.gson.JsonParser;
import java.io.Serializable;

/**
 * The plan of a training run in shards, the same on the driver and in each task.
 *
 * @param json     its recipe
 * @param width    of the inputs
 * @param rows     to train on of each shard
 * @param shards   how many there are, a power of two
 * @param local    after so many steps the shards synchronise; with 1 in each step, and their gradients are summed; with more
 *     each shard makes its own steps, and the weights are averaged
 * @param steps    how many an epoch has
 */
record Plan(String json, int width, int[] rows, int shards, int local, int steps) implements Serializable {

    private static final long serialVersionUID = 1;

    /**
     * The plan of a recipe, which has as many steps as on one machine.
     *
     * @throws IllegalArgumentException if these are too many, or there are fewer rows in a step than shards
     */
    static Plan of(Recipe recipe, int width, int[] rows, int local) {
        long all = 0;
        for (int count : rows) {
            all += count;
        }
        requireRoom(recipe.batchSize(), rows.length);
        long steps = (all + recipe.batchSize() - 1) / recipe.batchSize();
        if (steps * Math.max(1, recipe.epochs()) > Integer.MAX_VALUE) { // an optimizer counts no more
            throw new IllegalArgumentException("A training has at most " + Integer.MAX_VALUE + " steps. Received: " + steps
                    + " steps in each of " + recipe.epochs() + " epochs. Set fewer epochs or a larger batchSize");
        }
        return new Plan(ConfigJson.write(recipe.config()).toString(), width, rows, rows.length, local, (int) steps);
    }

    /** Refuses batches that have no row for some step: with at least one row for each shard, some shard has one in each. */
    static void requireRoom(int batchSize, int shards) {
        if (batchSize < shards) {
            throw new IllegalArgumentException("batchSize must be at least as large as shards, so that no step is without rows."
                    + " Received: a batchSize of " + batchSize + " and " + shards + " shards. Set fewer shards or a larger batchSize");
        }
    }

    Recipe recipe() {
        Config config = ConfigJson.read(JsonParser.parseString(json).getAsJsonObject());
        return Recipe.of(config);
    }

    /** Whether shards give gradients; else they give weights. */
    boolean isInStep() {
        return local == 1;
    }

    /**
     * The place of a shard's first row for a step: its rows are shared out evenly, so that no step has but a few, whose gradients
     * would be larger than all others.
     */
    int first(int shardRows, int step) {
        return (int) ((long) shardRows * step / steps);
    }

    /** How many rows all shards together have in steps {@code from} (inclusive) to {@code to} (exclusive) of an epoch. */
    long rows(int from, int to) {
        long sum = 0;
        for (int count : rows) {
            sum += first(count, to) - first(count, from);
        }
        return sum;
    }
}
