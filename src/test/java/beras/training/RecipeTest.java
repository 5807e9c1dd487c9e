package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.SettingException;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.Losses;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.Metrics;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.SGD;
import beras.optimizers.Schedules;
import beras.saving.ConfigJson;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("model")
class RecipeTest {

    private static final Recipe FULL = new Recipe().layers("12:relu, dropout:0.3, batch_norm, dense(3, softmax, seed=5)")
            .loss("cross-entropy(label_smoothing=0.1)").metrics("accuracy", "top_k_categorical_accuracy(2, name=top)", "mae")
            .optimizer("adam(0.01)").schedule("cosine(warmup=0.5)").epochs(3).batchSize(8).seed(7).validationSplit(0.25)
            .classWeight(1, 2, 0.5f);

    @Test
    void saysNothingAtFirst() {
        Recipe recipe = new Recipe();
        assertEquals("Recipe(ensemble=1, epochs=1, batchSize=32, seed=0, validationSplit=0.0)", recipe.toString());
        assertEquals(List.of(), recipe.makeLayers());
        assertTrue(recipe.lossConfig().isEmpty());
        assertEquals("This recipe has no loss: add one, such as .loss(\"mse\")",
                assertThrows(IllegalStateException.class, () -> recipe.objective(Shape.of(1))).getMessage());
        assertEquals("This recipe has no optimizer: add one, such as .optimizer(\"adam\")",
                assertThrows(IllegalStateException.class, () -> recipe.makeOptimizer(1)).getMessage());
    }

    @Test
    void eachMethodGivesAChangedCopy() {
        List<UnaryOperator<Recipe>> changes = List.of(r -> r.layers("5"), r -> r.loss("mse"), r -> r.metrics("mse"),
                r -> r.metrics(), r -> r.optimizer("sgd"), r -> r.schedule("exponential"), r -> r.epochs(9), r -> r.batchSize(9),
                r -> r.seed(9), r -> r.validationSplit(0), r -> r.classWeight(1, 1, 1));
        String before = FULL.toString();
        for (UnaryOperator<Recipe> change : changes) {
            Recipe changed = change.apply(FULL);
            assertNotEquals(FULL, changed);
            assertEquals(before, FULL.toString());
            assertEquals(changed, change.apply(changed));
            assertEquals(changed.hashCode(), change.apply(changed).hashCode());
        }
        double[] weights = {1, 2, 3};
        Recipe weighed = FULL.classWeight(weights);
        weights[0] = 9;
        assertEquals(FULL.classWeight(1, 2, 3), weighed);
        List<Layer> layers = FULL.makeLayers();
        layers.clear();
        assertEquals(4, FULL.makeLayers().size());
    }

    @Test
    void comesBackFromItsConfigItsTextAndJson() {
        assertEquals(FULL, Recipe.of(FULL.config()));
        assertEquals(FULL, Recipe.of(ConfigText.parse(FULL.toString())));
        assertEquals(FULL, Recipe.of(ConfigJson.read(ConfigJson.write(FULL.config()))));
        assertEquals(new Recipe(), Recipe.of(ConfigJson.read(ConfigJson.write(new Recipe().config()))));
    }

    /** So that a file says all of it, whatever the defaults of a later version are. */
    @Test
    void partsHaveAllTheirSettingsByName() {
        Config config = FULL.config();
        Config layer = (Config) config.list("layers").get(1);
        assertEquals(new Dropout(0.3).config(), layer);
        assertEquals(List.of(), layer.arguments());
        assertEquals(new Adam(0.01f).config(), config.values().get("optimizer"));
        assertEquals("[accuracy, TopKCategoricalAccuracy(k=2, name=top), MeanAbsoluteError(name=mae)]", config.list("metrics").toString());
        Config given = Config.of("Recipe").with("layers", List.of("relu", Config.of("dropout", List.of(0.5), Map.of())))
                .with("loss", "huber").with("schedule", Config.of("cosine"));
        assertEquals(List.of(new ReLU().config(), new Dropout(0.5).config()), Recipe.of(given).config().list("layers"));
        assertEquals(Losses.REGISTRY.of("huber").config(), Recipe.of(given).config().values().get("loss"));
        assertEquals("cosine(warmup=0.0, end=0.0)", Recipe.of(given).config().values().get("schedule").toString());
    }

    /** The first weights of the command line's nets follow from these seeds. */
    @Test
    void eachLayerHasTheSeedOfItsPlaceUnlessItHasOne() {
        List<Layer> layers = FULL.makeLayers();
        for (int i = 0; i < layers.size(); i++) {
            assertEquals(i == 3 ? 5 : new Rng(7, "layer", i).bits(0), layers.get(i).config().whole("seed"));
        }
        List<Layer> byHand = List.of(new Dense(4, 12, Initializers.glorotUniform(), new Rng(7, "layer", 0).bits(0)), new ReLU(),
                new Dense(12, 3, Initializers.glorotUniform(), new Rng(7, "layer", 1).bits(0)), new Softmax());
        Sequential model = Sequential.of(new Recipe().layers("12:relu,3:softmax").seed(7), Shape.of(4));
        assertEquals(copyOfWeights(new Sequential(byHand.toArray(Layer[]::new))), copyOfWeights(model));
        assertEquals(Shape.of(4), model.inputShape());
    }

