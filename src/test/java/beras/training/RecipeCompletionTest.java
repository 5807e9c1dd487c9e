package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.SettingException;
import beras.metrics.Metrics;
import beras.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("training")
class RecipeCompletionTest {

    private static final Recipe DEFAULTS = new Recipe().layers("4:relu,3:softmax").epochs(7).batchSize(16).ensemble(3)
            .optimizer("adam");
    private static final Recipe NOTHING = new Recipe();
    private static final Targets LABELS = targets(List.of("a", "b", "c"), 3);
    private static final Targets NUMBERS = targets(List.of(), 1);

    private static Targets targets(List<String> labels, int width) {
        return new Targets() {

            @Override
            public Shape targetShape() {
                return Shape.of(width);
            }

            @Override
            public List<String> labels() {
                return labels;
            }

            @Override
            public double[] balancedClassWeights() {
                return new double[] {0.5, 1, 2};
            }
        };
    }

    private static Recipe complete(Recipe given) {
        return given.complete(DEFAULTS, LABELS);
    }

    private static Recipe regression(Recipe given) {
        return given.complete(DEFAULTS.layers("4:relu,1:linear"), NUMBERS);
    }

    private static Config layer(Recipe recipe, int i) {
        return recipe.layerConfigs().get(i);
    }

    private static Object optimizer(Recipe recipe, String setting) {
        return recipe.optimizerConfig().orElseThrow().values().get(setting);
    }

    private static void assertRefused(String setting, String problem, Executable action) {
        SettingException e = assertThrows(SettingException.class, action);
        assertEquals(setting, e.setting());
        assertTrue(e.problem().contains(problem), e.problem());
    }

    @Test
    void whatIsGivenStaysAndTheRestIsThatOfTheDefaults() {
        assertEquals(DEFAULTS.loss("cross-entropy").optimizer("adam(0.002)"), complete(NOTHING));
        assertEquals(complete(NOTHING), complete(NOTHING.with("layers", List.of())), "no layers are those of the defaults");
        Recipe given = new Recipe().epochs(1).batchSize(32).seed(5).loss("mse");
        Recipe made = complete(given.layers("2:softmax").optimizer("sgd(0.3)"));
        assertEquals(new Recipe().epochs(1).batchSize(32).seed(5).loss("mse").ensemble(3).layers("2:softmax").optimizer("sgd(0.3)"),
                made);
    }

