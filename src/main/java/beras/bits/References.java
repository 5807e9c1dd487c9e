package beras.bits;

import beras.data.drawing.Png;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.RecipeTraining;
import beras.models.Sequential;
import beras.models.TrainingData;
import beras.optimizers.Adam;
import beras.optimizers.Optimizers;
import beras.sources.ImageOptions;
import beras.sources.PictureSource;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.LambdaCallback;
import beras.training.LastState;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What each reference computes. All of it is small, so that the whole takes seconds and a few minutes where a processor is
 * emulated; sizes are no multiples of lanes, and some are so large that threads share them.
 */
final class References {

    /** Something whose bits are known. */
    interface Reference {

        /**
         * Computes it.
         *
         * @return the SHA-256 of each part, by its name
         */
        Map<String, String> compute() throws IOException;
    }

    /** By their names, in order. */
    static final Map<String, Reference> ALL = new LinkedHashMap<>();

    static {
        ALL.put("functions", References::functions);
        ALL.put("products", References::products);
        ALL.put("random numbers", References::randomNumbers);
        ALL.put("dense", References::dense);
        ALL.put("convolution", References::convolution);
        ALL.put("averages", References::averages);
        ALL.put("resume", References::resume);
        ALL.put("table", References::table);
        ALL.put("ensemble", References::ensemble);
        ALL.put("pictures", References::pictures);
        ALL.put("optimizers", References::optimizers);
        ALL.put("losses", References::losses);
        ALL.put("layers", References::layers);
    }

    private static final int CLASSES = 3;
    private static final int EXAMPLES = 40;
    private static final int SEED = 7;
    private static final int ROWS = 90;

    // ------------------------------------------------------------------------------------------------ numbers

    private static Map<String, String> functions() {
        Tensor x = Tensor.generate(i -> Float.intBitsToFloat((int) (i * 1_048_573L)), 4099); // all over the range, NaN among them
        Tensor positive = x.abs();
        return parts("exp", x.exp(), "log", positive.log(), "tanh", x.tanh(), "sigmoid", x.sigmoid(), "sqrt", positive.sqrt(),
                "sum", Tensor.generate(new Rng(SEED, "sum", 0)::normal, 37, 1031).sum());
    }

    private static Map<String, String> products() {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (int[] sizes : new int[][] {{1, 1, 1}, {7, 33, 5}, {64, 129, 65}, {257, 300, 130}}) {
            Tensor left = Tensor.generate(new Rng(SEED, "left", sizes[0])::normal, sizes[0], sizes[1]);
            Tensor right = Tensor.generate(new Rng(SEED, "right", sizes[0])::normal, sizes[1], sizes[2]);
            hashes.put(sizes[0] + " x " + sizes[1] + " x " + sizes[2], ReferenceBits.sha256(List.of(left.matmul(right),
                    left.maximum(0f).matmul(right), right.transpose().matmul(left.transpose()))));
        }
        return hashes;
    }

    private static Map<String, String> randomNumbers() {
        Map<String, String> hashes = parts("uniform", Tensor.generate(new Rng(SEED, "uniform", 1)::uniform, 1000), "normal",
                Tensor.generate(new Rng(SEED, "normal", 1)::normal, 1000));
        for (String initializer : List.of("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal",
                "LecunUniform", "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling")) {
            hashes.put(initializer, ReferenceBits.sha256(new Sequential(SEED, new Input(9),
                    new Dense(13).with("kernelInitializer", Initializers.REGISTRY.of(initializer))).weights()));
        }
        return hashes;
    }

    // -------------------------------------------------------------------------------------------------- trainings

    private static Map<String, String> dense() {
        Examples examples = examples(Shape.of(301), 300);
        return recipe("64:relu,dropout:0.2,48:gelu,3:softmax", "adam(0.003)", examples, Shape.of(301));
    }

    private static Map<String, String> convolution() {
        Shape shape = Shape.of(12, 11, 3);
        return recipe("conv(7, 3, padding=same), batch_norm, relu, max_pool(2), depthwise_conv(3), conv(9, 2, strides=2,"
                + " activation=silu), global_avg_pool, 3:softmax", "sgd(0.05, momentum=0.9)", examples(shape, EXAMPLES), shape);
    }

    private static Map<String, String> averages() {
        String optimizer = "adamw(0.01, weightDecay=0.01, clipnorm=0.5, emaMomentum=0.9)";
        Recipe recipe = recipe("16:tanh,3:softmax", optimizer).schedule("one_cycle");
        return trained(recipe, examples(Shape.of(20), EXAMPLES), Shape.of(20));
    }

