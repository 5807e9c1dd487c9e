package beras.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.Refusals;
import beras.data.image.ImageExplanation.Saliency;
import beras.layers.BatchNormalization;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.DepthwiseConv2D;
import beras.layers.Dropout;
import beras.layers.Flatten;
import beras.layers.GlobalAveragePooling2D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.MaxPooling2D;
import beras.layers.Permute;
import beras.layers.Reshape;
import beras.layers.SeparableConv2D;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.models.Views;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.TestViews;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class ImageExplanationTest {

    private static final int RED = 0xdc3220;
    private static final int BLUE = 0x005ab5;
    private static final int WHITE = 0xffffff;
    private static final int HEIGHT = 6;
    private static final int WIDTH = 5;
    /** Of a tile on the sheet. */
    private static final int TILE = 84;

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

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    /** The colour in the middle of a pixel of a tile in the first row of the only section. */
    private static int colour(BufferedImage sheet, int tile, int apart, int zoom, int row, int column) {
        return sheet.getRGB(TileSheet.MARGIN + tile * apart + column * zoom + zoom / 2,
                top(sheet) + row * zoom + zoom / 2) & 0xffffff;
    }

    /** Where the first tiles begin: below their title, which may have several lines; their edge is grey. */
    private static int top(BufferedImage sheet) {
        int y = 0;
        while ((sheet.getRGB(TileSheet.MARGIN - 1, y) & 0xffffff) != 0x808080) {
            y++;
        }
        return y + 1;
    }

    // --------------------------------------------------------------------------------------------------- views

    /** What the net sees is of the image; what the model says is the average, as everywhere. */
    @Test
    void ofViewsTheNetIsDrawnAndTheAverageIsSaid() {
        Sequential net = convolutional(1, new Dense(4, "softmax"));
        Views model = new Views(net, TestViews.NONE.flip().shift(2));
        ImageExplanation views = new ImageExplanation(model, ImagePreprocessor.ofNumbers(HEIGHT, WIDTH, 4));
        Tensor image = image(1, HEIGHT, WIDTH, 1);
        assertArrayEquals(explanation(net).drawFilters(), views.drawFilters());
        assertArrayEquals(explanation(net).drawFeatureMaps(image), views.drawFeatureMaps(image));
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
        assertTrue(TileSheet.scale(saliency.gradient().toArray()) > 0.02, "it is not all 0");
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

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void saliencyIsDrawnBesideTheImage(int channels) throws IOException {
        Sequential model = new Sequential(new Input(2, 2, channels), new Flatten(), new Dense(2, "softmax").useBias(false));
        float[] perPixel = {1, -1, 0.5f, 0};
        float[] weights = model.weights().get(0).data();
        Arrays.fill(weights, 0);
        for (int pixel = 0; pixel < 4; pixel++) {
            weights[pixel * channels * 2] = perPixel[pixel]; // of the first class
        }
        float[] pixels = new float[4 * channels];
        pixels[0] = 1;
        BufferedImage sheet = read(new ImageExplanation(model, ImagePreprocessor.ofNumbers(2, 2, 2))
                .drawSaliency(Tensor.wrap(pixels, 1, 2, 2, channels)));
        int zoom = 160;
        int apart = 328; // a third of the sheet
        assertEquals(2 * apart + 2 * zoom + 2 * TileSheet.MARGIN, sheet.getWidth(), "no part of the sheet is empty");
        assertEquals(channels == 1 ? WHITE : 0x808080, colour(sheet, 0, apart, zoom, 0, 0));
        assertEquals(0, colour(sheet, 0, apart, zoom, 1, 1));
        assertEquals(RED, colour(sheet, 1, apart, zoom, 0, 0));
        assertEquals(BLUE, colour(sheet, 1, apart, zoom, 0, 1));
        assertEquals(0xee9990, colour(sheet, 1, apart, zoom, 1, 0));
        assertEquals(WHITE, colour(sheet, 1, apart, zoom, 1, 1));
        assertEquals(RED, colour(sheet, 2, apart, zoom, 0, 0), "the only pixel that is not 0");
        assertEquals(WHITE, colour(sheet, 2, apart, zoom, 0, 1));
    }

    // ------------------------------------------------------------------------------------------------- filters

    static Stream<Layer> convolutions() {
        return Stream.of(new Conv2D(3, 2), new DepthwiseConv2D(2).with("depthMultiplier", 3), new SeparableConv2D(5, 2).with("depthMultiplier", 3));
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void filtersHaveTheColoursOfTheirWeights(Layer layer) throws IOException {
        Sequential model = new Sequential(new Input(HEIGHT, WIDTH, 2), layer, new Flatten(), new Dense(4, "softmax"));
        Tensor kernel = layer.weights().get(0);
        Arrays.fill(kernel.data(), 0);
        set(kernel, 2, 0, 0, 0, 0); // row, column, channel, filter
        set(kernel, -2, 1, 0, 1, 0);
        set(kernel, -1, 0, 1, 1, 2);
        BufferedImage sheet = read(explanation(model).drawFilters());
        int zoom = TILE / 2;
        int apart = 92;
        assertEquals(RED, colour(sheet, 0, apart, zoom, 0, 0));
        assertEquals(WHITE, colour(sheet, 0, apart, zoom, 1, 0));
        assertEquals(BLUE, colour(sheet, 1, apart, zoom, 1, 0));
        assertEquals(WHITE, colour(sheet, 1, apart, zoom, 0, 0));
        assertEquals(0x80adda, colour(sheet, 5, apart, zoom, 0, 1));
        assertEquals(WHITE, colour(sheet, 5, apart, zoom, 0, 0));
    }

    @Test
    void theWeightsOfAUnitStandWhereItsPixelsAre() throws IOException {
        for (Sequential model : List.of(flat(new Dropout(0.1), new Dense(3, "relu"), new Dense(4, "softmax")),
                new Sequential(new Input(HEIGHT, WIDTH, 1), new Flatten(), new Dense(3), new Dense(4, "softmax")))) {
            Tensor kernel = model.weights().get(0);
            Arrays.fill(kernel.data(), 0);
            kernel.data()[(1 * WIDTH + 2) * 3] = 3;
            kernel.data()[(5 * WIDTH + 4) * 3 + 1] = -3;
            BufferedImage sheet = read(explanation(model).drawFilters());
            int zoom = TILE / HEIGHT;
            assertEquals(RED, colour(sheet, 0, 92, zoom, 1, 2));
            assertEquals(WHITE, colour(sheet, 0, 92, zoom, 5, 4));
            assertEquals(BLUE, colour(sheet, 1, 92, zoom, 5, 4));
            assertEquals(WHITE, colour(sheet, 1, 92, zoom, 1, 2));
        }
    }

    @Test
    void ofManyFiltersTheFirstAreDrawn() throws IOException {
        int few = read(explanation(flat(new Dense(ImageExplanation.MAX_FILTERS), new Dense(2))).drawFilters()).getHeight();
        assertEquals(few, read(explanation(flat(new Dense(5000), new Dense(2))).drawFilters()).getHeight());
        assertTrue(few > read(explanation(flat(new Dense(100), new Dense(2))).drawFilters()).getHeight());
    }

    private static void set(Tensor kernel, float value, int row, int column, int channel, int filter) {
        kernel.data()[kernel.offset() + ((row * 2 + column) * 2 + channel) * 3 + filter] = value;
    }

    // -------------------------------------------------------------------------------------------- feature maps

    /** A convolution that copies its image, once as it is and once with the other sign; a ReLU behind takes that away. */
    private static Sequential copying(Layer... behind) {
        Layer[] first = {new Input(HEIGHT, WIDTH, 1), new Conv2D(2, 1)};
        Layer[] last = {new MaxPooling2D(2), new Conv2D(3, 1), new Flatten(), new Dense(2, "softmax")};
        Sequential model = new Sequential(Stream.of(first, behind, last).flatMap(Stream::of).toArray(Layer[]::new));
        model.weights().get(0).data()[0] = 1;
        model.weights().get(0).data()[1] = -1;
        return model;
    }

    @Test
    void featureMapsAreWhatComesOutOfALayerAndItsActivation() throws IOException {
        Tensor image = Tensor.zeros(1, HEIGHT, WIDTH, 1);
        image.data()[WIDTH + 3] = 0.8f;
        BufferedImage before = read(explanation(copying()).drawFeatureMaps(image));
        BufferedImage after = read(explanation(copying(new Dropout(0.2), new ReLU())).drawFeatureMaps(image));
        int zoom = TILE / HEIGHT;
        int second = TileSheet.HEADER + TILE + TileSheet.CAPTION + TileSheet.GAP; // the section below the image
        BufferedImage below = before.getSubimage(0, second, before.getWidth(), second);
        assertEquals(0xcccccc, colour(before, 0, 92, zoom, 1, 3));
        assertEquals(RED, colour(below, 0, 92, zoom, 1, 3));
        assertEquals(BLUE, colour(below, 1, 92, zoom, 1, 3));
        assertEquals(WHITE, colour(below, 0, 92, zoom, 3, 1));
        BufferedImage positive = after.getSubimage(0, second, after.getWidth(), second);
        assertEquals(RED, colour(positive, 0, 92, zoom, 1, 3));
        assertEquals(WHITE, colour(positive, 1, 92, zoom, 1, 3));
        int third = TILE / 3 * 3 + TileSheet.HEADER + TileSheet.CAPTION + TileSheet.GAP; // 3 x 2 after pooling
        assertEquals(0, (before.getHeight() - TileSheet.MARGIN - 2 * second - third) % TileSheet.LINE);
    }

    /** What is never negative has a scale from 0 to red: nothing of it is blue. */
    @Test
    void behindReluTheScaleHasNoBlueHalf() throws IOException {
        Tensor image = Tensor.zeros(1, HEIGHT, WIDTH, 1);
        image.data()[WIDTH + 3] = 0.8f;
        assertTrue(hasBlue(read(explanation(copying()).drawFeatureMaps(image))));
        Sequential positive = new Sequential(new Input(HEIGHT, WIDTH, 1), new Conv2D(2, 1), new ReLU(), new Flatten(),
                new Dense(2, "softmax"));
        positive.weights().get(0).data()[0] = 1;
        assertFalse(hasBlue(read(explanation(positive).drawFeatureMaps(image))));
    }

    private static boolean hasBlue(BufferedImage sheet) {
        for (int pixel : sheet.getRGB(0, 0, sheet.getWidth(), sheet.getHeight(), null, 0, sheet.getWidth())) {
            if ((pixel & 0xff) > (pixel >> 16 & 0xff) + 40) {
                return true;
            }
        }
        return false;
    }

    @Test
    void largeImagesShrink() throws IOException {
        Sequential model = new Sequential(new Input(300, 1000, 1), new Conv2D(2, 3).strides(50), new Flatten(), new Dense(2));
        BufferedImage sheet = read(new ImageExplanation(model, ImagePreprocessor.ofNumbers(300, 1000, 2))
                .drawSaliency(Tensor.zeros(1, 300, 1000, 1)));
        int least = TileSheet.MARGIN + TileSheet.HEADER + TileSheet.CAPTION + TileSheet.GAP + 96;
        assertEquals(0, (sheet.getHeight() - least) % TileSheet.LINE, "lines of the title are all that there is besides");
        assertTrue(sheet.getHeight() - least < 6 * TileSheet.LINE);
    }

    // ------------------------------------------------------------------------------------------------ refusals

    @Test
    void whatCannotBeDrawnIsRefused() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        Refusals.assertRefused(type, () -> explanation(flat(new Dense(2))).drawFeatureMaps(image(1, HEIGHT * WIDTH)),
                "convolutions of images", "[input, dense]");
        Sequential turned = new Sequential(new Input(HEIGHT, WIDTH), new Permute(2, 1), new Flatten(), new Dense(2));
        Refusals.assertRefused(type, () -> explanation(turned).drawFilters(), "takes all pixels", "permute");
        Refusals.assertRefused(type, () -> new ImageExplanation(turned, ImagePreprocessor.ofNumbers(WIDTH, WIDTH, 2)),
                "images of 5 x 5", "[(6, 5)]");
        Refusals.assertRefused(type, () -> new ImageExplanation(turned, ImagePreprocessor.ofNumbers(HEIGHT, WIDTH, 3)),
                "outputs of shape (3,)", "[(2,)]");
        ImageExplanation good = explanation(turned);
        Refusals.assertRefused(type, () -> good.saliency(image(2, HEIGHT, WIDTH)), "one image of shape (1, 6, 5)", "(2, 6, 5)");
        Tensor wrong = image(1, HEIGHT, WIDTH);
        wrong.data()[7] = Float.NaN;
        Refusals.assertRefused(type, () -> good.drawSaliency(wrong), "finite", "NaN");
    }

    @Test
    void aRowOfPixelsMayHaveColours() throws IOException {
        ImagePreprocessor colours = new ImagePreprocessor(2, 3, 3, PictureForm.SCALED, List.of("a", "b"), 2);
        Sequential flat = new Sequential(1, new Input(18), new Dense(2, "softmax"));
        ImageExplanation explanation = new ImageExplanation(flat, colours);
        float[] weights = flat.weights().get(0).data();
        Arrays.fill(weights, 0);
        weights[0] = 1; // red of the first pixel speaks for the first label
        weights[(3 + 2) * 2] = -1; // blue of the second against it
        BufferedImage filters = read(explanation.drawFilters());
        int side = TILE / 3;
        assertEquals(0xff8080, colour(filters, 0, 92, side, 0, 0));
        assertEquals(0x808000, colour(filters, 0, 92, side, 0, 1));
        assertEquals(0x808080, colour(filters, 1, 92, side, 0, 0), "of the other label, in the next picture");
        Tensor image = Tensor.zeros(1, 18);
        for (int i = 0; i < 18; i += 3) {
            image.data()[i] = 1;
        }
        BufferedImage drawn = read(explanation.drawSaliency(image));
        assertEquals(0xff0000, drawn.getRGB(TileSheet.MARGIN + 10, top(drawn) + 10) & 0xffffff, "red is seen red");
        assertEquals(Shape.of(18), explanation.saliency(image).gradient().shape());
        Refusals.assertRefused(IllegalArgumentException.class,
                () -> new ImageExplanation(flat, ImagePreprocessor.ofNumbers(2, 3, 2)), "images of 2 x 3 with", "[(18,)]");
    }
}
