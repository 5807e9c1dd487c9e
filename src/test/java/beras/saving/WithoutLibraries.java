package beras.saving;

import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.saving.onnx.OnnxFile;
import beras.saving.pytorch.PyTorchFile;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.FitOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** What a program finds that has BERAS and the JDK alone, or lacks some other library. Run by a class loader of its own. */
public final class WithoutLibraries implements Function<Path, Map<String, String>> {

    private final Map<String, String> answers = new LinkedHashMap<>();

    /** The answers to all that is tried in a folder, which has a file m.keras. */
    @Override
    public Map<String, String> apply(Path folder) {
        Path model = folder.resolve("m.keras");
        ask("load", () -> ModelFile.load(model));
        ask("bytes", () -> ModelFile.fromBytes(new byte[9], "bytes"));
        ask("save", () -> {
            ModelFile.save(net(), folder.resolve("m.beras"));
            return null;
        });
        ask("keras", () -> {
            ModelFile.save(net(), folder.resolve("n.keras"));
            return null;
        });
        ask("leavesOut", () -> ModelFile.leavesOut(new SavedModel(net()), folder.resolve("m.keras")));
        ask("onnx", () -> OnnxFile.save(net(), folder.resolve("m.onnx")));
        ask("onnx load", () -> OnnxFile.load(model));
        ask("torch", () -> PyTorchFile.save(net(), folder.resolve("m.safetensors")));
        ask("torch load", () -> PyTorchFile.load(net(), model));
        ask("checkpoint", () -> fit(new ModelCheckpoint(folder.resolve("m.beras").toString())));
        ask("checkpoint of keras", () -> fit(new ModelCheckpoint(folder.resolve("n.keras").toString())));
        ask("backup", () -> fit(new BackupAndRestore(folder.resolve("m.beras"))));
        ask("TensorBoard", () -> {
            Sequential net = net();
            net.compile(new Adam(), new MeanSquaredError());
            return net.fit(Tensor.ones(4, 2), Tensor.ones(4, 1),
                    new FitOptions().callbacks(new TensorBoard(folder.resolve("events"))));
        });
        return answers;
    }

    private static Sequential net() {
        return new Sequential(1, new Input(2), new Dense(1));
    }

    private static Object fit(Callback callback) {
        Sequential net = net();
        net.compile(new Adam(), new MeanSquaredError());
        try {
            return net.fit(Tensor.ones(4, 2), Tensor.ones(4, 1), new FitOptions().callbacks(callback));
        } finally {
            if (net.optimizer().orElseThrow().steps() > 0) {
                throw new AssertionError("trained in vain");
            }
        }
    }

    private void ask(String what, Callable<?> work) {
        String answer;
        try {
            work.call();
            answer = "nothing";
        } catch (Throwable e) { // also of classes that are not there
            answer = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        answers.put(what, answer);
    }
}
