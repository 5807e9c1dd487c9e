package beras.runs;

import beras.training.Callback;
import beras.training.Logs;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many seconds a training spends on what, by the wall clock; from when this is made. */
public final class Phases {

    private static final String DATA = "data";
    private static final String BEFORE = "preparation";
    private static final String UNFINISHED = "unfinished epoch";
    private static final String MEASURING = "validation and test";
    private static final String WRITING = "writing";
    private static final double NANOSECONDS = 1e9;

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long since = System.nanoTime();
    private String now = BEFORE;
    private boolean first = true;

    /** Ends the phase of reading the data. */
    public void endData() {
        end(DATA);
    }

    private void end(String phase) {
        long time = System.nanoTime();
        seconds.merge(phase, (time - since) / NANOSECONDS, Double::sum);
        since = time;
    }

    /** Measures the epochs; give it after the callbacks that measure the model. */
    public Callback measured() {
        return new Callback() {

            @Override
            public void onEpochBegin(int epoch, int batches) {
                end(now);
                now = UNFINISHED;
            }

            @Override
            public void onEpochEnd(int epoch, Logs logs) {
                long time = System.nanoTime();
                double all = (time - since) / NANOSECONDS;
                double trained = Math.min(all, logs.seconds()); // of an epoch that was resumed, more was trained before
                seconds.merge(first ? RunRecord.FIRST_EPOCH : RunRecord.FURTHER_EPOCHS, trained, Double::sum);
                seconds.merge(MEASURING, all - trained, Double::sum);
                since = time;
                first = false;
                now = WRITING; // what comes now: files, and lines on the screen
            }
        };
    }

    /** The seconds of each phase; the current phase ends here. */
    public Map<String, Double> whole() {
        end(now);
        Map<String, Double> ordered = new LinkedHashMap<>();
        for (String phase : new String[] {DATA, BEFORE, RunRecord.FIRST_EPOCH, RunRecord.FURTHER_EPOCHS, UNFINISHED, MEASURING,
                WRITING}) {
            if (seconds.containsKey(phase)) {
                ordered.put(phase, seconds.get(phase));
            }
        }
        return ordered;
    }
}