    @Test
    void layersThatSayNothingOfTheirKernelHaveTheInitializerAndThePenalty() {
        Recipe given = NOTHING.with("initializer", "he_normal").with("l2", 0.25);
        Recipe made = complete(given.layers("dense(4, kernel_initializer=zeros),dropout:0.5,3:softmax"));
        assertEquals("Zeros", ((Config) layer(made, 0).values().get("kernelInitializer")).type());
        assertEquals("HeNormal", ((Config) layer(made, 2).values().get("kernelInitializer")).type());
        for (int dense : new int[] {0, 2}) {
            assertEquals(0.25, ((Number) ((Config) layer(made, dense).values().get("kernelRegularizer")).values().get("l2"))
                    .doubleValue());
        }
        assertEquals("HeNormal", ((Config) layer(complete(given), 0).values().get("kernelInitializer")).type(), "by default");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"adam|0.002", "adamw|0.001", "sgd|0.1", "sgd(momentum=0.9)|0.1", "rmsprop|0.001",
        "adam(0.5)|0.5", "sgd(learningRate=0.25)|0.25"})
    void anOptimizerHasARateThatSuitsItUnlessItHasItsOwn(String text, float rate) {
        assertEquals(rate, ((Number) optimizer(complete(NOTHING.optimizer(text)), "learningRate")).floatValue());
    }

    @Test
    void settingsAreThoseOfWhicheverOptimizerItIs() {
        Recipe given = NOTHING.with("learningRate", 0.25).with("weightDecay", 0.5).with("clipNorm", 2).with("ema", 0.75);
        for (Recipe made : List.of(complete(given), complete(given.optimizer("adam(0.1)")))) {
            assertEquals("Adam", made.optimizerConfig().orElseThrow().type());
            assertEquals(0.25f, optimizer(made, "learningRate"));
            assertEquals(0.5, ((Number) optimizer(made, "weightDecay")).doubleValue());
            assertEquals(2, ((Number) optimizer(made, "clipnorm")).doubleValue());
            assertEquals(0.75, ((Number) optimizer(made, "emaMomentum")).doubleValue());
        }
    }

    @ParameterizedTest
    @CsvSource({"3:softmax, CategoricalCrossEntropy", "3:sigmoid, BinaryCrossEntropy"})
    void theLossFollowsFromTheOutput(String layers, String loss) {
        assertEquals(loss, complete(NOTHING.layers(layers)).lossConfig().orElseThrow().type());
    }

    @Test
    void numbersHaveTheirOwnLoss() {
        assertEquals("MeanSquaredError", regression(NOTHING).lossConfig().orElseThrow().type());
        assertRefused("layers", "softmax lies between 0 and 1: end in linear", () -> regression(NOTHING.layers("1:softmax")));
        assertRefused("loss", "hinge is for classification", () -> regression(new Recipe().loss("hinge")));
        assertRefused("loss", "standardised", () -> regression(new Recipe().loss("msle")));
        assertRefused("metrics", "auc is for classification", () -> regression(new Recipe().metrics("auc")));
        assertRefused("monitor", "auc is for classification", () -> regression(NOTHING.monitor("auc")));
        assertRefused("classWeight", "it applies to classification", () -> regression(NOTHING.balancedClassWeight()));
    }

    @Test
    void aLossThatDoesNotFitLabelsIsRefused() {
        assertRefused("loss", "one-hot", () -> complete(
                new Recipe().loss("sparse_categorical_crossentropy")));
        assertRefused("loss", "needs probabilities that sum to 1", () -> complete(NOTHING.layers("3:linear")));
        assertRefused("loss", "needs probabilities", () -> NOTHING.layers("3:linear").check(DEFAULTS));
        Recipe logits = new Recipe().loss("cross-entropy(from_logits=true)");
        assertEquals(3, complete(logits.layers("3:linear")).makeLayers().get(0).config().values().get("units"));
    }

    @Test
    void smoothingIsASettingOfTheLoss() {
        Recipe made = complete(NOTHING.with("labelSmoothing", 0.25));
        assertEquals(0.25, ((Number) made.lossConfig().orElseThrow().values().get("labelSmoothing")).doubleValue());
        assertRefused("labelSmoothing", "it applies to cross-entropy. Received: the loss mse",
                () -> complete(new Recipe().loss("mse").with("labelSmoothing", 0.25)));
        assertRefused("labelSmoothing", "", () -> complete(NOTHING.with("labelSmoothing", 2)));
    }

    @Test
    void settingsThatFitNoDataAreRefusedBeforeThereAreAny() {
        assertRefused("layers", "There is no such name", () -> NOTHING.layers("8:rely"));
        assertRefused("initializer", "twos", () -> NOTHING.with("initializer", "twos"));
        assertRefused("l2", "", () -> NOTHING.with("l2", -1));
        assertRefused("optimizer", "adamx", () -> NOTHING.optimizer("adamx"));
        assertRefused("monitor", "mood", () -> NOTHING.monitor("mood"));
        for (Map.Entry<String, Recipe> wrong : Map.of("learningRate", NOTHING.with("learningRate", 0), "weightDecay",
                NOTHING.with("weightDecay", -1), "clipNorm", NOTHING.with("clipNorm", -1), "ema", NOTHING.with("ema", 1)).entrySet()) {
            SettingException e = assertThrows(SettingException.class, () -> wrong.getValue().check(new Recipe().optimizer("adam")));
            assertEquals(wrong.getKey(), e.setting());
        }
    }

    @Test
    void anOutputOrAnInputIsAddedWhereTheLayersDoNotHaveOne() {
        assertEquals(2, NOTHING.layers("4:relu").output("3:softmax").layerConfigs().size());
        for (String output : List.of("4:softmax", "4:sigmoid", "4:linear", "4", "4,softmax")) {
            Recipe given = NOTHING.layers(output);
            assertEquals(given.layerConfigs(), given.output("3:softmax").layerConfigs(), output);
        }
        assertEquals("Normalization", NOTHING.layers("4:relu").input("normalization").layerConfigs().get(0).type());
        assertEquals(2, NOTHING.layers("normalization,4:relu").input("normalization").layerConfigs().size());
        assertEquals(List.of(), NOTHING.input("normalization").output("3:softmax").layerConfigs(), "none are given");
    }

    @Test
    void whatIsMonitoredIsReportedOnce() {
        assertEquals(1, complete(NOTHING.monitor("auc")).metricConfigs().size());
        assertEquals(1, complete(new Recipe().metrics("auc").monitor("auc")).metricConfigs().size());
        assertEquals(2, complete(new Recipe().metrics("mae").monitor("auc")).metricConfigs().size());
        assertEquals(0, complete(NOTHING.monitor("accuracy")).metricConfigs().size());
    }

    @Test
    void labelsThatAreNotNamedWeighOne() {
        assertArrayEquals(new float[] {1, 3, 1}, complete(NOTHING.classWeight(Map.of("b", 3.0))).fitOptions().classWeight);
        assertArrayEquals(new float[] {0.5f, 1, 2}, complete(NOTHING.balancedClassWeight()).fitOptions().classWeight);
        assertRefused("classWeight", "there is no d here, only a, b, c", () -> complete(NOTHING.classWeight(Map.of("d", 1.0))));
        assertRefused("classWeight", "", () -> complete(NOTHING.classWeight(Map.of("a", -1.0))));
    }

    @Test
    void metricsAreCheckedAgainstTheOutput() {
        Shape three = Shape.of(3);
        Recipe two = new Recipe().metrics("auc", "auc");
        assertRefused("metrics", "auc is there twice", () ->
                two.checkMetrics(complete(two), List.of(), three, three));
        Recipe rmse = NOTHING.monitor("rmse");
        assertRefused("monitor", "it must be loss or one of [accuracy]. Received: rmse", () ->
                rmse.checkMetrics(complete(rmse), List.of(Metrics.of("accuracy")), three, three));
        Recipe good = new Recipe().metrics("auc").monitor("accuracy");
        good.checkMetrics(complete(good), List.of(Metrics.of("accuracy")), three, three);
        assertFalse(good.monitor().isEmpty());
    }
}
