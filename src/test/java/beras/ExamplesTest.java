package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientCheck;
import beras.autograd.GradientTape;
import beras.data.Splits;
import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableSchema;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Ensemble;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.AdamW;
import beras.optimizers.Schedules;
import beras.saving.BackupAndRestore;
import beras.saving.CSVLogger;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.TensorBoard;
import beras.saving.Verification;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the pages that are parts of programs are in this class, and work; and the assignment's goal is met. */
@Tag("assignment")
@Tag("once")
class ExamplesTest {

    @Test
    void theLoadedModelPredicts(@TempDir Path folder) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Sequential model = new Sequential(1, new Input(784), new Dense(32, "relu"), new Dense(10, "softmax"));
        model.compile("adam", "cross-entropy");
        model.fit(mnist.train().slice(0, 5000), new FitOptions().epochs(2));
        Path saved = folder.resolve("digits.beras");
        ModelFile.save(model, saved);
        assertEquals(7, load(saved, mnist.test().slice(0, 1).inputs().toArray()));
    }

    private static int load(Path saved, float[] pixels) throws IOException {
        Model model = ModelFile.load(saved).model();
        Tensor probabilities = model.predict(new float[][] {pixels});
        int digit = probabilities.argmax(1)[0];
        System.out.println(digit + " with probability " + probabilities.get(0, digit));
        return digit;
    }

    @Test
    void theFarthestPointsAreFound() {
        Tensor points = Tensor.randn(7, 100, 3);
        Tensor centred = points.subtract(points.mean(0));
        Tensor covariance = Tensor.einsum("ni,nj->ij", centred, centred).divide(99).add(Tensor.eye(3).multiply(1e-3));
        Tensor distances = covariance.solve(centred.transpose()).multiply(centred.transpose()).sum(0).sqrt();   // Mahalanobis
        int[] farthest = distances.topK(0, 5).indices().toInts();
        assertEquals(distances.max().item(), distances.get(farthest[0]));
        assertEquals(300 * 0.99, distances.square().sum().item(), 1, "by its definition");
    }

    @Test
    void theExampleWithEverythingLearns(@TempDir Path folder) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Images train = mnist.train().slice(0, 3000);
        Images test = mnist.test().slice(0, 500);
        Sequential net = new Sequential(7,
                new Input(784), new Dense(128).with("kernelRegularizer", "l2(1e-5)"), new BatchNormalization(), new ReLU(),
                new Dropout(0.3), new Dense(10, "softmax"));
        net.compile(new AdamW().schedule(Schedules.REGISTRY.of("cosine", 0.002, 1000)).with("globalClipnorm", 1),
                "categorical_crossentropy", "accuracy", "top_k_categorical_accuracy(3)");
        net.fit(new AugmentedImages(train, ImageAugmentation.DIGITS, 7), new FitOptions()
                .epochs(20).batchSize(64).validationData(test).verbose(System.out)
                .callbacks(new EarlyStopping("val_loss").patience(3).restoreBestWeights(true),
                        new CSVLogger(folder.resolve("log.csv")), new TensorBoard(folder.resolve("events"))));
        System.out.println(net.summary());
        assertTrue(net.evaluate(test).get("accuracy") > 0.9);
        assertTrue(Files.readAllLines(folder.resolve("log.csv")).size() > 5);
        assertTrue(Files.isDirectory(folder.resolve("events").resolve("validation")));
    }

    @Test
    void theGraphExampleLearns() {
        Node word = new Input(1).apply();
        Node numbers = new Input(8).apply();
        Node x = new Concatenate().apply(new Flatten().apply(new Embedding(100, 16).apply(word)), numbers);
        Node hidden = new Dense(24, "relu").apply(x);
        Node price = new Dense(1).apply(new Add().apply(x, hidden));
        Functional graph = new Functional(List.of(word, numbers), List.of(price));
        graph.compile("adam", "mse", "mae");
        Tensor words = Tensor.generate(i -> i % 100, 200, 1);
        Tensor factors = Tensor.generate(i -> i * 7 % 13 / 13.0, 200, 8);
        Tensor prices = Tensor.generate(i -> words.get(i, 0) / 100 + factors.get(i, 3), 200, 1);
        History history = graph.fit(Examples.of(List.of(words, factors), List.of(prices), null), new FitOptions().epochs(20));
        assertTrue(history.get("mae").get(19) < 0.5 * history.get("mae").get(0));
    }

    @Test
    void theEnsembleExampleIsBetterThanItsNets() throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Images train = mnist.train().slice(0, 5000);
        Images test = mnist.test().slice(0, 2000);
        Recipe several = new Recipe().layers("32:relu,10:softmax").ensemble(3).seed(7);
        Model average = Models.of(several, train.inputShape());
        average.compile("adam", "cross-entropy", "accuracy");
        average.fit(train, several.fitOptions().validationData(test));

        double accuracy = average.evaluate(test).get("accuracy");
        double sum = 0;
        for (Model net : ((Ensemble) average).nets()) {
            net.compile("adam", "cross-entropy", "accuracy");
            sum += net.evaluate(test).get("accuracy");
        }
        assertTrue(accuracy > sum / 3, accuracy + " after " + sum / 3);
    }

    @Test
    void theTransferKeepsWhatWasLearnt(@TempDir Path folder) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Images train = mnist.train().slice(0, 2000);
        Sequential old = new Sequential(1, new Input(784), new Dense(32, "relu"), new Dense(10, "softmax"));
        old.compile("adam", "cross-entropy");
        old.fit(train, new FitOptions().epochs(2));
        Path saved = folder.resolve("digits.beras");
        ModelFile.save(old, saved);
        Model digits = ModelFile.load(saved).model();
        Functional features = new Functional(digits.inputNodes(), List.of(digits.node("dense")));
        features.trainable(false);
        Sequential clothes = new Sequential(7, features, new Dense(64, "relu"), new Dense(10, "softmax"));
        clothes.compile("adam", "cross-entropy", "accuracy");
        clothes.fit(train, new FitOptions().epochs(8));
        assertArrayEquals(old.weights().get(0).toArray(), features.weights().get(0).toArray());
        assertTrue(clothes.evaluate(train).get("accuracy") > 0.85);
    }

    @Test
    void theResumedTrainingHasTheBitsOfTheUndisturbedOne(@TempDir Path folder) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Images train = mnist.train().slice(0, 3000);
        Images test = mnist.test().slice(0, 500);
        Path file = folder.resolve("last.beras");
        String undisturbed = trained(train, test, file);
        assertEquals(undisturbed, resumed(train, test, file), "nothing is left to train");

        SavedModel saved = ModelFile.load(file);
        Recipe recipe = saved.recipe().orElseThrow();
        Sequential model = Sequential.of(recipe, train.inputShape());
        model.compile(recipe, train.count());
        int[] batches = {0};
        Callback crash = new LambdaCallback().onBatchEnd((batch, logs) -> {
            if (++batches[0] == 60) {
                throw new IllegalStateException("crash");
            }
        });
        Path broken = folder.resolve("broken.beras");
        assertThrows(IllegalStateException.class, () -> model.fit(train, recipe.fitOptions().validationData(test).callbacks(
                new BackupAndRestore(broken).everyBatches(50).parts(each -> each.recipe(recipe)), crash)));
        assertEquals(2, ModelFile.load(broken).trainingState().orElseThrow().config().integer("batch")); // of the third epoch
        assertEquals(undisturbed, resumed(train, test, broken));
        verified(train, test, file);
    }

    private static String trained(Images train, Images test, Path file) {
        Recipe recipe = new Recipe().layers("dense(64, relu), dropout(0.2), dense(10, softmax)").loss("cross-entropy")
                .metrics("accuracy").optimizer("adam(0.002)").schedule("cosine(warmup=1)").epochs(3).batchSize(128).seed(1);
        Sequential model = Sequential.of(recipe, train.inputShape());
        model.compile(recipe, train.count());
        History history = model.fit(train, recipe.fitOptions().validationData(test).callbacks(
                new BackupAndRestore(file).everyBatches(50).parts(saved -> saved.recipe(recipe))));
        System.out.println(history.outcome());
        assertEquals("finished at epoch 3", history.outcome().toString());
        return ModelFile.weightsSha256(model);
    }

    private static void verified(Images train, Images test, Path file) throws IOException {
        Recipe recipe = ModelFile.load(file).recipe().orElseThrow();
        Sequential model = Sequential.of(recipe, train.inputShape());
        model.compile(recipe, train.count());
        Verification verification = new Verification(ModelFile.load(file));
        model.fit(train, recipe.fitOptions().validationData(test).callbacks(verification));
        System.out.println(verification.result());
        assertEquals("Same bits: 3 epochs and 4 weights. Not compared: times, the recipe, the provenance", verification.result().toString());
    }

    private static String resumed(Images train, Images test, Path file) throws IOException {
        SavedModel saved = ModelFile.load(file);
        Model model = saved.model();
        Recipe recipe = saved.recipe().orElseThrow();
        model.fit(train, recipe.fitOptions().validationData(test).resume(saved.trainingState().orElseThrow()));
        return ModelFile.weightsSha256(model);
    }

    @Test
    void theTableExampleLearns(@TempDir Path folder) throws IOException {
        StringBuilder rows = new StringBuilder("size,town,price\n");
        for (int i = 0; i < 500; i++) {
            int size = 40 + i * 37 % 100;
            rows.append(size).append(i % 3 == 0 ? ",Ulm," : ",Bonn,")
                    .append(1000 * size + (i % 3 == 0 ? 50_000 : 0)).append('\n');
        }
        Path csv = Files.writeString(folder.resolve("houses.csv"), rows);
        LongPredicate held = Splits.validationRows(0.2, 7);
        TableSchema schema = TableSchema.infer(csv, "price", new TableOptions().rows(held.negate()));
        Sequential model = new Sequential(7, new Input(schema.width()), new Dense(32, "relu"), new Dense(1));
        model.compile("adam", "mse", "mae");
        model.fit(new TableDataset(TableFile.of(csv), schema, held.negate()).shuffle(10_000, 7).batch(32).prefetch(2),
                new FitOptions().epochs(10).validationData(new TableDataset(TableFile.of(csv), schema, held).batch(32)));
        assertTrue(model.evaluate(new TableDataset(TableFile.of(csv), schema, held).batch(32)).get("mae") < 0.2);
    }

    /** The assignment asks for 95 % of the test images within 10 epochs, each time. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void reaches95PercentWithAnySeed(long seed) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Sequential model = new Sequential(
                new Dense(784, 128, Initializers.heNormal(), seed), new ReLU(),
                new Dense(128, 10, Initializers.glorotNormal(), seed + 1000), new Softmax());
        model.compile(new Adam(0.001f), new CategoricalCrossEntropy(), "accuracy");
        model.fit(mnist.train(), new FitOptions().epochs(2).batchSize(64).seed(seed));
        double accuracy = model.evaluate(mnist.test()).get("accuracy");
        assertTrue(accuracy >= 0.95, () -> "test accuracy " + accuracy);
    }

    @Test
    void theFunctionsLearn() {
        Tensor left = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 200, 8);
        Tensor right = Tensor.generate(i -> i < 800 ? left.data()[i] + 0.1 * Math.cos(i) : Math.cos(3 + 2.3 * i), 200, 8);
        Tensor alike = Tensor.generate(i -> i < 100 ? 1 : 0, 200, 1);
        Node a = new Input(8).apply();
        Node b = new Input(8).apply();
        Dense tower = new Dense(4, "tanh");
        Node distance = Layers.lambda("distance", (p, q) -> p.subtract(q).square().sum(1).add(1e-6).sqrt())
                .apply(tower.apply(a), tower.apply(b));
        Functional pairs = new Functional(7, List.of(a, b), List.of(distance));
        Loss contrastive = Losses.lambda("contrastive", (d, same) -> Tensor.where(same, d.square(), d.negate().add(1).maximum(0).square()));
        Metric found = Metrics.lambda("found", (d, same) -> d.less(0.5).equal(same));
        pairs.compile("adam(0.01)", contrastive, found);
        History history = pairs.fit(Examples.of(List.of(left, right), List.of(alike), null), new FitOptions().epochs(20));
        assertTrue(history.get("found").get(19) > 0.95, history::toString);
    }

    @Test
    void registeredFunctionsAreNamed(@TempDir Path folder) throws IOException {
        Layers.register("scaled_tanh", x -> x.multiply(2.0 / 3).tanh().multiply(1.7159));
        Losses.register("overestimate", (p, t) -> t.subtract(p).multiply(0.9).maximum(t.subtract(p).multiply(-0.1)));
        Sequential net = new Sequential(7, new Input(8), new Dense(16, "scaled_tanh"), new Dense(1));
        net.compile("adam(0.01)", "overestimate");
        try {
            Tensor x = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 200, 8);
            net.fit(x, Tensor.generate(i -> i % 10, 200, 1), new FitOptions().epochs(150));
            float share = net.predict(x).greater(Tensor.generate(i -> i % 10, 200, 1)).mean().item();
            assertEquals(0.9f, share, 0.05f);
            ModelFile.save(net, folder.resolve("overestimate.beras"));
            assertEquals(net.predict(x), ModelFile.load(folder.resolve("overestimate.beras")).model().predict(x));
        } finally {
            Layers.ACTIVATIONS.unregister("scaled_tanh");
            Losses.REGISTRY.unregister("overestimate");
        }
    }

    @Test
    void theTapeExampleGivesGradients() {
        Dense dense = new Dense(1, 1, Initializers.zeros());
        dense.w().assign(2f);
        dense.b().assign(1f);
        MeanSquaredError mse = new MeanSquaredError();
        Tensor x = Tensor.of(new float[][] {{3}});
        Tensor y = Tensor.of(new float[][] {{10}});
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = mse.call(dense.call(x), y);
        }
        List<Tensor> gradients = tape.gradient(loss, dense.trainableVariables());
        assertEquals(-18f, gradients.get(0).item());
        assertEquals(-6f, gradients.get(1).item());
    }

    @Test
    void aStepOfALoopMinimizesAFormula() {
        Dense dense = new Dense(1, 1, Initializers.zeros());
        Tensor x = Tensor.of(new float[][] {{3}});
        Tensor y = Tensor.of(new float[][] {{10}});
        Adam adam = new Adam(0.1);
        Tensor before = adam.minimize(() -> dense.call(x).subtract(y).square().mean(), dense.trainableVariables());
        assertEquals(100f, before.item());
        assertEquals(0.1f, dense.w().item(), 1e-6f);
        assertEquals(0.1f, dense.b().item(), 1e-6f);
    }

    @Test
    void theGradientChecksPass() {
        Tensor x = Tensor.of(new float[][] {{1, -2, 0.5f}, {0.3f, 2, -1}});
        GradientCheck.Report report = GradientCheck.of(new Dense(3, "gelu")).check(x);
        assertTrue(report.passed(), report::toString);
        Tensor a = x;
        Tensor b = x.multiply(0.4);
        GradientCheck distance = GradientCheck.of((p, q) -> p.subtract(q).square().sum(1).sqrt());
        assertTrue(distance.order(2).check(a, b).passed());
    }
}