    @Test
    void isTrainedAsItSays() {
        Tensor x = Tensor.generate(i -> i % 7 / 7f, 64, 4);
        Tensor y = Tensor.generate(i -> i % 3 == i / 3 % 3 ? 1 : 0, 64, 3);
        Sequential recipe = Sequential.of(FULL, Shape.of(4));
        recipe.compile(FULL, 64); // 48 to train on
        History history = recipe.fit(Examples.of(x, y), FULL.fitOptions());
        assertEquals(List.of("loss", "accuracy", "top", "mae", "val_loss", "val_accuracy", "val_top",
                "val_mae", "learning_rate"), List.copyOf(history.epochs().get(0).names()));

        List<Layer> layers = new ArrayList<>(List.of(new Input(4)));
        layers.addAll(FULL.makeLayers());
        Sequential byHand = new Sequential(layers.toArray(Layer[]::new));
        byHand.compile(new Adam(0.01f).schedule(Schedules.REGISTRY.of("cosine", 0, 15).with("warmupTarget", (double) 0.01f).with("warmupSteps", 3)),
                new Objective(Losses.REGISTRY.of("categorical_cross_entropy(label_smoothing=0.1)")).metrics(Metrics.of("accuracy")));
        byHand.fit(x, y, new FitOptions().epochs(3).batchSize(8).seed(7).validationSplit(0.25).classWeight(1, 2, 0.5f)
                .preciseStatistics(4096));
        assertEquals(copyOfWeights(byHand), copyOfWeights(recipe));
    }

    /** A schedule ends with the training, also where a part of the examples is held out. */
    @Test
    void aScheduleDoesNotCountTheExamplesThatAreHeldOut() {
        Recipe recipe = new Recipe().layers("dense(3, softmax)").loss("cross-entropy").optimizer("sgd(0.1)").schedule("cosine")
                .epochs(2).batchSize(8).validationSplit(0.2);
        Sequential model = Sequential.of(recipe, Shape.of(4));
        model.compile(recipe, Problem.COUNT);
        model.fit(Problem.X, Problem.Y, recipe.fitOptions());
        assertEquals(2 * 11, model.optimizer().orElseThrow().steps(), "82 of 103 examples");
        assertEquals(0, model.optimizer().orElseThrow().learningRate());
        assertEquals(Problem.COUNT, new Recipe().trainingExamples(Problem.COUNT));
    }

    @Test
    void aScheduleCountsTheStepsOfTheExamples() {
        Recipe recipe = new Recipe().optimizer("sgd(0.1)").schedule("exponential(factor=0.5)").batchSize(10);
        for (int examples : new int[] {31, 40}) {
            assertEquals(0.1f, recipe.makeOptimizer(examples).learningRate());
            assertEquals("ExponentialDecay(initialLearningRate=0.10000000149011612, decaySteps=4, decayRate=0.5,"
                    + " staircase=false)", recipe.makeOptimizer(examples).config().values().get("schedule").toString());
        }
        assertEquals(new SGD(0.1f).config(), new Recipe().optimizer("sgd(0.1)").makeOptimizer(31).config());
    }

    @Test
    void anAccuracyFollowsFromTheLoss() {
        assertAccuracy("CategoricalAccuracy", "cross-entropy", 3);
        assertAccuracy("CategoricalAccuracy", "mse", 3);
        assertAccuracy("SparseCategoricalAccuracy", "sparse_categorical_cross_entropy", 3);
        assertAccuracy("BinaryAccuracy", "binary_cross_entropy", 3);
        assertAccuracy("BinaryAccuracy", "mse", 1);
    }

