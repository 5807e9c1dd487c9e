package beras.bench.endtoend;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The measures of the comparison. Without a unit it describes one library alone. */
enum Measure {
    STEADY_EPOCH("steady epoch", "s", Trial::steadySeconds),
    FIRST_EPOCH("first epoch", "s", trial -> trial.epochSeconds(1)),
    FIRST_TO_STEADY("first / steady epoch", "", trial -> trial.epochSeconds(1) / trial.steadySeconds()),
    TENTH_TO_SECOND("epoch 10 / epoch 2", "", trial -> trial.epochSeconds(10) / trial.epochSeconds(2)),
    COLD("cold to %d %%", "s", Trial::secondsToGood),
    PROCESS("whole process", "s", Trial::wallSeconds),
    PEAK_MEMORY("peak memory", "MB", Trial::peakMb);

    private final String title;
    private final String unit;
    private final ToDoubleFunction<Trial> value;

    Measure(String title, String unit, ToDoubleFunction<Trial> value) {
        this.title = title;
        this.unit = unit;
        this.value = value;
    }

    String title(DataSet data) {
        return this == COLD ? String.format(Locale.ROOT, title, data.goodPercent()) : title;
    }

    String unit() {
        return unit;
    }

    double of(Trial trial) {
        return value.applyAsDouble(trial);
    }
}
