package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.saving.numpy.NumpyFile;
import beras.saving.onnx.OnnxFile;
import beras.saving.pytorch.PyTorchFile;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.FitOptions;
import beras.training.LambdaCallback;
import beras.training.Objective;
import beras.training.Trainer;
import beras.training.Training;
import beras.training.TrainingLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread saves again and again while another one trains: each file has the weights of one step. */
@Tag("saving")
@Timeout(300)
class SaveDuringFitTest {

    private static final Tensor X = new Dice("saved").normal(40, 30);
    private static final Tensor Y = X.slice(1, 0, 1);

    /** Saves number {@code i}, and loads a model from it. */
    private interface Saver {
        Model saved(Model model, int i) throws Exception;
    }

    private static Sequential model() {
        return new Sequential(1, new Input(30), new Dense(100, "relu"), new BatchNormalization(), new Dense(100, "relu"), new Dense(1));
    }

    private static Saver saver(String format, Path folder) {
        return switch (format) {
            case "bytes" -> (model, i) -> ModelFile.fromBytes(ModelFile.toBytes(new SavedModel(model)), "bytes").model();
            case ".npz" -> (model, i) -> {
                Model loaded = model();
                Path file = folder.resolve(i + ".npz");
                NumpyFile.saveWeights(model, file);
                NumpyFile.loadWeights(loaded, file);
                return loaded;
            };
            case ".safetensors" -> (model, i) -> {
                Model loaded = model();
                Path file = folder.resolve(i + ".safetensors");
                PyTorchFile.save(model, file);
                PyTorchFile.load(loaded, file);
                return loaded;
            };
            case "onnx" -> (model, i) -> {
                Path file = folder.resolve(i + ".onnx");
                OnnxFile.save(model, file);
                return ModelFile.load(file).model();
            };
            default -> (model, i) -> {
                Path file = folder.resolve(i + format);
                ModelFile.save(new SavedModel(model), file);
                return ModelFile.load(file).model();
            };
        };
    }

    /** What tells two steps apart, and is in a file of each format. */
    private static List<Object> facts(Model model) {
        return List.of(model.predict(X.slice(0, 3)), model.weights().get(0).copy());
    }

