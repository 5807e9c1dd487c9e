package beras.cli.training;

import beras.cli.options.Usage;
import beras.cli.terminal.Text;
import beras.config.SettingException;
import beras.data.table.NamedValues;
import beras.training.Recipe;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The recipe as far as the options of {@code train} give it. */
final class RecipeOptions {

    static Recipe given(CommandSpec spec, TrainOptions options) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("seed", options.seed);
        settings.put("ensemble", options.ensemble);
        settings.put("views", options.views);
        settings.put("batchSize", options.batchSize);
        settings.put("epochs", options.epochs == null ? null : SettingException.requireAtLeast("epochs", 1, options.epochs));
        settings.put("schedule", options.lrSchedule);
        settings.put("loss", options.loss);
        settings.put("metrics", options.metrics);
        settings.put("initializer", options.initializer);
        settings.put("l2", options.l2);
        settings.put("layers", options.layers);
        settings.put("optimizer", options.optimizer);
        settings.put("learningRate", options.learningRate);
        settings.put("weightDecay", options.weightDecay);
        settings.put("clipNorm", options.clipNorm);
        settings.put("ema", options.ema);
        settings.put("labelSmoothing", options.labelSmoothing);
        settings.put("monitor", options.monitor);
        Recipe given = new Recipe();
        for (Map.Entry<String, Object> setting : settings.entrySet()) {
            given = setting.getValue() == null ? given : given.with(setting.getKey(), setting.getValue());
        }
        given = options.reduceLr == null ? given : given.with("schedule", null);
        if (options.classWeight == null) {
            return given;
        }
        return options.classWeight.equals("balanced") ? given.balancedClassWeight()
                : given.classWeight(Usage.check(spec, "--class-weight", () -> weights(options.classWeight)));
    }

    private static Map<String, Double> weights(String text) {
        Map<String, Double> weights = new LinkedHashMap<>();
        NamedValues.parse(text).forEach((label, weight) -> weights.put(label, Text.number(label, weight)));
        return weights;
    }

    private RecipeOptions() {}
}
