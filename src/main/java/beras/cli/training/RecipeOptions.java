package beras.cli.training;

import beras.cli.options.Usage;
import beras.cli.terminal.Text;
import beras.config.SettingException;
import beras.data.table.NamedValues;
import beras.training.PartialRecipe;
import beras.training.Recipe;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The recipe as far as the options of {@code train} give it. */
final class RecipeOptions {

    static PartialRecipe given(CommandSpec spec, TrainOptions options) {
        PartialRecipe given = new PartialRecipe(recipe(options)).initializer(options.initializer);
        given = options.l2 == null ? given : given.l2(options.l2);
        given = options.layers == null ? given : given.layers(options.layers);
        given = options.optimizer == null ? given : given.optimizer(options.optimizer);
        given = options.learningRate == null ? given : given.learningRate(options.learningRate);
        given = options.weightDecay == null ? given : given.weightDecay(options.weightDecay);
        given = options.clipNorm == null ? given : given.clipNorm(options.clipNorm);
        given = options.ema == null ? given : given.ema(options.ema);
        given = options.labelSmoothing == null ? given : given.labelSmoothing(options.labelSmoothing);
        given = options.monitor == null ? given : given.monitor(options.monitor);
        given = options.reduceLr == null ? given : given.unscheduled();
        if (options.classWeight == null) {
            return given;
        }
        return options.classWeight.equals("balanced") ? given.balancedClassWeight()
                : given.classWeight(Usage.check(spec, "--class-weight", () -> weights(options.classWeight)));
    }

    private static Recipe recipe(TrainOptions options) {
        Recipe recipe = new Recipe().seed(options.seed);
        recipe = options.ensemble == null ? recipe : recipe.ensemble(options.ensemble);
        recipe = options.views == null ? recipe : recipe.views(options.views);
        recipe = options.batchSize == null ? recipe : recipe.batchSize(options.batchSize);
        recipe = options.epochs == null ? recipe : recipe.epochs(SettingException.requireAtLeast("epochs", 1, options.epochs));
        recipe = options.lrSchedule == null ? recipe : recipe.schedule(options.lrSchedule);
        recipe = options.loss == null ? recipe : recipe.loss(options.loss);
        return options.metrics == null ? recipe : recipe.metrics(options.metrics);
    }

    private static Map<String, Double> weights(String text) {
        Map<String, Double> weights = new LinkedHashMap<>();
        NamedValues.parse(text).forEach((label, weight) -> weights.put(label, Text.number(label, weight)));
        return weights;
    }

    private RecipeOptions() {}
}