    /** A training that is interrupted within an epoch, and resumed by another model. */
    private static Map<String, String> resume() {
        Shape shape = Shape.of(20);
        Recipe recipe = recipe("16:relu,dropout:0.3,batch_norm,3:softmax", "adam(0.01)");
        Examples examples = examples(shape, EXAMPLES);
        LastState last = new LastState();
        int[] batches = new int[1];
        LambdaCallback interruption = new LambdaCallback().onBatchEnd((batch, logs) -> {
            if (++batches[0] == 4) {
                last.interrupt();
            }
        });
        compiled(recipe, shape).fit(examples, recipe.fitOptions().callbacks(last, interruption));
        Model model = compiled(recipe, shape);
        model.fit(examples, recipe.fitOptions().callbacks(new LastState()).resume(last.last().orElseThrow()));
        Model whole = compiled(recipe, shape);
        whole.fit(examples, recipe.fitOptions().callbacks(new LastState()));
        Map<String, String> hashes = new LinkedHashMap<>();
        hashes.put("resumed", ReferenceBits.sha256(model.weights()));
        hashes.put("whole", ReferenceBits.sha256(whole.weights()));
        return hashes;
    }

    private static Recipe recipe(String layers, String optimizer) {
        return new Recipe().layers(layers).loss("cross-entropy").optimizer(optimizer).epochs(3).batchSize(16).seed(SEED);
    }

    private static Map<String, String> recipe(String layers, String optimizer, Examples examples, Shape shape) {
        return trained(recipe(layers, optimizer), examples, shape);
    }

    private static Model compiled(Recipe recipe, Shape shape) {
        Model model = Models.of(recipe, shape);
        model.compile(recipe, EXAMPLES);
        return model;
    }

    private static Map<String, String> trained(Recipe recipe, Examples examples, Shape shape) {
        Model model = compiled(recipe, shape);
        model.fit(examples, recipe.fitOptions());
        return result(model, inputs(shape, EXAMPLES));
    }

    private static Map<String, String> result(Model model, Tensor inputs) {
        Map<String, String> hashes = new LinkedHashMap<>();
        hashes.put("weights", ReferenceBits.sha256(model.weights()));
        hashes.put("predictions", ReferenceBits.sha256(List.of(model.predict(inputs))));
        return hashes;
    }

    private static Tensor inputs(Shape shape, int count) {
        return Tensor.generate(new Rng(SEED, "inputs", 0)::normal, shape.prepend(count).toArray());
    }

    private static Tensor targets(int count) {
        return Tensor.generate(i -> (i / CLASSES * 31 + 1) % CLASSES == i % CLASSES ? 1 : 0, count, CLASSES);
    }

    private static Examples examples(Shape shape, int count) {
        return Examples.of(inputs(shape, count), targets(count));
    }

    // ------------------------------------------------------------------------------------------ tables and pictures

    /** What is done with a folder that is removed afterwards. */
    private interface InFolder {
        Map<String, String> compute(Path folder) throws IOException;
    }

