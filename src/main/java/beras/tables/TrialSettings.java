package beras.tables;

import beras.config.Config;
import beras.config.ConfigText;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.layers.Dense;
import beras.layers.Layers;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The hyperparameters that a {@link Tuning} chooses for one trial.
 *
 * @param learningRate the size of a step
 * @param layers       the layers before the output, without dropout, such as {@code 64:relu,32:relu}
 * @param dropout      the dropout rate behind each of these dense layers; 0: none
 * @param weightDecay  times the learning rate: the share by which the weights shrink in each step, as AdamW does; 0: none
 * @param batchSize    rows per step
 */
public record TrialSettings(float learningRate, String layers, double dropout, double weightDecay,
        int batchSize) {

    /** The settings of {@link TableDefaults} for a table. */
    static TrialSettings defaults(TableSchema schema) {
        long rows = schema.rows();
        return new TrialSettings(TableDefaults.learningRate(rows), TableDefaults.layers(schema), 0, TableDefaults.WEIGHT_DECAY,
                TableDefaults.batchSize(rows));
    }

    /** The whole network for a target, as {@link ConfigText} reads it. */
    public String net(TableTarget target) {
        List<Config> net = new ArrayList<>();
        for (Config layer : ConfigText.parseList(layers)) {
            net.add(layer);
            if (dropout > 0 && Layers.REGISTRY.of(layer) instanceof Dense) {
                net.add(ConfigText.parse("dropout:" + dropout));
            }
        }
        net.add(ConfigText.parse(TableDefaults.output(target)));
        return ConfigText.print(net);
    }

    /** The recipe with these settings instead of its own, and what reads the sequences of a table before these layers. */
    Recipe apply(Recipe recipe, TableSchema schema) {
        return TableDefaults.reading(recipe.layers(net(schema.target())), schema).batchSize(batchSize).with("optimizer", ConfigText.parse(TableDefaults.OPTIMIZER)
                .with("learningRate", learningRate).with("weightDecay", weightDecay));
    }
}
