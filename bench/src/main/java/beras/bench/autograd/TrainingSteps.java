package beras.bench.autograd;

import beras.autograd.GradientTape;
import beras.compute.Compute;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of Adam on a batch of 128 dense rows of 784 numbers in ten classes, on one thread: by operations of tensors alone, as a
 * user writes it, and by {@code trainOnBatch} of built-in layers. {@code train_steps_pytorch.py} in {@code bench/rivals} is the same
 * in PyTorch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 5, jvmArgsAppend = {"--add-modules=jdk.incubator.vector"})
public class TrainingSteps {

    private static final int BATCH = 128;
    private static final int INPUTS = 784;
    private static final int CLASSES = 10;

    /** Units of the hidden layer; 0: softmax regression. */
    @Param({"0", "128"})
    public int hidden;

    private final Tensor x = Tensor.generate(new Rng(1, "inputs", 0)::uniform, BATCH, INPUTS);
    private final Tensor y = Tensor.generate(i -> i % CLASSES == i / CLASSES % CLASSES ? 1 : 0, BATCH, CLASSES);
    private Sequential model;
    private List<Variable> weights;
    private Adam adam;

    /** The same weights for both. */
    @Setup
    public void setUp() {
        Compute.setThreads(1);
        model = hidden == 0 ? new Sequential(1, new Input(INPUTS), new Dense(CLASSES))
                : new Sequential(1, new Input(INPUTS), new Dense(hidden, "relu"), new Dense(CLASSES));
        model.compile(new Adam(1e-3), new CategoricalCrossEntropy().fromLogits(true));
        weights = model.trainableVariables().stream().map(w -> new Variable(w.copy())).toList();
        adam = new Adam(1e-3);
    }

    /** Built-in layers and loss. */
    @Benchmark
    public double builtIn() {
        return model.trainOnBatch(x, y).loss();
    }

    /** The same network and loss by operations of tensors. */
    @Benchmark
    public float operations() {
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            Tensor z = x.matmul(weights.get(0)).add(weights.get(1));
            if (hidden > 0) {
                z = z.relu().matmul(weights.get(2)).add(weights.get(3));
            }
            loss = z.logSoftmax(1).multiply(y).sum(1).mean().negate();
        }
        adam.applyGradients(weights, tape.gradient(loss, weights));
        return loss.item();
    }
}
