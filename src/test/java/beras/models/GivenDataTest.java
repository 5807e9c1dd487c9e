package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.Images;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.Reshape;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.R2Score;
import beras.optimizers.Adam;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Objective;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What users give to models: arrays, other shapes, parts as text; and what they are told of what does not fit. */
@Tag("model")
class GivenDataTest {

    private static final int COUNT = 12;
    private static final FitOptions OPTIONS = new FitOptions().epochs(2).batchSize(5);

    private static double[][] rows(int columns) {
        double[][] rows = new double[COUNT][columns];
        for (int i = 0; i < COUNT; i++) {
            for (int c = 0; c < columns; c++) {
                rows[i][c] = (i * 7 + c * 3) % 11 / 10.0;
            }
        }
        return rows;
    }

    private static double[] values() {
        double[] values = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            values[i] = i % 5 / 4.0;
        }
        return values;
    }

    private static int[] labels() {
        int[] labels = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            labels[i] = i % 3;
        }
        return labels;
    }

    private static Sequential compiled(String loss, int inputs, int outputs) {
        Sequential model = new Sequential(1, new Input(inputs),
                new Dense(outputs, loss.startsWith("sparse") || loss.startsWith("categorical") ? "softmax" : "linear"));
        model.compile("adam(0.01)", loss);
        return model;
    }

    private static String message(Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }

    // -------------------------------------------------------------------------------------------------- accepted

    @Test
    void arraysAreTrainedOnAsTheTensorsOfTheirNumbers() {
        Tensor x = Tensor.of(rows(4));
        Tensor y = Tensor.of(values()).reshape(COUNT, 1);
        List<Double> expected = compiled("mse", 4, 1).fit(x, y, OPTIONS).get("loss");
        assertEquals(expected, compiled("mse", 4, 1).fit(rows(4), values(), OPTIONS).get("loss"));
        assertEquals(expected, compiled("mse", 4, 1).fit(rows(4), y, OPTIONS).get("loss"));
        assertEquals(expected, compiled("mse", 4, 1).fit(x, Tensor.of(values()), OPTIONS).get("loss"));
        Sequential model = compiled("mse", 4, 1);
        History history = model.fit(x, values(), OPTIONS.validationData(Examples.of(rows(4), values())));
        assertEquals(expected, history.get("loss"));
        assertEquals(model.evaluate(x, y).loss(), model.evaluate(rows(4), values()).loss());
        assertEquals(model.evaluate(x, y).loss(), history.get("val_loss").get(1));
        assertEquals(model.predict(x), model.predict(rows(4)));
        assertEquals(Shape.of(0, 1), model.predict(new float[0][4]).shape());
        assertEquals(compiled("mse", 4, 1).trainOnBatch(x, y).loss(), compiled("mse", 4, 1).trainOnBatch(x, Tensor.of(values()))
                .loss());
    }

    @Test
    void labelsAreTrainedOnAsAnArray() {
        Tensor x = Tensor.of(rows(4));
        Tensor y = Tensor.of(labels());
        List<Double> expected = compiled("sparse_categorical_crossentropy", 4, 3).fit(x, y, OPTIONS).get("loss");
        long[] longs = Arrays.stream(labels()).asLongStream().toArray();
        byte[] bytes = new byte[COUNT];
        for (int i = 0; i < COUNT; i++) {
            bytes[i] = (byte) longs[i];
        }
        for (Object each : List.of(labels(), longs, bytes, Arrays.stream(longs).boxed().toList())) {
            assertEquals(expected, compiled("sparse_categorical_crossentropy", 4, 3).fit(rows(4), each, OPTIONS).get("loss"));
        }
        Examples lists = Examples.of(Arrays.asList(rows(4)), Arrays.stream(labels()).boxed().toList());
        assertEquals(expected, compiled("sparse_categorical_crossentropy", 4, 3).fit(lists, OPTIONS).get("loss"));
        longs[5] = (1L << 53) + 1;
        assertTrue(message(() -> Examples.of(rows(4), longs)).contains("Received: 9007199254740993 at [5]. Number labels from 0"));
    }

    private static Sequential ofImages(Shape input) {
        Sequential model = new Sequential(1, new Input(input.toArray()), new Reshape(4, 4, 1), new Conv2D(2, 3, "relu"),
                new Flatten(), new Dense(3, "softmax"));
        model.compile("adam(0.01)", "categorical_crossentropy", "accuracy");
        return model;
    }

    private static Sequential ofColours() {
        Sequential model = new Sequential(1, new Input(4, 4, 3), new Conv2D(2, 3, "relu"), new Flatten(), new Dense(3, "softmax"));
        model.compile("adam(0.01)", "sparse_categorical_crossentropy");
        return model;
    }

    @Test
    void imagesFitNetsThatTakeThemWithTheirSides() {
        byte[] pixels = new byte[COUNT * 16];
        byte[] digits = new byte[COUNT];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
            digits[i / 16] = (byte) (i / 16 % 3);
        }
        Images images = new Images(pixels, 4, 4, digits, 3);
        Sequential flat = ofImages(Shape.of(16));
        Sequential square = ofImages(Shape.of(4, 4, 1));
        FitOptions options = OPTIONS.validationSplit(0.25);
        assertEquals(flat.fit(images, options).epochs().get(1).values(), square.fit(images, options).epochs().get(1).values());
        assertEquals(flat.predict(images.inputs()), square.predict(images.inputs()));
        assertEquals(flat.evaluate(images).values(), square.evaluate(images).values());
        assertEquals(flat.predict(images.inputs()), square.predict(images.inputs().reshape(-1, 4, 4)));
        assertEquals(flat.fit(Batches.shuffled(images, 5, 3).prefetch(1), options.validationSplit(0)).get("loss"),
                square.fit(Batches.shuffled(images, 5, 3).prefetch(1), options.validationSplit(0)).get("loss"));
    }

    @Test
    void partsAreObjectsOrTextInAnyMixture() {
        Sequential model = compiled("mse", 4, 1);
        for (Runnable compile : List.<Runnable>of(() -> model.compile("adam(0.01)", Losses.REGISTRY.of("huber"), "mae", new R2Score()),
                () -> model.compile(new Adam(0.01), "huber", "mae", "r2_score"),
                () -> model.compile(new Adam(0.01), Losses.REGISTRY.of("huber"), new beras.metrics.LossMetric(beras.losses.Losses.REGISTRY.of("mae"))
                        .named("mae"), "r2_score"))) {
            compile.run();
            assertEquals(List.of("loss", "mae", "r2_score", "learning_rate"),
                    model.fit(rows(4), values(), OPTIONS).epochs().get(0).names());
            assertEquals(0.01f, model.optimizer().orElseThrow().learningRate());
        }
        model.compile("sgd(0.5)", new Objective(new MeanSquaredError()));
        assertEquals(0.5f, model.optimizer().orElseThrow().learningRate());
        model.compile(new Objective(new MeanSquaredError()));
        assertTrue(model.optimizer().isEmpty());
    }

    // --------------------------------------------------------------------------------------------------- refused

    @Test
    void targetsThatDoNotFitTheLossAreRefusedWithTheCure() {
        assertEquals("CategoricalCrossEntropy takes targets (batch, 3) for outputs (batch, 3). Received for training: (batch). For"
                + " labels of classes take sparse_categorical_crossentropy, or make them one-hot:"
                + " new OneHotEncoder().forward(labels)",
                message(() -> compiled("categorical_crossentropy", 4, 3).fit(rows(4), labels())));
        assertEquals("SparseCategoricalCrossEntropy takes targets (batch) for outputs (batch, 3). Received for evaluation: (batch,"
                + " 3). A target is the number of a class, from 0 to 2. For one-hot targets take categorical_crossentropy, or give"
                + " their labels, y.argmax(1)",
                message(() -> compiled("sparse_categorical_crossentropy", 4, 3).evaluate(rows(4), rows(3))));
        assertEquals("SparseCategoricalCrossEntropy takes targets (batch) for outputs (batch, 3). Received for training: (batch, 2)."
                + " A target is the number of a class, from 0 to 2",
                message(() -> compiled("sparse_categorical_crossentropy", 4, 3).fit(rows(4), rows(2))));
        assertEquals("MeanSquaredError takes targets (batch, 2) for outputs (batch, 2). Received for training: (batch). One number"
                + " for each example needs a last layer of one unit, such as new Dense(1). For labels of classes take"
                + " sparse_categorical_crossentropy, or make them one-hot: new OneHotEncoder().forward(labels)",
                message(() -> compiled("mse", 4, 2).fit(rows(4), values())));
        assertEquals("MeanSquaredError takes targets (batch, 2) for outputs (batch, 2). Received for validation: (batch, 5). 5"
                + " numbers for each example need a last layer of as many units",
                message(() -> compiled("mse", 4, 2).fit(rows(4), rows(2), OPTIONS.validationData(Examples.of(rows(4), rows(5))))));
        assertEquals("MeanSquaredError takes targets (batch, 4) for outputs (batch, 4). Received for training: (batch, 2, 2)."
                + " Reshape them: y.reshape(-1, 4)", message(() -> compiled("mse", 4, 4).fit(rows(4),
                        Tensor.of(rows(4)).reshape(-1, 2, 2))));
    }

    @Test
    void inputsThatDoNotFitAreRefusedWithTheCure() {
        Model image = ofImages(Shape.of(4, 4, 1));
        assertEquals("This model takes inputs (batch, 4, 4, 1). Received: (12, 1, 4, 4). Channels come last:"
                + " x.transpose(0, 2, 3, 1)", message(() -> image.predict(Tensor.zeros(12, 1, 4, 4))));
        assertEquals("This model takes inputs (batch, 4, 4, 3). Received for training: (batch, 48). If the channels of a pixel stand"
                + " together: x.reshape(-1, 4, 4, 3), or begin the model with new Input(48), new Reshape(4, 4, 3). If one channel stands"
                + " behind the other: x.reshape(-1, 3, 4, 4).transpose(0, 2, 3, 1)",
                message(() -> ofColours().fit(rows(48), labels())));
        assertTrue(message(() -> ofColours().predict(rows(48))).contains("Received: (12, 48). If the channels of a pixel stand"));
        assertEquals("This model takes inputs (batch, 4, 4, 1). Received: (4, 4, 1). For one example: x.reshape(1, 4, 4, 1)",
                message(() -> image.predict(Tensor.zeros(4, 4, 1))));
        assertEquals("This model takes inputs (batch, 4, 4, 1). Received for training: (batch, 15). The model was made for examples of"
                + " 16 numbers, not of 15: give such, or begin it with new Input(15)", message(() -> image.fit(rows(15), labels())));
        assertEquals("This model takes inputs (batch, 4, 4, 1). Received: (2, 4, 4, 3). The model was made for examples of 16 numbers,"
                + " not of 48: give such, or begin it with new Input(4, 4, 3)", message(() -> image.predict(Tensor.zeros(2, 4, 4, 3))));
        assertEquals("This model takes inputs (batch, 4). Received: (12,). The model was made for examples of 4 numbers, not of 1",
                message(() -> compiled("mse", 4, 1).predict(Tensor.of(values()))));
        assertEquals("This model takes inputs (batch, 4). Received for training: (batch, 2, 2). Reshape them: x.reshape(-1, 4), or"
                + " begin the model with new Input(2, 2), new Flatten()",
                message(() -> compiled("mse", 4, 1).fit(Tensor.zeros(12, 2, 2), values())));
    }

    @Test
    void severalInputsAndOutputsAreNamedWithWhatTakesThem() {
        Node a = new Input(1).apply();
        Node b = new Input(8).apply();
        Functional model = new Functional(List.of(a, b), List.of(new Dense(1).named("size").apply(a),
                new Dense(3, "softmax").named("kind").apply(b)));
        assertEquals("This model takes 2 inputs (batch, 1) and (batch, 8). Received: 1. Give a tensor for each, such as"
                + " predict(a, b)", message(() -> model.predict(rows(8))));
        assertEquals("This model has 2 outputs, not one: predict(List) gives all, such as predict(List.of(x)).get(0)",
                assertThrows(IllegalStateException.class, () -> model.predict(Tensor.zeros(2, 1), Tensor.zeros(2, 8))).getMessage());
        assertEquals("A model of 2 outputs, [size, kind], needs an objective for each: compile(optimizer,"
                + " new Objective(loss).metrics(...), ...). Received: one loss", message(() -> model.compile("adam", "mse")));
        model.compile("adam", new Objective(new MeanSquaredError()), new Objective(new CategoricalCrossEntropy()));
        assertEquals("This model takes inputs (batch, 1) and (batch, 8). Received for training: (batch, 8). Give one for each:"
                + " Examples.of(List.of(inputs ...), List.of(targets ...))", message(() -> model.fit(rows(8), rows(3))));
        assertEquals("This model takes targets (batch, 1) and (batch, 3). Received for training: (batch, 3). Give one for each:"
                + " Examples.of(List.of(inputs ...), List.of(targets ...))",
                message(() -> model.fit(Examples.of(List.of(Tensor.of(rows(1)), Tensor.of(rows(8))), List.of(Tensor.of(rows(3)))),
                        OPTIONS)));
        assertEquals("This model takes inputs (batch, 8), number 2 of 2. Received for training: (batch, 7). The columns must be"
                + " the 8 that the model was made for, not 7", message(() -> model.fit(Examples.of(
                        List.of(Tensor.of(rows(1)), Tensor.of(rows(7))), List.of(Tensor.of(values()), Tensor.of(rows(3)))),
                        OPTIONS)));
    }

    @Test
    void whatIsNoDataAndNoPartIsRefused() {
        Sequential model = compiled("mse", 4, 1);
        String data = " must be a Tensor, or an array or list of numbers, such as double[][]. Received: ";
        String several = ". Several inputs or targets are given by Examples.of(List.of(a, b), List.of(y))";
        assertEquals("The targets" + data + "FitOptions" + several, message(() -> model.fit(rows(4), OPTIONS)));
        assertEquals("The targets" + data + "null" + several, message(() -> model.fit(rows(4), null, OPTIONS)));
        assertEquals("The inputs" + data + "Tensor[]" + several,
                message(() -> model.fit(new Tensor[] {Tensor.zeros(2, 4)}, values(), OPTIONS)));
        assertEquals("The inputs" + data + "List12" + several, message(() -> Examples.of(List.of(Tensor.zeros(2, 4)), values())));
        String parts = "compile takes an optimizer, a loss, then metrics, each as an object or as text. Received as ";
        assertEquals(parts + "optimizer: MeanSquaredError", message(() -> model.compile(new MeanSquaredError(), "mse")));
        assertEquals(parts + "loss: Adam", message(() -> model.compile("adam", new Adam())));
        assertEquals("A metric is given as an object or as text, such as \"accuracy\". Received: List12", message(() -> model.compile("adam", "mse", List.of("mae"))));
        assertEquals(parts + "loss: null", message(() -> model.compile("adam", (Object) null)));
    }

    @Test
    void aLabelThatIsNoClassIsCalledATarget() {
        int[] labels = labels();
        labels[5] = 3;
        assertEquals("Target 5 of SparseCategoricalCrossEntropy must be the number of a class, from 0 to 2. Received: 3.0",
                message(() -> compiled("sparse_categorical_crossentropy", 4, 3).fit(rows(4), labels,
                        new FitOptions().shuffle(false))));
    }
}
