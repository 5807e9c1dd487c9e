package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.SettingException;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.saving.ModelFile;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.History;
import beras.training.Recipe;
import beras.training.TestViews;
import beras.training.TrainStep;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("model")
class ViewsTest {

    private static final int COUNT = 20;
    private static final Shape ROW = Shape.of(30);
    private static final Recipe PLAIN = new Recipe().layers("reshape([5, 6, 1]), conv:4x3:relu, batch_norm, dropout:0.2, flatten, 3:softmax")
            .loss("cross-entropy").metrics("accuracy").optimizer("sgd(0.1, momentum=0.9)").epochs(3).batchSize(8).seed(5);
    private static final Recipe RECIPE = PLAIN.views("flip,shift=1");

    private static Tensor x() {
        return Tensor.generate(new Rng(2, "pixels", 0)::normal, COUNT, 30);
    }

    private static Tensor y() {
        return Tensor.generate(i -> i / 3 % 3 == i % 3 ? 1 : 0, COUNT, 3);
    }

    private static Model compiled(Model model) {
        model.compile(PLAIN, COUNT);
        return model;
    }

    private static History fit(Model model, Callback... callbacks) {
        return model.fit(x(), y(), PLAIN.fitOptions().validationData(Examples.of(x(), y())).callbacks(callbacks));
    }

    private static float[][] weights(Model model) {
        return model.weights().stream().map(Tensor::toArray).toArray(float[][]::new);
    }

    /** The image, its columns from behind if wanted, moved down and to the right, with zeros where nothing was. */
    private static Tensor seen(Tensor rows, boolean flipped, int shift) {
        return Tensor.generate(i -> {
            int row = i / 6 % 5 - shift;
            int column = i % 6 - shift;
            boolean within = row >= 0 && row < 5 && column >= 0 && column < 6;
            return within ? rows.get(i / 30, row * 6 + (flipped ? 5 - column : column)) : 0;
        }, COUNT, 30);
    }

    @ParameterizedTest
    @CsvSource({"flip, 2", "shift=1, 3", "'flip,shift=1', 6", "'shift=2,flip', 6"})
    void itGivesTheAverageOfWhatTheNetGivesOfEachView(String text, int count) {
        Views model = assertInstanceOf(Views.class, Models.of(PLAIN.views(text), ROW));
        assertEquals(count, model.views().count());
        TestViews views = model.views();
        double[] sum = new double[COUNT * 3];
        for (boolean flipped : views.flips() ? new boolean[] {false, true} : new boolean[] {false}) {
            for (int shift : views.shift() > 0 ? new int[] {0, views.shift(), -views.shift()} : new int[] {0}) {
                float[] each = model.net().predict(seen(x(), flipped, shift)).toArray();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += each[i];
                }
            }
        }
        float[] given = model.predict(x()).toArray();
        for (int i = 0; i < sum.length; i++) {
            assertEquals(sum[i] / count, given[i], 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void itLearnsAsTheNetDoesAndValidatesTheAverage(int nets) {
        Model plain = compiled(Models.of(PLAIN.ensemble(nets), ROW));
        Model viewing = compiled(Models.of(RECIPE.ensemble(nets), ROW));
        History ofPlain = fit(plain);
        History history = fit(viewing);
        assertArrayEquals(weights(plain), weights(viewing));
        assertEquals(ModelFile.weightsSha256(plain), ModelFile.weightsSha256(viewing));
        assertEquals(ofPlain.get("loss"), history.get("loss"));
        assertEquals(ofPlain.get("accuracy"), history.get("accuracy"));
        assertEquals(viewing.evaluate(x(), y()).loss(), history.get("val_loss").get(2), 1e-6);
        assertTrue(Math.abs(ofPlain.get("val_loss").get(2) - history.get("val_loss").get(2)) > 1e-4);
    }

    /** What the first layer learns from images is of the images, not of their views. */
    @Test
    void itAdaptsAsTheNetDoes() {
        Recipe plain = PLAIN.layers("reshape([5, 6, 1]), whitening:2, flatten, 3:softmax");
        Model net = Models.of(plain, ROW);
        Model viewing = Models.of(plain.views("flip,shift=1"), ROW);
        Models.adapt(net, ViewsTest::x);
        Models.adapt(viewing, ViewsTest::x);
        assertArrayEquals(weights(net), weights(viewing));
    }

    @Test
    void aStepOfTheNetsOwnIsToldOf() {
        Model net = new Sequential(1, new Input(5, 6, 1), new Flatten(), new Dense(3, "softmax")) {
            @Override
            public float trainStep(TrainStep step) {
                return super.trainStep(step);
            }
        };
        assertEquals(Optional.of(net.getClass()), new Views(net, new TestViews(true, 0)).customTrainStep());
        assertEquals(Optional.empty(), Models.of(RECIPE, ROW).customTrainStep());
    }

    @Test
    void itsConfigTellsTheViews() {
        Model model = Models.of(RECIPE, ROW);
        Config config = model.config();
        assertEquals("Views", config.type());
        assertEquals("flip,shift=1", config.text("views"));
        assertEquals(config, assertInstanceOf(Views.class, Models.of(config)).config());
        assertThrows(IllegalArgumentException.class, () -> Models.of(config.with("views", "turn")));
        assertThrows(IllegalArgumentException.class, () -> Models.of(config.with("layers", List.of())));
        Sequential outer = new Sequential(model, new Dense(2, "softmax"));
        assertEquals(outer.config(), Models.of(outer.config()).config());
        assertEquals(Recipe.of(RECIPE.config()), RECIPE);
        assertEquals("", PLAIN.views().toString());
    }

    @Test
    void whatHasNoViewsIsRefused() {
        assertRefused("Views are of images (height, width, channels)", () -> Models.of(PLAIN.layers("3:softmax").views("flip"), ROW));
        assertRefused("it must be flip, a shift in pixels, or both, such as flip,shift=1. Received: flop", () -> PLAIN.views("flop"));
        assertRefused("Received: flip,flip", () -> PLAIN.views("flip,flip"));
        assertRefused("Received: shift=0", () -> PLAIN.views("shift=0"));
        assertThrows(SettingException.class, () -> PLAIN.views("flip,"));
        assertRefused("moved by less than the sides of an image. Received: 5 of an image of shape (5, 6, 1)",
                () -> Models.of(PLAIN.views("shift=5"), ROW));
        assertRefused("Views are several", () -> new Views(Models.of(PLAIN, ROW), TestViews.NONE));
        assertThrows(IllegalArgumentException.class, () -> new TestViews(false, -1));
    }

    private static void assertRefused(String message, Executable action) {
        String received = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(received.contains(message), received);
    }
}
