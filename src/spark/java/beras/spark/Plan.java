package beras.spark;

import beras.config.Config;
import beras.saving.ConfigJson;
import beras.training.Recipe;
import com.google.gson.JsonParser;
import java.io.Serializable;

/**
 * What a training in shards does, the same on the driver and in each task.
 *
 * @param id       of the training
 * @param json     its recipe
 * @param width    of the inputs
 * @param rows     of each shard
 * @param shards   how many there are, a power of two
 * @param local    after so many steps the shards meet; with 1 they meet in each step, and their gradients are summed; with more each
 *                 shard makes steps of its own, and the weights are averaged
 */
record Plan(String id, String json, int width, int[] rows, int shards, int local) implements Serializable {

    private static final long serialVersionUID = 1;

    static String json(Recipe recipe) {
        return ConfigJson.write(recipe.config()).toString();
    }

    Recipe recipe() {
        Config config = ConfigJson.read(JsonParser.parseString(json).getAsJsonObject());
        return Recipe.of(config);
    }

    /** Whether shards give gradients; else they give weights. */
    boolean isInStep() {
        return local == 1;
    }

    /** How many steps an epoch has: those of the longest shard. */
    int steps(int perShard) {
        int most = 0;
        for (int count : rows) {
            most = Math.max(most, count);
        }
        return (most + perShard - 1) / perShard;
    }

    /** How many rows all shards together have in steps {@code from} (inclusive) to {@code to} (exclusive) of an epoch. */
    long rows(int from, int to, int perShard) {
        long sum = 0;
        for (int count : rows) {
            sum += rows(count, from, to, perShard);
        }
        return sum;
    }

    /** As {@link #rows(int, int, int)}, of a shard of so many. */
    static long rows(int count, int from, int to, int perShard) {
        return Math.max(0, Math.min(count, (long) to * perShard) - Math.min(count, (long) from * perShard));
    }
}