    private static void assertAccuracy(String type, String loss, int units) {
        Recipe recipe = new Recipe().loss(loss).metrics("accuracy", "acc", "accuracy(name=mine)", "categorical_accuracy(name=x)");
        for (Recipe each : List.of(recipe, Recipe.of(recipe.config()))) {
            Objective objective = each.objective(Shape.of(units));
            assertEquals(List.of("accuracy", "acc", "mine", "x"), objective.metrics().stream().map(m -> m.name()).toList());
            for (int i = 0; i < 3; i++) {
                assertEquals(type, objective.metrics().get(i).config().type());
            }
            assertEquals("CategoricalAccuracy", objective.metrics().get(3).config().type());
        }
        assertEquals(new CategoricalAccuracy().named("accuracy").config(), Metrics.of("accuracy").config());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "layers    | 12:relu, dens(3)       | layer 2: There is no such name for a layer. Received: dens. Did you mean dense? Known: Input, Dense",
        "layers    | 12:relu, dropout(2)    | layer 2: The rate of Dropout must be from 0 to 1. Received: 2.0",
        "layers    | 12:relu,, 3            | expected a name such as dense at character 9 of \"12:relu,, 3\". Received: ,",
        "loss      | mean                   | There is no such name for a loss. Received: mean. Did you mean mean_squared_error? Known: MeanSquaredError",
        "loss      | huber(delta=-1)        | delta",
        "metrics   | precision, mse(        | expected",
        "metrics   | accuracies             | metric 1: There is no such name for a metric. Received: accuracies. Did you mean accuracy? Known: Cat",
        "metrics   | accuracy(threshold=1)  | metric 1: CategoricalAccuracy has no setting threshold",
        "optimizer | sgd(0.1, speed=1)      | SGD has no setting speed, only",
        "optimizer | sgd(0)                 | The learning rate must be finite and above 0. Received: 0.0",
        "schedule  | cosine(speed=1)        | cosine has no setting speed, only [warmup, end]",
    })
    void aWrongPartIsRefusedNamingItsPlace(String part, String text, String message) {
        Recipe recipe = new Recipe();
        Supplier<Recipe> changed = () -> switch (part) {
            case "layers" -> recipe.layers(text);
            case "loss" -> recipe.loss(text);
            case "metrics" -> recipe.metrics(text);
            case "optimizer" -> recipe.optimizer(text);
            default -> recipe.schedule(text);
        };
        SettingException e = assertThrows(SettingException.class, changed::get);
        assertEquals(part, e.setting());
        assertTrue(e.problem().contains(message), e.problem());
        assertEquals(part + ": " + e.problem(), e.getMessage());
    }

    @Test
    void whatWasNotGivenIsFilledFromAnother() {
        Recipe given = new Recipe().epochs(3).metrics("auc");
        assertEquals(new Recipe().epochs(3).metrics("auc").batchSize(8).classWeight(1, 2).schedule("cosine").seed(4),
                given.or(new Recipe().epochs(9).batchSize(8).metrics("mae").classWeight(1, 2).schedule("cosine").seed(4)));
        assertEquals(given, given.or(new Recipe()), "nothing is given there");
        assertEquals(1, new Recipe().epochs(1).or(new Recipe().epochs(9)).epochs(), "the default was given");
        assertEquals(7, given.or(new Recipe().batchSize(7)).or(new Recipe().batchSize(8)).batchSize(), "the first counts");
        Recipe read = Recipe.of(new Recipe().epochs(3).config());
        assertEquals(3, read.or(new Recipe().epochs(9)).epochs(), "a config gives all that it has");
    }

    /** Such as the learning rate, whatever the optimizer is. */
    @Test
    void settingsOfPartsHoldInEveryOrder() {
        Recipe plain = new Recipe().layers("2, dense(1, kernel_initializer=zeros)").optimizer("sgd(learning_rate=0.5)")
                .loss("bce(label_smoothing=0.1)");
        Recipe parts = new Recipe().with("learningRate", 0.25).with("clipNorm", 2).with("initializer", "he_normal").with("l2", 0.125).with("labelSmoothing", 0.2).monitor("auc")
                .balancedClassWeight().or(plain);
        assertEquals(0.25f, parts.makeOptimizer(1).learningRate());
        assertEquals(0.5f, plain.makeOptimizer(1).learningRate());
        assertEquals("HeNormal", ((Config) parts.makeLayers().get(0).config().values().get("kernelInitializer")).type());
        assertEquals("Zeros", ((Config) parts.makeLayers().get(1).config().values().get("kernelInitializer")).type());
        assertEquals(Losses.REGISTRY.of("bce(label_smoothing=0.2)").config(), parts.makeLoss().config());
        assertEquals(parts, Recipe.of(ConfigText.parse(parts.toString())));
        assertEquals("auc", Recipe.of(parts.config()).monitor());
        assertNotEquals(plain, parts);
    }

    @Test
    void aWrongNumberIsRefused() {
        assertRefused("epochs: epochs must be at least 0. Received: -1", () -> FULL.epochs(-1));
        assertRefused("batchSize: The batch size must be at least 1. Received: 0", () -> FULL.batchSize(0));
        assertRefused("1.0", () -> FULL.validationSplit(1));
        assertRefused("Recipe has no setting speed", () -> Recipe.of(FULL.config().with("speed", 1)));
        assertRefused("layer 1: There is no such name", () -> Recipe.of(FULL.config().with("layers", List.of("dens"))));
        assertRefused("a recipe", () -> Recipe.of(Config.of("Receipt")));
    }

    private static void assertRefused(String message, Supplier<?> action) {
        String received = assertThrows(IllegalArgumentException.class, action::get).getMessage();
        assertTrue(received.contains(message), received);
    }
}
