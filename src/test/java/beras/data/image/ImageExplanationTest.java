package beras.data.image;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.Refusals;
import beras.data.image.ImageExplanation.Saliency;
import beras.layers.BatchNormalization;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Flatten;
import beras.layers.GlobalAveragePooling2D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.MaxPooling2D;
import beras.layers.Permute;
import beras.layers.Reshape;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.models.Views;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.TestViews;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("data")
class ImageExplanationTest {

    private static final int HEIGHT = 6;
    private static final int WIDTH = 5;

    private static Tensor image(int... shape) {
        Rng rng = new Rng(5, "image", 0);
        return Tensor.generate(i -> (rng.bits(i) >>> 40) / (double) (1 << 24), shape);
    }

    private static ImageExplanation explanation(Sequential model) {
        return new ImageExplanation(model, ImagePreprocessor.ofNumbers(HEIGHT, WIDTH, model.outputShape().size()));
    }

    private static Sequential flat(Layer... layers) {
        return new Sequential(3, Stream.concat(Stream.of(new Input(HEIGHT * WIDTH)), Stream.of(layers)).toArray(Layer[]::new));
    }

    private static Sequential convolutional(int channels, Layer... last) {
        Layer[] first = {new Input(HEIGHT, WIDTH, channels), new Conv2D(4, 3).useBias(false), new BatchNormalization(), new ReLU(),
            new MaxPooling2D(2), new Flatten(), new Dropout(0.5)};
        return new Sequential(3, Stream.concat(Stream.of(first), Stream.of(last)).toArray(Layer[]::new));
    }

    // --------------------------------------------------------------------------------------------------- views

    /** What the net sees is of the image; what the model says is the average, as everywhere. */
    @Test
    void ofViewsTheNetIsExplainedAndTheAverageIsSaid() {
        Sequential net = convolutional(1, new Dense(4, "softmax"));
        Views model = new Views(net, new TestViews(true, 2));
        ImageExplanation views = new ImageExplanation(model, ImagePreprocessor.ofNumbers(HEIGHT, WIDTH, 4));
        Tensor image = image(1, HEIGHT, WIDTH, 1);
        Saliency saliency = views.saliency(image);
        assertEquals(explanation(net).saliency(image).gradient(), saliency.gradient());
        float[] given = model.predict(image).toArray();
        assertEquals(given[saliency.prediction().labelIndex()], saliency.prediction().confidence(), 1e-7);
        assertNotEquals(net.predict(image), model.predict(image));
    }

    // ------------------------------------------------------------------------------------------------ saliency

    static Stream<Sequential> classifiers() {
        return Stream.of(flat(new Dense(7, "tanh"), new Dense(4, "softmax")), flat(new Dense(3), new LogSoftmax()),
                flat(new Dense(7, "tanh"), new Dense(1, "sigmoid")), flat(new Dense(3, "sigmoid")), flat(new Dense(3)),
                flat(new Reshape(HEIGHT, WIDTH, 1), new Conv2D(2, 3).activation("tanh"), new GlobalAveragePooling2D(), new Dense(4),
                        new Softmax()),
                convolutional(1, new Dense(4, "softmax")), convolutional(3, new Dense(4, "softmax")));
    }

    /** What the gradient is of, computed anew from the outputs. */
    private static double score(Sequential model, Tensor image, int label) {
        float[] outputs = model.predict(image).toArray();
        Layer last = model.last();
        double p = outputs.length > 1 ? outputs[label] : label == 1 ? outputs[0] : 1 - outputs[0];
        p = last instanceof LogSoftmax ? Math.exp(p) : p;
        return last instanceof Dense ? p : Math.log(p / (1 - p));
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void saliencyIsTheSlopeOfTheLogOdds(Sequential model) {
        Tensor image = image(model.inputShape().prepend(1).toArray());
        Saliency saliency = explanation(model).saliency(image);
        assertEquals(model.inputShape(), saliency.gradient().shape());
        int label = saliency.prediction().labelIndex();
        float step = 1f / 128;
        for (int pixel = 0; pixel < image.size(); pixel += 4) {
            Tensor above = image.copy();
            Tensor below = image.copy();
            above.data()[pixel] += step;
            below.data()[pixel] -= step;
            double slope = (score(model, above, label) - score(model, below, label)) / (2 * step);
            assertEquals(slope, saliency.gradient().toArray()[pixel], 2e-3, "pixel " + pixel + " of " + model.summary());
        }
        assertTrue(saliency.gradient().abs().max().get() > 0.02, "it is not all 0");
    }

    /** A gradient of the probability would be 0 here. */
    @Test
    void whereTheModelIsSureTheGradientStays() {
        Sequential model = flat(new Dense(2, "softmax"));
        float[] weights = model.weights().get(0).data();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 2 == 0 ? 50 : -50;
        }
        Saliency saliency = explanation(model).saliency(image(1, HEIGHT * WIDTH));
        assertEquals(1, saliency.prediction().confidence());
        for (float slope : saliency.gradient().toArray()) {
            assertEquals(100, slope);
        }
    }

    // ------------------------------------------------------------------------------------------------ refusals

    @Test
    void whatDoesNotFitIsRefused() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        Sequential turned = new Sequential(new Input(HEIGHT, WIDTH), new Permute(2, 1), new Flatten(), new Dense(2));
        Refusals.assertRefused(type, () -> new ImageExplanation(turned, ImagePreprocessor.ofNumbers(WIDTH, WIDTH, 2)),
                "images of 5 x 5", "[(6, 5)]");
        Refusals.assertRefused(type, () -> new ImageExplanation(turned, ImagePreprocessor.ofNumbers(HEIGHT, WIDTH, 3)),
                "outputs of shape (3,)", "[(2,)]");
        ImageExplanation good = explanation(turned);
        Refusals.assertRefused(type, () -> good.saliency(image(2, HEIGHT, WIDTH)), "one image of shape (1, 6, 5)", "(2, 6, 5)");
        Tensor wrong = image(1, HEIGHT, WIDTH);
        wrong.data()[7] = Float.NaN;
        Refusals.assertRefused(type, () -> good.saliency(wrong), "finite", "NaN");
    }

    @Test
    void aRowOfPixelsMayHaveColours() {
        ImagePreprocessor colours = new ImagePreprocessor(2, 3, 3, PictureForm.SCALED, List.of("a", "b"), 2);
        Sequential flat = new Sequential(1, new Input(18), new Dense(2, "softmax"));
        assertEquals(Shape.of(18), new ImageExplanation(flat, colours).saliency(Tensor.zeros(1, 18)).gradient().shape());
        Refusals.assertRefused(IllegalArgumentException.class,
                () -> new ImageExplanation(flat, ImagePreprocessor.ofNumbers(2, 3, 2)), "images of 2 x 3 with", "[(18,)]");
    }
}
