package beras.fuzz;

import beras.files.Sha256;
import beras.kernels.KernelSetup;
import beras.kernels.Threads;
import beras.models.Model;
import beras.optimizers.Optimizer;
import beras.saving.BackupAndRestore;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One use of a random recipe on one set-up, in text that is the same on all: {@code train}, {@code interrupt} (leaves a file),
 * {@code resume} (from that file), {@code check} (what needs no second set-up).
 */
public final class RecipeRun implements Function<Map<String, String>, String> {

    @Override
    public String apply(Map<String, String> arguments) {
        Threads.set(Integer.parseInt(arguments.get("threads")));
        KernelSetup.shareAll(Boolean.parseBoolean(arguments.get("shareAll")));
        RandomRecipe random = new RandomRecipe(Long.parseLong(arguments.get("seed")), Long.parseLong(arguments.get("number")));
        Path folder = Path.of(arguments.get("folder"));
        try {
            return switch (arguments.get("task")) {
                case "train" -> train(random, random.model(), options(random), folder);
                case "interrupt" -> interrupt(random, Integer.parseInt(arguments.get("batch")), folder);
                case "resume" -> {
                    SavedModel saved = ModelFile.load(folder.resolve("backup.beras"));
                    yield train(random, saved.model(), options(random).resume(saved.trainingState().orElseThrow()), folder);
                }
                default -> new RecipeChecks(random, folder).all();
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FitOptions options(RandomRecipe random, Callback... more) {
        List<Callback> callbacks = new ArrayList<>(random.callbacks());
        callbacks.addAll(List.of(more));
        return random.recipe().fitOptions().callbacks(callbacks.toArray(Callback[]::new));
    }

    private static String train(RandomRecipe random, Model model, FitOptions options, Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            History history = model.fit(random.x(), random.y(), options);
            text.append(history.outcome()).append('\n');
            for (Logs logs : history.epochs()) {
                text.append(logs.values()).append('\n');
            }
        } catch (DivergedException e) {
            text.append(e.getMessage()).append('\n');
        }
        text.append("weights ").append(ModelFile.weightsSha256(model)).append('\n');
        Optimizer optimizer = model.optimizer().orElseThrow();
        String state = sha256(optimizer.state(model.trainableVariables()));
        text.append("optimizer ").append(optimizer.steps()).append(' ').append(state).append('\n');
        String predictions = predictions(model, random);
        text.append(predictions);
        Path file = folder.resolve("model.beras");
        Files.deleteIfExists(file);
        ModelFile.save(new SavedModel(model).recipe(random.recipe()), file);
        SavedModel loaded = ModelFile.load(file);
        if (!predictions.equals(predictions(loaded.model(), random)) || !loaded.recipe().orElseThrow().equals(random.recipe())) {
            throw new AssertionError("other predictions, or another recipe, from the file of " + random);
        }
        return text.toString();
    }

    /** Of several examples at once, and of one. */
    private static String predictions(Model model, RandomRecipe random) {
        return "predictions " + sha256(List.of(model.predict(random.x()), model.predict(random.x().slice(0, 1)))) + "\n";
    }

    /** Ends a training after a batch; its state is in a file then. */
    private static String interrupt(RandomRecipe random, int batch, Path folder) throws IOException {
        Path file = folder.resolve("backup.beras");
        Files.deleteIfExists(file);
        Training[] training = new Training[1];
        int[] seen = {0};
        LambdaCallback breakOff = new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onBatchEnd((at, logs) -> {
            if (++seen[0] == batch) {
                training[0].interrupt();
            }
        });
        try {
            random.model().fit(random.x(), random.y(), options(random, breakOff, new BackupAndRestore(file).everyBatches(batch)));
        } catch (DivergedException e) {
            return e.getMessage();
        }
        return Files.exists(file) ? "" : "no batch " + batch;
    }

    /** Of the bits of all numbers. */
    private static String sha256(List<? extends Tensor> tensors) {
        MessageDigest digest = Sha256.begin();
        for (Tensor tensor : tensors) {
            float[] numbers = tensor.toArray();
            ByteBuffer bits = ByteBuffer.allocate(Float.BYTES * numbers.length);
            bits.asFloatBuffer().put(numbers);
            digest.update(bits.array());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