    private static Map<String, String> inFolder(InFolder work) throws IOException {
        Path folder = Files.createTempDirectory("beras-bits");
        try {
            return work.compute(folder);
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** An amount by numbers, with some missing, a category and a date. */
    private static Map<String, String> table() throws IOException {
        return inFolder(folder -> result(TableTraining.of(writtenTable(folder), "amount")
                .change(recipe -> recipe.ensemble(1).epochs(4)).patience(2).fit()));
    }

    /** Labels by three nets, each of which holds out other rows. */
    private static Map<String, String> ensemble() throws IOException {
        return inFolder(folder -> result(TableTraining.of(writtenTable(folder), "kind")
                .change(recipe -> recipe.ensemble(3).epochs(4)).fit()));
    }

    private static Path writtenTable(Path folder) throws IOException {
        Rng rng = new Rng(SEED, "table", 0);
        StringBuilder text = new StringBuilder("size,colour,day,kind,amount\n");
        for (int row = 0; row < ROWS; row++) {
            int size = (int) (1000 * rng.uniform(2L * row));
            int colour = (int) (CLASSES * rng.uniform(2L * row + 1));
            text.append(row % 11 == 5 ? "" : size * 0.25).append(",colour").append(colour).append(",2024-0").append(1 + row % 9)
                    .append("-1").append(row % 10).append(size > 400 ? ",big," : ",small,")
                    .append(size * 3 + colour * 50.5).append('\n');
        }
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    private static Map<String, String> result(TableModel trained) {
        Model model = trained.model();
        return result(model, inputs(model.inputShape(), EXAMPLES));
    }

    private static Map<String, String> pictures() throws IOException {
        return inFolder(folder -> {
            for (int i = 0; i < EXAMPLES; i++) {
                writePicture(folder, i);
            }
            Recipe given = new Recipe().seed(SEED).epochs(2).layers("conv:5x3:relu,max_pool:2,2:softmax");
            PictureSource source = PictureSource.of(folder, new ImageOptions().seed(SEED).size(new ImageOptions.Size(9, 11))
                    .validationSplit(0.2));
            TrainingData data = source.read(remark -> { });
            Recipe recipe = data.complete(given);
            Model model = Models.of(recipe, data.inputShape());
            data.prepare(model);
            RecipeTraining training = new RecipeTraining(recipe, data.open(remark -> { }), model).stopEarly("loss", 2);
            training.fit(training.fitOptions());
            Map<String, String> hashes = new LinkedHashMap<>();
            hashes.put("weights", ReferenceBits.sha256(model.weights()));
            try (Batches.Pass test = Batches.of(data.test().orElseThrow(), EXAMPLES).open(0)) {
                hashes.put("predictions", ReferenceBits.sha256(List.of(model.predict(test.next().inputs()).get(0))));
            }
            return hashes;
        });
    }

    /** A picture of a class, which is made smaller when it is read. */
    private static void writePicture(Path folder, int number) throws IOException {
        int width = 16 + number % 5;
        int height = 14 + number % 3;
        int row = (width * 3 + 3) / 4 * 4; // of whole words
        byte[] samples = new byte[width * height * 3];
        Rng rng = new Rng(SEED, "picture", number);
        for (int y = 0; y < height; y++) { // from below, and blue first
            for (int at = 0; at < width * 3; at++) {
                samples[(height - 1 - y) * width * 3 + at + 2 - 2 * (at % 3)] =
                        (byte) (100 * rng.uniform(y * row + at) + (at % 3 == number % 2 * 2 ? 120 : 0));
            }
        }
        Path of = Files.createDirectories(folder.resolve(number % 2 == 0 ? "blue" : "red"));
        Files.write(of.resolve(number + ".png"), Png.of(samples, width, height, 3));
    }

    // -------------------------------------------------------------------------------------------------- all of a kind

    private static Map<String, String> optimizers() {
        Map<String, String> hashes = new LinkedHashMap<>();
        Shape shape = Shape.of(37);
        for (String name : List.of("SGD", "RMSProp", "Adam", "AdamW", "Nadam", "Adamax", "Adagrad", "Adadelta", "Lion", "Ftrl")) {
            Model model = new Sequential(SEED, new Input(37), new Dense(19, "relu"), new Dense(CLASSES, "softmax"));
            model.compile(Optimizers.REGISTRY.of(name), Losses.REGISTRY.of("cross-entropy"));
            model.fit(examples(shape, EXAMPLES), new FitOptions().epochs(2).batchSize(16).seed(SEED));
            hashes.put(name, ReferenceBits.sha256(model.weights()));
        }
        return hashes;
    }

    private static Map<String, String> losses() {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String name : List.of("MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError",
                "MeanSquaredLogarithmicError", "Huber", "Quantile", "LogCosh", "Poisson", "KLDivergence", "Hinge",
                "SquaredHinge", "CategoricalHinge", "CosineSimilarity", "BinaryCrossEntropy", "CategoricalCrossEntropy",
                "BinaryFocalCrossEntropy", "CategoricalFocalCrossEntropy", "Dice", "Tversky(0.7, 0.3)", "SparseCategoricalCrossEntropy")) {
            Loss loss = Losses.REGISTRY.of(name);
            Model model = new Sequential(SEED, new Input(13), new Dense(11, "relu"), new Dense(CLASSES, "softmax"));
            model.compile(new Adam(0.01), loss);
            Tensor y = targets(EXAMPLES);
            boolean takesLabels = !loss.takes(Shape.of(CLASSES), Shape.of(CLASSES));
            model.fit(inputs(Shape.of(13), EXAMPLES), takesLabels ? y.argmax(1) : y,
                    new FitOptions().epochs(2).batchSize(16).seed(SEED));
            hashes.put(name(name), ReferenceBits.sha256(model.weights()));
        }
        return hashes;
    }

    private static final Shape VECTOR = Shape.of(37);
    private static final Shape SEQUENCE = Shape.of(9, 5);
    private static final Shape IMAGE = Shape.of(9, 7, 6);

    private static Map<String, String> layers() {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String activation : List.of("ReLU", "LeakyReLU", "Sigmoid", "Tanh", "ELU", "SELU", "GELU", "SiLU", "Softplus",
                "Softsign", "HardSigmoid", "Exponential", "Mish", "Linear", "CELU", "HardShrink", "HardSiLU", "HardTanh",
                "LogSigmoid", "SoftShrink", "SparsePlus", "SparseSigmoid", "SquarePlus", "TanhShrink", "Softmax", "LogSoftmax")) {
            hashes.put(activation, layer(VECTOR, activation));
        }
        for (String layer : List.of("Dense(11, relu)", "ActivityRegularization(l1=0.01, l2=0.01)", "AlphaDropout(0.25)",
                "BatchNormalization", "Columns(1, 9, [Dense(5)])", "Dropout(0.3)", "Flatten", "GaussianDropout(0.2)", "GaussianNoise(0.1)",
                "LayerNormalization", "Normalization", "PReLU", "RMSNormalization", "RepeatVector(2)", "Rescaling(0.5, 0.125)",
                "Reshape([-1, 37])", "UnitNormalization", "Add", "Dot(1)", "Average", "Concatenate", "Maximum", "Minimum", "Multiply",
                "Subtract")) {
            hashes.put(name(layer), layer(VECTOR, layer));
        }
        for (String layer : List.of("Attention", "AveragePooling1D(2)", "Conv1D(7, 3, padding=same)", "Conv1DTranspose(7, 3, strides=2)",
                "DepthwiseConv1D(3)", "SeparableConv1D(7, 3)", "GlobalAveragePooling1D",
                "GlobalMaxPooling1D", "MaxPooling1D(2)", "Permute([2, 1])", "Bidirectional(GRU(6))", "Cropping1D",
                "GRU(33, returnSequences=true)", "LSTM(17)", "Masking", "MultiHeadAttention(3, 7)",
                "PositionEmbedding(11)", "TransformerBlock(5, 13)", "SimpleRNN(9)", "SpatialDropout1D(0.3)", "TimeDistributed(Dense(5))",
                "UpSampling1D", "ZeroPadding1D")) {
            hashes.put(name(layer), layer(SEQUENCE, layer));
        }
        for (String layer : List.of("AveragePooling2D(2)", "Conv2D(7, 3, padding=same, strides=2)",
                "Conv2DTranspose(5, 3, strides=2)", "Cropping2D([1, 2, 0, 3])", "DepthwiseConv2D(3)", "GlobalAveragePooling2D",
                "GlobalMaxPooling2D", "GroupNormalization(2)", "HorizontalFlip", "MaxPooling2D(2)", "SeparableConv2D(7, 3)",
                "SpatialDropout2D(0.3)", "UpSampling2D(2, interpolation=bilinear)", "Whitening2D(2)",
                "ZeroPadding2D([1, 0, 2, 1])")) {
            hashes.put(name(layer), layer(IMAGE, layer));
        }
        hashes.put("GLU", layer(IMAGE, "GLU"));
        hashes.put("Embedding", embedding());
        hashes.put("Input", layer(VECTOR, "Linear"));
        return hashes;
    }

    private static String name(String layer) {
        int end = layer.indexOf('(');
        return end < 0 ? layer : layer.substring(0, end);
    }

    /** A net in which this layer is between two that are trained; one that merges gets two of these before it. */
    private static String layer(Shape shape, String text) {
        Layer layer = Layers.REGISTRY.of(text);
        Node input = new Input(shape.toArray()).apply();
        int channels = shape.dim(-1);
        Node before = new Dense(channels).apply(input);
        Node node = List.of("Add", "Attention", "Average", "Concatenate", "Dot(1)", "Maximum", "Minimum", "Multiply", "Subtract").contains(text)
                ? layer.apply(before, new Dense(channels).apply(input)) : layer.apply(before);
        return hash(input, node, inputs(shape, EXAMPLES));
    }

    private static String embedding() {
        Node input = new Input(4).apply();
        return hash(input, Layers.REGISTRY.of("Embedding(9, 5)").apply(input), Tensor.generate(i -> i * 31 % 9, EXAMPLES, 4));
    }

    private static String hash(Node input, Node node, Tensor inputs) {
        Node output = new Dense(CLASSES, "softmax").apply(new Flatten().apply(node));
        Model model = new Functional(SEED, List.of(input), List.of(output));
        model.compile(new Adam(0.01), Losses.REGISTRY.of("cross-entropy"));
        model.fit(inputs, targets(EXAMPLES), new FitOptions().epochs(2).batchSize(16).seed(SEED));
        List<Tensor> all = new ArrayList<>(model.weights());
        all.add(model.predict(inputs));
        return ReferenceBits.sha256(all);
    }

    private static Map<String, String> parts(Object... namesAndTensors) {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            hashes.put((String) namesAndTensors[i], ReferenceBits.sha256(List.of((Tensor) namesAndTensors[i + 1])));
        }
        return hashes;
    }

    private References() {}
}
