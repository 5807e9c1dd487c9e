package beras.fuzz;

import beras.autograd.GradientTape;
import beras.layers.Layer;
import beras.losses.Loss;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.regularizers.Regularizer;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.onnx.OnnxRun;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.DivergedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** What a random recipe must do that needs one set-up alone. */
final class RecipeChecks {

    /** Of numbers up to 1, and of the share of larger ones: what is promised of a net in another format. */
    private static final float BOUND = 1e-5f;
    /** Of ONNX Runtime, whose functions are less exact: what is near 0 may be made large by a normalization. */
    private static final int OF_RUNTIME = 10;
    /** Another order of additions changes a number about as much as such a change of all weights and inputs. */
    private static final double ROUNDING = 1.0 / (1 << 20);
    /** ONNX Runtime makes a Pad by zeros and the MaxPool after it one, in which the zeros do not count; ONNX's own evaluator does
     * not. */
    private static final Pattern PADDED_POOL = Pattern.compile(".*ZeroPadding2D.*MaxPooling2D.*");
    private static final int PERTURBATIONS = 3;
    private static final int AMPLIFIED = 4;

    private final RandomRecipe random;
    private final Path folder;
    private final List<String> compared = new ArrayList<>();
    private final StringJoiner failures = new StringJoiner("\n");

    RecipeChecks(RandomRecipe random, Path folder) {
        this.random = random;
        this.folder = folder;
    }

    /** What was compared, in a line, and what is wrong, each in one. */
    String all() throws IOException {
        check();
        return String.join(" ", compared) + "\n" + failures;
    }

    private void check() throws IOException {
        Model model = random.model();
        try {
            model.fit(random.x(), random.y(), random.recipe().fitOptions());
        } catch (DivergedException e) {
            return; // nothing is promised of such weights
        }
        if (model.weights().stream().anyMatch(weight -> !isFinite(weight))) {
            return;
        }
        for (String suffix : List.of(".onnx", ".keras")) {
            checkFormat(model, suffix);
        }
        if (model instanceof Sequential) { // of several nets each has a loss of its own
            checkTape();
        }
    }

    private static boolean isFinite(Tensor tensor) {
        for (float number : tensor.toArray()) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    // ----------------------------------------------------------------------------------------------------- formats

    private void checkFormat(Model model, String suffix) throws IOException {
        SavedModel saved = new SavedModel(model).recipe(random.recipe());
        Path file = folder.resolve("net" + suffix);
        Files.deleteIfExists(file);
        try {
            ModelFile.save(saved, file);
        } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("cannot express") && !e.getMessage().contains("has no ")) {
                failures.add(suffix + " is refused without a reason: " + e.getMessage());
            }
            return;
        }
        Tensor expected = model.predict(random.x());
        if (!isFinite(expected)) {
            return;
        }
        compared.add(suffix);
        boolean sameLayers = suffix.equals(".keras"); // which give the very bits
        float[] bounds = sameLayers ? new float[expected.size()] : bounds(model, expected);
        compare("read from " + suffix, expected, ModelFile.load(file).model().predict(random.x()), bounds);
        if (suffix.equals(".onnx") && !PADDED_POOL.matcher(random.recipe().toString()).matches()) {
            try (OnnxRun run = new OnnxRun(Files.readAllBytes(file))) {
                for (int i = 0; i < bounds.length; i++) {
                    bounds[i] *= OF_RUNTIME;
                }
                compare("ONNX Runtime", expected, (Tensor) List.copyOf(run.run(List.of(random.x())).values()).get(0), bounds);
            } catch (Exception e) {
                failures.add("ONNX Runtime: " + e);
            }
        }
    }

    private void compare(String what, Tensor expected, Tensor received, float[] bounds) {
        if (!expected.shape().equals(received.shape())) {
            failures.add(what + ": the shape " + received.shape() + " instead of " + expected.shape());
            return;
        }
        float[] wanted = expected.toArray();
        float[] given = received.toArray();
        for (int i = 0; i < wanted.length; i++) {
            if (!(Math.abs(wanted[i] - given[i]) <= bounds[i])) {
                failures.add(what + ": number " + i + " is " + given[i] + " instead of " + wanted[i] + ", within " + bounds[i]);
                return;
            }
        }
    }

    /** How far off each output may be. */
    private float[] bounds(Model model, Tensor expected) {
        float[] bounds = new float[expected.size()];
        float[] wanted = expected.toArray();
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = BOUND * Math.max(1, Math.abs(wanted[i]));
        }
        Model other = Models.of(model.config());
        for (int times = 0; times < PERTURBATIONS; times++) {
            Rng dice = new Rng(times, "rounding", 0);
            for (int w = 0; w < model.weights().size(); w++) {
                other.weights().get(w).assign(perturbed(model.weights().get(w), dice));
            }
            float[] changed = other.predict(random.isOfWords() ? random.x() : perturbed(random.x(), dice)).toArray();
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = Math.max(bounds[i], AMPLIFIED * Math.abs(changed[i] - wanted[i]));
            }
        }
        return bounds;
    }

    private static Tensor perturbed(Tensor tensor, Rng dice) {
        float[] numbers = tensor.toArray();
        return Tensor.generate(i -> numbers[i] * (1 + ROUNDING * (2 * dice.uniform(i) - 1)), tensor.shape().toArray());
    }

    // -------------------------------------------------------------------------------------------------------- tape

    /** A step of fit changes the weights to the bits that a user's own tape gives. */
    private void checkTape() {
        Loss loss = random.recipe().makeLoss();
        Model fitted = random.model();
        Model taped = random.model();
        Tensor x = random.x();
        Tensor y = random.y();
        List<Layer> layers = Layer.withInner(taped.layers());
        GradientTape tape = new GradientTape();
        Tensor value;
        try (tape) {
            value = loss.call(taped.call(x), y);
            for (Tensor penalty : tape.penalties()) {
                value = value.add(penalty);
            }
            for (Layer layer : layers) {
                for (int i = 0; i < layer.specs().size(); i++) {
                    Regularizer regularizer = layer.specs().get(i).regularizer();
                    value = regularizer == null ? value : value.add(regularizer.call(layer.weights().get(i)));
                }
            }
        }
        if (!Float.isFinite(value.item())) {
            return;
        }
        compared.add("tape");
        fitted.compile(new SGD(0.1f), loss);
        new SGD(0.1f).applyGradients(taped.trainableVariables(), tape.gradient(value, taped.trainableVariables()));
        for (Layer layer : layers) {
            for (int i = 0; i < layer.specs().size(); i++) {
                if (layer.specs().get(i).constraint() != null) {
                    layer.specs().get(i).constraint().apply(layer.weights().get(i));
                }
            }
        }
        fitted.trainOnBatch(x, y);
        for (int w = 0; w < fitted.weights().size(); w++) {
            Variable weight = fitted.weights().get(w);
            if (!Arrays.equals(bits(weight), bits(taped.weights().get(w)))) {
                failures.add("a step of fit gives other bits than a tape: " + weight.name() + " number " + w);
                return;
            }
        }
    }

    private static int[] bits(Tensor tensor) {
        float[] numbers = tensor.toArray();
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(numbers[i]);
        }
        return bits;
    }
}
