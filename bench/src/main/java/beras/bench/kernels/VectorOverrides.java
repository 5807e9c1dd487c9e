package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import beras.kernels.Update;
import beras.kernels.UpdateRules;
import beras.kernels.Window;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * Kernels whose code in lanes stands beside plain loops that the JVM may compile to vectors by itself. Run with {@code
 * -jvmArgsAppend -Dberas.simd=off} and without: code in lanes that is not 5 % faster is not worth its lines and its warm-up.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VectorOverrides extends Checked {

    private static final int ROWS = 128;
    private static final int COLS = 785;

    @Param({"sgd", "momentum", "nesterov", "rmsProp", "kerasRmsProp", "centeredRmsProp", "adam", "amsGrad", "nadam", "adamax",
        "adagrad", "adadelta", "lion", "blend", "relu", "leakyRelu", "sqrt", "reluGradient", "sigmoidGradient", "tanhGradient", "add",
        "subtract", "multiply", "scaleAndClip", "columnProducts", "normalizeColumns",
        "normalizeColumnsGradient", "normalizeRows", "normalizeRowsGradient", "normalizeRowsScaleGradient", "maxPool",
        "maxPoolGradient"})
    public String kernel;

    private final MatrixView a = block(ROWS, COLS, 1);
    private final MatrixView b = block(ROWS, COLS, 2);
    private final MatrixView c = block(ROWS, COLS, 3);
    private final MatrixView d = block(ROWS, COLS, 4);
    private final MatrixView e = block(ROWS, COLS, 5);
    private final MatrixView[] columns = {block(1, COLS, 6), block(1, COLS, 7), block(1, COLS, 8), block(1, COLS, 9)};
    private final MatrixView statistics = block(ROWS, 2, 10);
    private Runnable call;

    private static MatrixView block(int rows, int cols, int seed) {
        return new MatrixView(Inputs.uniform(rows * cols, 0.1, 1, seed), 0, rows, cols);
    }

    @Override
    protected void prepare() {
        Map<String, Runnable> calls = new HashMap<>();
        update(calls, "sgd", new UpdateRules.Sgd(1e-9f));
        update(calls, "momentum", new UpdateRules.SgdMomentum(1e-9f, 0.9f, false), b);
        update(calls, "nesterov", new UpdateRules.SgdMomentum(1e-9f, 0.9f, true), b);
        update(calls, "rmsProp", new UpdateRules.RmsProp(1e-9f, 0.9, 1e-7f), b);
        update(calls, "kerasRmsProp", new UpdateRules.KerasRmsProp(1e-9f, 0.9, 0f, 1e-7f, false), b);
        update(calls, "centeredRmsProp", new UpdateRules.KerasRmsProp(1e-9f, 0.9, 0.5f, 1e-7f, true), b, c, d);
        update(calls, "adam", new UpdateRules.Adam(1e-9f, 0.9, 0.999, 1f, 1e-7f), b, c);
        update(calls, "amsGrad", new UpdateRules.AmsGrad(1e-9f, 0.9, 0.999, 1f, 1e-7f), b, c, d);
        update(calls, "nadam", new UpdateRules.Nadam(1e-9f, 1e-9f, 0.9, 0.999, 1f, 1e-7f), b, c);
        update(calls, "adamax", new UpdateRules.Adamax(1e-9f, 0.9, 0.999, 1e-7f), b, c);
        update(calls, "adagrad", new UpdateRules.Adagrad(1e-9f, 1e-7f), b);
        update(calls, "adadelta", new UpdateRules.Adadelta(1e-9f, 0.95, 1e-7f), b, c);
        update(calls, "lion", new UpdateRules.Lion(1e-9f, 0.9, 0.99), b);
        calls.put("blend", () -> Backend.updates().blend(0.01f, a, 0.99f, b));
        for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.LEAKY_RELU, UnaryOp.SQRT}) {
            calls.put(camelCase(op), () -> Backend.elements().map(op, 0.1f, a, b));
        }
        for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.SIGMOID, UnaryOp.TANH}) {
            calls.put(camelCase(op) + "Gradient", () -> Backend.elements().mapGradient(op, 0f, a, b, c, d));
        }
        for (BinaryOp op : new BinaryOp[] {BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY}) {
            calls.put(op == BinaryOp.ADD ? "add" : op == BinaryOp.SUBTRACT ? "subtract" : "multiply",
                    () -> Backend.elements().zip(op, a, b, c));
        }
        calls.put("scaleAndClip", () -> Backend.elements().scaleAndClip(a, 0.5f, 0.3f, b));
        calls.put("columnProducts", () -> Backend.normalizations().columnProducts(a, columns[0], b, columns[1], columns[2]));
        calls.put("normalizeColumns", () -> Backend.normalizations().normalizeColumns(a, columns[0], columns[1], columns[2], b));
        calls.put("normalizeColumnsGradient", () -> Backend.normalizations().normalizeColumnsGradient(a, columns[0], columns[1], b,
                columns[2], columns[3], c));
        calls.put("normalizeRows", () -> Backend.normalizations().normalizeRows(a, columns[0], columns[1], 1e-3f, b, statistics));
        calls.put("normalizeRowsGradient", () -> Backend.normalizations().normalizeRowsGradient(a, statistics, columns[0], b, c));
        calls.put("normalizeRowsScaleGradient",
                () -> Backend.normalizations().normalizeRowsScaleGradient(a, statistics, b, columns[0]));
        Window pool = Window.valid(28, 28, 2, 2, 2, 2, 1, 1);
        MatrixView images = block(16 * 28 * 28, 32, 11);
        MatrixView pooled = block(16 * 14 * 14, 32, 12);
        MatrixView taps = block(16 * 14 * 14, 32, 13);
        Backend.pools().max(pool, images, pooled, taps);
        calls.put("maxPool", () -> Backend.pools().max(pool, images, pooled, taps));
        calls.put("maxPoolGradient", () -> Backend.pools().maxGradient(pool, pooled, taps, images));
        call = calls.get(kernel);
    }

    private void update(Map<String, Runnable> calls, String name, Update update, MatrixView... slots) {
        calls.put(name, () -> Backend.updates().apply(update, a, e, slots));
    }

    private static String camelCase(UnaryOp op) {
        return op == UnaryOp.LEAKY_RELU ? "leakyRelu" : op.name().toLowerCase(Locale.ROOT);
    }

    @Override
    protected void call() {
        call.run();
    }

    /** The library's tests compare the bits; here finite results suffice. */
    @Override
    protected void check() {
        for (MatrixView block : new MatrixView[] {a, b, c, d}) {
            for (int i = 0; i < ROWS * COLS; i++) {
                requireClose("block", i, block.get(i), 0, 1e6);
            }
        }
    }

    @Benchmark
    public void kernel() {
        call();
    }
}