    @ParameterizedTest
    @CsvSource({"bytes, 1000", ".beras, 50", ".keras, 50", ".onnx, 50", "onnx, 50", ".npz, 50", ".safetensors, 50"})
    void eachFileHasTheWeightsOfOneStep(String format, int times, @TempDir Path folder) throws Exception {
        Model model = model();
        model.compile("adam(0.01)", "mse");
        Set<List<Object>> steps = new HashSet<>();
        Set<List<Object>> saved = new HashSet<>();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> saving = other.submit(() -> {
                start.await();
                Saver saver = saver(format, folder);
                for (int i = 0; i < times; i++) {
                    saved.add(facts(saver.saved(model, i)));
                }
                return null;
            });
            Training[] training = new Training[1];
            Callback noting = new LambdaCallback().onTrainBegin(begun -> {
                training[0] = begun;
                steps.add(facts(model));
                start.countDown();
            }).onBatchEnd((batch, logs) -> {
                steps.add(facts(model));
                if (saving.isDone()) {
                    training[0].interrupt();
                }
            });
            FitOptions options = new FitOptions().epochs(Integer.MAX_VALUE).batchSize(8).callbacks(noting);
            ForkJoinPool.commonPool().submit(() -> model.fit(Examples.of(X, Y), options)).get();
            saving.get();
        } finally {
            other.shutdownNow();
        }
        assertTrue(saved.size() > 1 && steps.containsAll(saved), "files of " + saved.size() + " steps");
    }

    /** One that waits for data is between two steps; one that saves by itself in a callback waits for nobody. */
    @Test
    void neitherAFitThatWaitsForDataNorASaveInACallbackBlocks(@TempDir Path folder) throws Exception {
        Model model = model();
        model.compile("sgd", "mse");
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch saved = new CountDownLatch(1);
        Batches batches = Batches.of(Examples.of(X, Y), 20);
        Batches slow = new Batches() {

            @Override
            public ExampleSpec spec() {
                return batches.spec();
            }

            @Override
            public int count() {
                return 2;
            }

            @Override
            public Pass open(int epoch) {
                Pass pass = batches.open(epoch);
                int[] given = {0};
                return () -> {
                    if (given[0]++ == 1) {
                        waiting.countDown();
                        assertDoesNotThrow(() -> saved.await());
                    }
                    return pass.next();
                };
            }
        };
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> training = other.submit(() -> model.fit(slow, new FitOptions().callbacks(
                    new ModelCheckpoint(folder.resolve("in-callback.beras").toString()))));
            waiting.await();
            ModelFile.save(model, folder.resolve("meanwhile.beras"));
            saved.countDown();
            training.get();
        } finally {
            other.shutdownNow();
        }
        assertTrue(Files.exists(folder.resolve("in-callback.beras")));
    }

    /** A training run that begins while a file is written waits until it is there, by whatever call it begins. */
    @Test
    void trainingThatBeginsMeanwhileWaits() throws Exception {
        Model model = model();
        model.compile("sgd", "mse");
        Tensor before = model.weights().get(0).copy();
        for (Runnable training : List.<Runnable>of(() -> model.fit(X, Y), () -> model.trainOnBatch(X, Y))) {
            Thread other = new Thread(training);
            try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
                other.start();
                while (other.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                assertEquals(before, model.weights().get(0).copy());
            }
            other.join();
            assertNotEquals(before, model.weights().get(0).copy());
            before = model.weights().get(0).copy();
        }
    }

    /** Threads that train and save within each other end or are refused; none waits for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"a step within a step of another thread", "saves within a save, as a fit begins", "a step within a save",
        "steps within a fit, as another thread saves", "saves within steps of each other"})
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a lock ignores an interrupt
    void nothingWaitsForEver(String what) throws Exception {
        Model model = model();
        model.compile("sgd", "mse");
        Batch batch = new Batch(List.of(X), List.of(Y), null);
        Trainer trainer = new Trainer(model, new SGD(0.1f), List.of(new Objective(new MeanSquaredError())));
        ExecutorService other = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "other");
            thread.setDaemon(true);
            return thread;
        });
        switch (what) {
            case "a step within a step of another thread" -> trainer.gradientsOnBatch(batch, gradients -> {
                Throwable e = assertThrows(ExecutionException.class, () -> other.submit(() -> trainer.trainOnBatch(batch)).get());
                assertTrue(e.getMessage().contains("a second one during one by thread "), e.getMessage());
            });
            case "saves within a save, as a fit begins" -> {
                Thread fit = new Thread(() -> model.fit(X, Y));
                try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
                    fit.start();
                    while (fit.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(model.copy()));
                }
                fit.join();
            }
            case "a step within a save" -> {
                try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
                    for (Executable step : List.<Executable>of(() -> model.fit(X, Y), () -> trainer.trainOnBatch(batch))) {
                        String message = assertThrows(IllegalStateException.class, step).getMessage();
                        assertTrue(message.endsWith("is being saved by this thread. Close its TrainingLock before training"), message);
                    }
                }
                other.submit(() -> model.fit(X, Y)).get();
            }
            case "steps within a fit, as another thread saves" -> {
                CountDownLatch start = new CountDownLatch(1);
                Future<?> saving = other.submit(() -> {
                    start.await();
                    for (int i = 0; i < 1000; i++) {
                        ModelFile.weightsSha256(model);
                    }
                    return null;
                });
                Training[] training = new Training[1];
                model.fit(X, Y, new FitOptions().epochs(Integer.MAX_VALUE).callbacks(new LambdaCallback().onTrainBegin(begun -> {
                    training[0] = begun;
                    start.countDown();
                }).onBatchEnd((number, logs) -> {
                    trainer.trainOnBatch(batch);
                    if (saving.isDone()) {
                        training[0].interrupt();
                    }
                })));
                saving.get();
            }
            default -> {
                Model second = model();
                Trainer ofSecond = new Trainer(second, new SGD(0.1f), List.of(new Objective(new MeanSquaredError())));
                CyclicBarrier both = new CyclicBarrier(2);
                Future<?> saving = other.submit(() -> ofSecond.gradientsOnBatch(batch, gradients -> {
                    assertDoesNotThrow(() -> both.await());
                    ModelFile.weightsSha256(model);
                }));
                Exception e = assertThrows(Exception.class, () -> {
                    trainer.gradientsOnBatch(batch, gradients -> {
                        assertDoesNotThrow(() -> both.await());
                        ModelFile.weightsSha256(second);
                    });
                    saving.get();
                });
                assertTrue(e.getMessage().contains("Training and saving cannot wait for each other"), e.getMessage());
            }
        }
        other.shutdown();
    }

    /** A loop that changes weights by itself, here as the header is written, takes no part in the lock. */
    @Test
    void weightsThatChangeWhileTheyAreSavedAreReported() {
        Model model = model();
        Exception e = assertThrows(IOException.class, () -> BerasFile.writeModel(new SavedModel(model), new OutputStream() {

            @Override
            public void write(int b) {
                model.weights().get(0).assign(0.5);
            }
        }));
        assertTrue(e.getMessage().startsWith("The weights changed while they were saved"), e.getMessage());
    }
}
