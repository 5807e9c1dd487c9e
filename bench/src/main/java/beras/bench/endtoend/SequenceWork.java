package beras.bench.endtoend;

import beras.bench.kernels.Flops;
import beras.bench.kernels.FmaPeak;
import beras.compute.Compute;
import beras.kernels.Backend;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.PositionEmbedding;
import beras.layers.TransformerBlock;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.models.Sampling;
import beras.models.Sequential;
import beras.models.TokenGenerator;
import beras.optimizers.Adam;
import beras.optimizers.AdamW;
import beras.saving.onnx.OnnxFile;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import com.google.gson.Gson;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * BERAS's part of {@link Sequences}, in a separate process: repeats one work and prints the microseconds of each of its items
 * as a line of JSON. {@code bench/rivals/sequences_pytorch.py} has the same works in PyTorch.
 */
public final class SequenceWork {

    static final int CHARACTERS = 65;
    private static final int WIDTH = 128;
    static final int CONTEXT = 64;
    private static final int WINDOWS = 12;
    private static final int SIDE = 28;
    private static final int ROWS = 128;
    private static final int CLASSES = 10;
    private static final double BLOCK_SECONDS = 0.1;

    /** {@code WORK THREADS WARMUP_SECONDS SECONDS}, or {@code export} and a folder. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("export")) {
            for (String work : List.of("lstm-128", "transformer")) {
                OnnxFile.save(net(work), Path.of(arguments[1], work + ".onnx"));
            }
            return;
        }
        int threads = Integer.parseInt(arguments[1]);
        Compute.setThreads(threads);
        Backend.awaitFast();
        Work work = arguments[0].equals("peak") ? peak(threads) : of(arguments[0]);
        new Blocks(work, Double.parseDouble(arguments[2]));
        Blocks blocks = new Blocks(work, Double.parseDouble(arguments[3]));
        System.out.println(new Gson().toJson(Map.of("backend", Backend.describe(), "micros", blocks.micros, "allocated", blocks.allocated)));
    }

    /** @param items of which one is counted, such as the tokens of a text */
    private record Work(Runnable task, double items) {}

    // --------------------------------------------------------------------------------------------------- works

    private static Work of(String name) {
        String kind = name.substring(0, name.indexOf('-'));
        String net = name.substring(kind.length() + 1);
        Sequential model = net(net);
        boolean isText = net.equals("transformer") || net.equals("text-lstm");
        switch (kind) {
            case "train" -> {
                Tensor x = isText ? tokens(WINDOWS) : images(ROWS);
                Tensor y = isText ? tokens(WINDOWS) : Tensor.generate(i -> i % CLASSES, ROWS);
                return new Work(() -> model.trainOnBatch(x, y), 1);
            }
            case "predict" -> {
                Tensor x = isText ? tokens(1) : images(1);
                return new Work(() -> model.predict(x), x.dim(1));
            }
            default -> {
                TokenGenerator generator = new TokenGenerator(model);
                return new Work(() -> generator.generate(new int[1], CONTEXT, Sampling.DEFAULT, token -> true), CONTEXT);
            }
        }
    }

    private static Tensor images(int count) {
        return Tensor.generate(new Rng(1, "images", 0)::uniform, count, SIDE, SIDE);
    }

    private static Tensor tokens(int count) {
        Rng rng = new Rng(1, "tokens", 0);
        return Tensor.generate(i -> Math.floor(CHARACTERS * rng.uniform(i)), count, CONTEXT);
    }

    private static Sequential net(String name) {
        return net(name, 1);
    }

    static Sequential net(String name, long seed) {
        Sequential model;
        switch (name) {
            case "transformer" -> {
                List<Layer> layers = new ArrayList<>(List.of(new Input(CONTEXT), new Embedding(CHARACTERS, WIDTH)));
                layers.add(new PositionEmbedding(CONTEXT).addsInput(true));
                for (int i = 0; i < 4; i++) {
                    layers.add(new TransformerBlock(4, 4 * WIDTH).causal(true));
                }
                layers.add(new LayerNormalization().epsilon(1e-5f));
                layers.add(new Dense(CHARACTERS).useBias(false));
                model = new Sequential(seed, layers.toArray(Layer[]::new));
                model.compile(new AdamW(1e-3).with("weightDecay", 0.01), new SparseCategoricalCrossEntropy().fromLogits(true));
            }
            case "text-lstm" -> {
                model = new Sequential(seed, new Input(CONTEXT), new Embedding(CHARACTERS, WIDTH), new LSTM(WIDTH).returnSequences(true),
                        new Dense(CHARACTERS));
                model.compile(new AdamW(1e-3).with("weightDecay", 0.01), new SparseCategoricalCrossEntropy().fromLogits(true));
            }
            default -> {
                model = new Sequential(seed, new Input(SIDE, SIDE), new LSTM(Integer.parseInt(name.substring("lstm-".length()))), new Dense(CLASSES));
                model.compile(new Adam(1e-3), new SparseCategoricalCrossEntropy().fromLogits(true));
            }
        }
        return model;
    }

    /** The most multiply-adds: microseconds of a GFLOP by so many threads at once. */
    private static Work peak(int threads) throws InterruptedException {
        List<FmaPeak> peaks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            peaks.add(new FmaPeak());
            peaks.get(i).prepareAndCheck();
        }
        return new Work(() -> {
            CountDownLatch done = new CountDownLatch(threads);
            for (FmaPeak peak : peaks) {
                new Thread(() -> {
                    Flops flops = new Flops();
                    while (flops.flops < 5e9 / threads) {
                        peak.fmaPeak(flops);
                    }
                    done.countDown();
                }).start();
            }
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, 5);
    }

    // ----------------------------------------------------------------------------------------------- measuring

    /** The time of one item, in blocks of several calls. */
    private static final class Blocks {

        private final List<Double> micros = new ArrayList<>();
        private final long allocated; // bytes in an item

        Blocks(Work work, double seconds) {
            long before = allocated();
            long begin = System.nanoTime();
            double items = 0;
            while (micros.isEmpty() || System.nanoTime() - begin < 1e9 * seconds) {
                long start = System.nanoTime();
                double ofBlock = 0;
                do {
                    work.task.run();
                    ofBlock += work.items;
                } while (System.nanoTime() - start < 1e9 * BLOCK_SECONDS);
                micros.add((System.nanoTime() - start) / 1e3 / ofBlock);
                items += ofBlock;
            }
            allocated = (long) ((allocated() - before) / items);
        }
    }

    /** The bytes that all threads have allocated so far. */
    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).filter(bytes -> bytes > 0).sum();
    }

    private SequenceWork() {}
}
