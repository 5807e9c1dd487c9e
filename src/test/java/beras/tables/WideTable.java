package beras.tables;

import beras.data.table.CategoryColumn;
import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.SavedModel;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** A model of categories with so many values that forty rows of it, as numbers, take 160 MB. */
public final class WideTable {

    public static final int COLUMNS = 100;
    public static final int VALUES = 10_000;
    public static final int ROWS = 40;
    /** In 64 MB. */
    public static final int AT_ONCE = 16;
    /** What rows of numbers and all else may take. */
    public static final long MOST_BYTES = 96L << 20;

    private static final int TIMES = 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** It gives each label a half. */
    public static SavedModel model() {
        List<String> values = IntStream.range(0, VALUES).mapToObj(i -> "v" + i).sorted().toList();
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < COLUMNS; i++) {
            columns.add(new CategoryColumn(name(i), 0, "", values, 0));
        }
        TablePreprocessor rows = new TablePreprocessor(new TableSchema(new TableTarget.Labels("kind", List.of("a", "b"),
                List.of(1L, 1L)), columns, ROWS));
        return new SavedModel(new Sequential(1, new Input(COLUMNS * VALUES), new Dense(2, "softmax").with("kernelInitializer", Initializers.REGISTRY.of("zeros"))))
                .preprocessor(rows);
    }

    public static String name(int column) {
        return "c" + column;
    }

    /** A row of which no value is one that the model lists. */
    public static List<String> row() {
        return Collections.nCopies(COLUMNS, "other");
    }

    /**
     * How many bytes this thread allocates meanwhile: the first number below a bound, or the least of some times, as vector code
     * leaves garbage until it is compiled.
     */
    public static long allocated(long bound, Callable<?> task) throws Exception {
        long least = Long.MAX_VALUE;
        for (int time = 0; time < TIMES && least >= bound; time++) {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            task.call();
            least = Math.min(least, THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        return least;
    }

    private WideTable() {}
}
