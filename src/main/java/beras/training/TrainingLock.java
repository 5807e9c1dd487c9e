package beras.training;

import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Weights that are being trained, so that no other training run changes them meanwhile, or saved, so that none changes them at all.
 * A training run holds the weights between {@link #beginStep} and {@link #endStep}; saving waits for the end of a step and holds the
 * next one up. What saves a model by itself takes part:
 *
 * <pre>{@code
 * try (TrainingLock saving = TrainingLock.ofSaving(model.weights())) {
 *     for (Variable weight : model.weights()) {
 *         System.out.println(weight); // all of one step, also while another thread is in fit
 *     }
 * }
 * }</pre>
 */
public final class TrainingLock implements AutoCloseable {

    // Fair, as that of steps: a thread that saves again and again must not stop training, nor one that trains saving.
    private static final ReentrantLock REGISTRY = new ReentrantLock(true);
    private static final Condition SAVED = REGISTRY.newCondition();
    private static final Map<Variable, TrainingLock> TRAINED = new IdentityHashMap<>(); // guarded by REGISTRY, as the next
    private static final Map<Variable, Integer> SAVING = new IdentityHashMap<>(); // by how many threads
    private static long opened;

    private final Thread owner = Thread.currentThread();
    private final ReentrantLock step;
    private final List<Variable> entered = new ArrayList<>();
    private final Set<ReentrantLock> held = new LinkedHashSet<>(); // by this lock, until it is closed
    private final boolean saves;
    private long number; // outer ones of a thread come first

    private TrainingLock(ReentrantLock step, boolean saves) {
        this.step = step;
        this.saves = saves;
    }

    /** What {@link #ofStep} is to be given, one for all steps of a trainer. */
    static ReentrantLock newStep() {
        return new ReentrantLock(true);
    }

    /**
     * For a whole training run of these weights; its steps begin with {@link #beginStep}.
     *
     * @throws IllegalStateException if one is being trained already
     */
    static TrainingLock ofFit(List<Variable> weights) {
        TrainingLock lock = new TrainingLock(newStep(), false);
        lock.enter(weights, false);
        lock.endStep();
        lock.held.clear();
        return lock;
    }

    /**
     * For one step, which begins now and may be part of a training run by this thread.
     *
     * @throws IllegalStateException if another thread trains one of these weights
     */
    static TrainingLock ofStep(List<Variable> weights, ReentrantLock step) {
        TrainingLock lock = new TrainingLock(step, false);
        lock.enter(weights, true);
        lock.hold(lock.locksOf(weights));
        return lock;
    }

    /**
     * Waits for the end of the present step of training runs of these weights, and lets none change them until this is closed: in the
     * thread that trains, at once. A run that waits for data holds nothing up.
     */
    public static TrainingLock ofSaving(List<Variable> weights) {
        TrainingLock lock = new TrainingLock(null, true);
        for (boolean isAtRest = false; !isAtRest;) { // while it waited, a step may have trained others of the weights within it
            lock.hold(lock.locksOf(weights));
            REGISTRY.lock();
            try {
                isAtRest = lock.held.containsAll(lock.locksOf(weights));
                if (isAtRest) {
                    lock.entered.addAll(weights);
                    weights.forEach(weight -> SAVING.merge(weight, 1, Integer::sum));
                }
            } finally {
                REGISTRY.unlock();
            }
        }
        return lock;
    }

    /** Holds its own step meanwhile, so that it waits only for who saves already. */
    private void enter(List<Variable> weights, boolean nested) {
        hold(Set.of(step));
        REGISTRY.lock();
        try {
            for (Variable weight : weights) {
                TrainingLock other = TRAINED.get(weight);
                if (other != null && !(nested && other.owner == owner)) {
                    held.forEach(ReentrantLock::unlock);
                    throw new IllegalStateException("The weights of a model are changed by one training run at a time. Received: a"
                            + " second one during " + (other.owner == owner ? "a fit by the same thread, such as in its callback"
                            : "one by thread " + other.owner.getName()) + ". Train when that has ended, or another model");
                }
            }
            number = opened++;
            for (Variable weight : weights) {
                if (TRAINED.putIfAbsent(weight, this) == null) {
                    entered.add(weight);
                }
            }
            while (entered.stream().anyMatch(SAVING::containsKey)) {
                SAVED.awaitUninterruptibly();
            }
        } finally {
            REGISTRY.unlock();
        }
    }

    /** Those of the training runs of these weights, in the order in which one thread takes them. */
    private Set<ReentrantLock> locksOf(List<Variable> weights) {
        REGISTRY.lock();
        try {
            List<TrainingLock> runs = new ArrayList<>();
            for (Variable weight : weights) {
                TrainingLock run = TRAINED.get(weight);
                if (run != null && !runs.contains(run)) {
                    runs.add(run);
                }
            }
            runs.sort((a, b) -> Long.compare(a.number, b.number));
            Set<ReentrantLock> locks = new LinkedHashSet<>();
            runs.forEach(run -> locks.add(run.step));
            return locks;
        } finally {
            REGISTRY.unlock();
        }
    }

    private void hold(Set<ReentrantLock> locks) {
        for (ReentrantLock lock : locks) {
            if (!held.contains(lock)) {
                lock.lock();
                held.add(lock);
            }
        }
    }

    /** Until {@link #endStep}, the weights change. */
    void beginStep() {
        step.lock();
    }

    void endStep() {
        step.unlock();
    }

    @Override
    public void close() {
        REGISTRY.lock();
        try {
            for (Variable weight : entered) {
                if (saves) {
                    SAVING.computeIfPresent(weight, (w, threads) -> threads == 1 ? null : threads - 1);
                } else {
                    TRAINED.remove(weight);
                }
            }
            SAVED.signalAll();
        } finally {
            REGISTRY.unlock();
        }
        held.forEach(ReentrantLock::unlock);
        entered.clear();
        held.clear();
    }
}
