package beras.training;

import beras.tensor.Variable;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Weights that are being trained, so that no other training run changes them meanwhile, or saved, so that none changes them at all.
 * Saving waits for the steps that all threads are in, and holds the next ones up. What saves a model by itself takes part:
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

    /** A step reads, saving writes. Fair: who waits to save comes before the next step of a thread that trains. */
    private static final ReentrantReadWriteLock STEPS = new ReentrantReadWriteLock(true);
    private static final Map<Variable, TrainingLock> TRAINED = new IdentityHashMap<>(); // guarded by itself

    private final Thread owner = Thread.currentThread();
    private final List<Variable> weights; // that are trained
    private Lock held; // null: none

    private TrainingLock(List<Variable> weights) {
        this.weights = weights;
    }

    /**
     * For a whole training run of these weights; its steps begin with {@link #beginStep}.
     *
     * @throws IllegalStateException if one is being trained already, or this thread saves a model
     */
    static TrainingLock ofFit(List<Variable> weights) {
        return training(weights, false);
    }

    /**
     * For one step, which begins now and may be part of a training run by this thread. Waits while another thread saves.
     *
     * @throws IllegalStateException if another thread trains one of these weights, or this thread saves a model
     */
    static TrainingLock ofStep(List<Variable> weights) {
        TrainingLock lock = training(weights, true);
        lock.beginStep();
        return lock;
    }

    private static TrainingLock training(List<Variable> weights, boolean nested) {
        requireNotSaving();
        TrainingLock lock = new TrainingLock(weights);
        synchronized (TRAINED) {
            for (Variable weight : weights) {
                TrainingLock other = TRAINED.get(weight);
                if (other != null && !(nested && other.owner == lock.owner)) {
                    throw new IllegalStateException("The weights of a model are changed by one training run at a time. Received: a"
                            + " second one during " + (other.owner == lock.owner ? "a fit by the same thread, such as in its callback"
                            : "one by thread " + other.owner.getName()) + ". Train when that has ended, or another model");
                }
            }
            weights.forEach(weight -> TRAINED.putIfAbsent(weight, lock));
        }
        return lock;
    }

    private static void requireNotSaving() {
        if (STEPS.isWriteLockedByCurrentThread()) {
            throw new IllegalStateException("Weights do not change while they are saved. Received: a training step in a thread that"
                    + " saves a model. Close its TrainingLock before training");
        }
    }

    /**
     * Waits for the end of the steps that other threads are in, and lets no step begin until this is closed; so keep it for a short
     * time. A run that waits for data holds nothing up, except while it takes precise statistics after an epoch, which is part of a
     * step. May be nested. Only {@code fit}, {@code trainOnBatch} and the like wait: {@code Optimizer.minimize}, {@code setWeights}
     * and {@code assign} change weights nevertheless. Within a step of this thread nothing is waited for, as weights that only this
     * thread trains do not change meanwhile.
     *
     * <p>A thread must close this before it trains, or waits for another thread that saves or trains.
     *
     * @throws IllegalStateException if this thread is in a step, and another thread trains one of these weights
     */
    public static TrainingLock ofSaving(List<Variable> weights) {
        TrainingLock lock = new TrainingLock(List.of());
        if (STEPS.getReadHoldCount() == 0) {
            lock.held = STEPS.writeLock();
            lock.held.lock();
            return lock;
        }
        synchronized (TRAINED) {
            for (Variable weight : weights) {
                TrainingLock other = TRAINED.get(weight);
                if (other != null && other.owner != lock.owner) {
                    throw new IllegalStateException("Training and saving cannot wait for each other. Received: thread "
                            + lock.owner.getName() + ", which is to save weights within a step of its own, while thread "
                            + other.owner.getName() + " trains them. Save outside of a step");
                }
            }
        }
        return lock;
    }

    /**
     * Until {@link #endStep}, the weights change. Waits while another thread saves.
     *
     * @throws IllegalStateException if this thread saves a model
     */
    void beginStep() {
        requireNotSaving();
        STEPS.readLock().lock();
        held = STEPS.readLock();
    }

    void endStep() {
        held.unlock();
        held = null;
    }

    @Override
    public void close() {
        synchronized (TRAINED) {
            weights.forEach(weight -> TRAINED.remove(weight, this));
        }
        if (held != null) {
            endStep();
        }
    }
}
