package beras.bench;

import beras.bench.kernels.Checked;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * One benchmark at one size in one kind of JVM: a row of the results.
 *
 * @param type the benchmark's class
 * @param shape one of the class's sizes, empty if it has none
 * @param backend the implementation
 * @param callers the threads that call the benchmark, each on separate data
 */
record Contender(Class<? extends Checked> type, String shape, String backend, Setting setting, int callers) {

    /** Calls from one thread; whether more share the work is up to the setting. */
    static Contender of(Class<? extends Checked> type, String shape, String backend, Setting setting) {
        return new Contender(type, shape, backend, setting, 1);
    }

    /** The sizes of a benchmark, in its own order. */
    static List<String> shapes(Class<? extends Checked> type) {
        try {
            return List.of(type.getField("shape").getAnnotation(Param.class).value());
        } catch (NoSuchFieldException e) {
            return List.of("");
        }
    }

    /** The name of the one benchmark method. */
    String benchmark() {
        return Arrays.stream(type.getMethods()).filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName).findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return benchmark() + (shape.isEmpty() ? "" : " " + shape) + ", " + Setting.threads(setting.threads()) + ", " + backend;
    }
}
