package beras.training;

import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks weights that are being trained, so that no other training run changes them meanwhile, or saved, so that none changes
 * them at all. A training run holds the weights between {@link #beginStep} and {@link #endStep}; saving waits for the end of a
 * step and holds the next one up. Code that saves a model itself takes part:
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

    // Fair: at the end of a step, waiting threads precede the next step of the same thread.
    private static final ReentrantLock REGISTRY = new ReentrantLock(true);
    private static final Condition CHANGED = REGISTRY.newCondition();
    private static final Map<Variable, TrainingLock> TRAINED = new IdentityHashMap<>(); // guarded by REGISTRY, as the next
    private static final List<TrainingLock> ACTIVE = new ArrayList<>(); // threads that save, and training runs within a step
    private static final List<TrainingLock> WAITING = new ArrayList<>(); // to become active

    private final Thread owner = Thread.currentThread();
    private final Set<Variable> weights = Collections.newSetFromMap(new IdentityHashMap<>());
    private final boolean saves;

    private TrainingLock(List<Variable> weights, boolean saves) {
        this.weights.addAll(weights);
        this.saves = saves;
    }

    /**
     * For a whole training run of these weights; its steps begin with {@link #beginStep}. Waits while another thread saves them.
     *
     * @throws IllegalStateException if one is being trained already, or saved by this thread
     */
    static TrainingLock ofFit(List<Variable> weights) {
        TrainingLock lock = begun(weights, false);
        lock.endStep();
        return lock;
    }

    /**
     * For one step, which begins now and may be part of a training run by this thread.
     *
     * @throws IllegalStateException if another thread trains one of these weights, or this thread saves one
     */
    static TrainingLock ofStep(List<Variable> weights) {
        return begun(weights, true);
    }

    private static TrainingLock begun(List<Variable> weights, boolean nested) {
        TrainingLock lock = new TrainingLock(weights, false);
        lock.enter(nested);
        try {
            lock.beginStep();
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
        return lock;
    }

    /**
     * Waits for the end of the present step of training runs of these weights, and prevents changes until this is closed: in
     * the training thread, at once. A run that waits for data holds nothing up, except while it takes precise statistics after
     * an epoch, which is part of a step. May be nested. Only {@code fit}, {@code trainOnBatch} and the like wait:
     * {@code Optimizer.minimize}, {@code setWeights} and {@code assign} change weights nevertheless.
     *
     * <p>A thread must close this before it trains the weights, or waits for another thread that saves or trains them.
     *
     * @throws IllegalStateException if this thread holds other weights and would wait for a thread that waits for these
     */
    public static TrainingLock ofSaving(List<Variable> weights) {
        TrainingLock lock = new TrainingLock(weights, true);
        lock.beginStep();
        return lock;
    }

    private void enter(boolean nested) {
        REGISTRY.lock();
        try {
            for (Variable weight : weights) {
                TrainingLock other = TRAINED.get(weight);
                if (other != null && !(nested && other.owner == owner)) {
                    throw new IllegalStateException("The weights of a model are changed by one training run at a time. Received: a"
                            + " second one during " + (other.owner == owner ? "a fit by the same thread, such as in its callback"
                            : "one by thread " + other.owner.getName()) + ". Train when that has ended, or another model");
                }
            }
            weights.forEach(weight -> TRAINED.putIfAbsent(weight, this));
        } finally {
            REGISTRY.unlock();
        }
    }

    /**
     * Until {@link #endStep}, the weights change, or are saved. Waits until all can be had at once, so it holds nothing of this lock
     * meanwhile.
     *
     * @throws IllegalStateException if this thread saves them, or would wait for a thread that waits for it
     */
    void beginStep() {
        REGISTRY.lock();
        try {
            if (ACTIVE.isEmpty() && WAITING.isEmpty()) { // most steps, which leave no iterators to the collector
                ACTIVE.add(this);
                return;
            }
            boolean first = true; // that its thread holds
            for (TrainingLock active : ACTIVE) {
                first &= active.owner != owner;
                if (!saves && active.saves && active.owner == owner && sharesWeightsWith(active)) {
                    throw new IllegalStateException("Weights do not change while they are saved. Received: a training step of a"
                            + " model that is being saved by this thread. Close its TrainingLock before training");
                }
            }
            // Waiting steps have priority, or a series of savers would stop training. A nested step would wait for itself.
            while (isExcludedBy(ACTIVE) || saves && first && isExcludedBy(WAITING)) {
                requireProgress();
                WAITING.add(this);
                CHANGED.awaitUninterruptibly();
                WAITING.remove(this);
            }
            ACTIVE.add(this);
        } finally {
            REGISTRY.unlock();
        }
    }

    private boolean isExcludedBy(List<TrainingLock> others) {
        for (TrainingLock other : others) {
            if (isExcludedBy(other)) {
                return true;
            }
        }
        return false;
    }

    private boolean isExcludedBy(TrainingLock other) {
        return saves != other.saves && owner != other.owner && sharesWeightsWith(other);
    }

    private boolean sharesWeightsWith(TrainingLock other) {
        return !Collections.disjoint(weights, other.weights);
    }

    /** Prevents deadlock, such as of two threads that each save, within a step, the weights that the other trains. */
    private void requireProgress() {
        List<TrainingLock> stopped = new ArrayList<>(List.of(this));
        for (int i = 0; i < stopped.size(); i++) {
            for (TrainingLock active : ACTIVE) {
                if (!stopped.get(i).isExcludedBy(active)) {
                    continue;
                }
                if (active.owner == owner) {
                    CHANGED.signalAll(); // threads that gave priority to this one
                    throw new IllegalStateException("Training and saving cannot wait for each other. Received: thread "
                            + owner.getName() + ", which is to " + (saves ? "save" : "train") + " weights while it holds others that"
                            + " thread " + stopped.get(i).owner.getName() + " waits for. Save outside of a step, and all weights"
                            + " under one TrainingLock");
                }
                WAITING.stream().filter(next -> next.owner == active.owner && !stopped.contains(next)).forEach(stopped::add);
            }
        }
    }

    void endStep() {
        REGISTRY.lock();
        try {
            ACTIVE.remove(this);
            CHANGED.signalAll();
        } finally {
            REGISTRY.unlock();
        }
    }

    /** Does something that changes the weights, within a step. */
    void step(Runnable change) {
        beginStep();
        try {
            change.run();
        } finally {
            endStep();
        }
    }

    @Override
    public void close() {
        REGISTRY.lock();
        try {
            weights.forEach(weight -> TRAINED.remove(weight, this));
            endStep();
        } finally {
            REGISTRY.unlock();
        }
    }
}
