package beras.training;

import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Marks weights that are being trained, so that no other training changes them meanwhile. */
final class TrainingLock implements AutoCloseable {

    private static final Map<Variable, Thread> TRAINED = new IdentityHashMap<>(); // guarded by the class

    private final List<Variable> locked = new ArrayList<>();

    private TrainingLock() {}

    /**
     * For a whole training of these weights.
     *
     * @throws IllegalStateException if one is being trained already
     */
    static TrainingLock ofFit(List<Variable> weights) {
        return new TrainingLock().lock(weights, false);
    }

    /**
     * For one step, which may be part of a training by this thread.
     *
     * @throws IllegalStateException if another thread trains one of these weights
     */
    static TrainingLock ofStep(List<Variable> weights) {
        return new TrainingLock().lock(weights, true);
    }

    private TrainingLock lock(List<Variable> weights, boolean nested) {
        Thread self = Thread.currentThread();
        synchronized (TrainingLock.class) {
            for (int i = 0; i < weights.size(); i++) {
                Thread other = TRAINED.get(weights.get(i));
                if (other != null && !(nested && other == self)) {
                    throw new IllegalStateException("The weights of a model are changed by one training at a time. Received: a"
                            + " second one during " + (other == self ? "a fit by the same thread, such as in its callback"
                            : "one by thread " + other.getName()) + ". Train when that has ended, or another model");
                }
            }
            for (int i = 0; i < weights.size(); i++) {
                if (TRAINED.putIfAbsent(weights.get(i), self) == null) {
                    locked.add(weights.get(i));
                }
            }
        }
        return this;
    }

    @Override
    public void close() {
        synchronized (TrainingLock.class) {
            for (int i = 0; i < locked.size(); i++) {
                TRAINED.remove(locked.get(i));
            }
        }
    }
}
