package beras.tables;

import beras.config.Config;
import beras.config.ConfigText;
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

    /** The settings of {@link TableDefaults} for so many training rows. */
    static TrialSettings defaults(long rows) {
        return new TrialSettings(TableDefaults.learningRate(rows), TableDefaults.layers(rows), 0, TableDefaults.WEIGHT_DECAY,
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

    /** The recipe with these settings instead of its own. */
    Recipe apply(Recipe recipe, TableTarget target) {
        return recipe.layers(net(target)).batchSize(batchSize).with("optimizer", ConfigText.parse(TableDefaults.OPTIMIZER)
                .with("learningRate", learningRate).with("weightDecay", weightDecay));
    }
}
