package beras.training;

import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.kernels.ThreadTuner;
import beras.layers.BatchNormalization;
import beras.layers.Layer;
import beras.optimizers.NonFiniteGradientException;
import beras.optimizers.Optimizer;
import beras.tensor.Variable;
import beras.training.CallbackList.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The training loop: epochs of batches, each followed by validation. */
final class Fit implements Training {

    private final Trainer trainer;
    private final Trainable net;
    private final Batches batches;
    private final ExampleSpec spec; // in the shapes of the network's inputs
    private final Batches validation; // null: none
    private final FitOptions options;
    private final History history = new History();
    private final ThreadTuner pace = new ThreadTuner();
    private final List<Variable> variables;
    private final Steps steps;
    private final CallbackList callbacks;
    private final Map<String, Mode> modes; // of the numbers in the logs of an epoch
    private final TrainingProgress progress;
    private final TrainingSnapshot snapshot;
    private final TrainingLock lock;
    private final List<Variable> finite; // weights, when training began

    private MetricAccumulators accumulators; // of the epoch so far; null: it has not begun
    private boolean ending; // an epoch is: it is validated, or callbacks hear of its end

    private final Thread thread = Thread.currentThread();
    private volatile boolean interruptRequested;
    private boolean interrupted;

    Fit(Trainer trainer, Batches batches, ExampleSpec spec, Batches validation, FitOptions options, TrainingLock lock) {
        this.trainer = trainer;
        this.net = trainer.net();
        this.batches = batches;
        this.spec = spec;
        this.validation = validation;
        this.options = options;
        List<WeightsByClass> classWeights = new ArrayList<>();
        for (int i = 0; i < net.nets().size() && options.classWeight != null; i++) {
            classWeights.add(new WeightsByClass(options.classWeight, net, trainer.objectives().get(0).loss(), spec));
        }
        this.steps = new Steps(trainer, classWeights, new ArrayList<>(), null);
        this.variables = steps.variables();
        this.callbacks = new CallbackList(options.callbacks(), this);
        this.modes = modes(trainer.accumulators(), validation != null);
        this.progress = new TrainingProgress(batches, spec);
        this.lock = lock;
        this.finite = net.weights().stream().filter(DivergedException::isFinite).toList(); // a mask may be infinite
        this.snapshot = new TrainingSnapshot(trainer, batches, options, callbacks, history, progress);
    }

    private static Map<String, Mode> modes(MetricAccumulators any, boolean validated) {
        Map<String, Mode> modes = any.modes("");
        if (validated) {
            modes.putAll(any.modes(VALIDATION));
        }
        modes.put(LEARNING_RATE, Mode.AUTO);
        return modes;
    }

    // ------------------------------------------------------------------------------------ as callbacks see it

    @Override
    public Trainable net() {
        return net;
    }

    @Override
    public Optimizer optimizer() {
        return trainer.requireOptimizer();
    }

    @Override
    public int epochs() {
        return options.epochs;
    }

    @Override
    public OptionalInt resumedEpoch() {
        return options.resume == null ? OptionalInt.empty() : OptionalInt.of(options.resume.config().integer("epoch"));
    }

    @Override
    public Map<String, Mode> modes() {
        return new LinkedHashMap<>(modes);
    }

    @Override
    public void announce(String name, Mode mode) {
        if (modes.putIfAbsent(name, mode) != null) {
            throw new IllegalArgumentException("The logs have a number " + name + " already, among " + modes.keySet());
        }
    }

    @Override
    public void log(String name, double value) {
        if (callbacks.event() != Event.EPOCH_END || !modes.containsKey(name)) {
            throw new IllegalStateException("A number is added to the logs when an epoch ends, and announced when training"
                    + " begins. Received: " + name
                    + (modes.containsKey(name) ? " at another time" : ", which was not announced"));
        }
        history.replaceLast(callbacks.log(name, value));
    }

    @Override
    public void warn(String warning) {
        history.warn(warning);
        options.onWarning.accept(warning);
    }

    @Override
    public void stop() {
        progress.stop();
    }

    @Override
    public void stopAfterEpoch() {
        progress.stopAfterEpoch();
    }

    @Override
    public void interrupt() {
        interruptRequested = true;
        if (Thread.currentThread() == thread) {
            interrupted = true;
        }
    }

    @Override
    public boolean stopping() {
        return progress.stopsSoon() || interrupted;
    }

    @Override
    public TrainingState state() {
        if (callbacks.event() != Event.BATCH_END && callbacks.event() != Event.EPOCH_END) {
            throw new IllegalStateException("The state of a training is known when a batch or an epoch ends: take it in"
                    + " onBatchEnd or onEpochEnd");
        }
        return snapshot.take(accumulators);
    }

    // -------------------------------------------------------------------------------------------------- running

    History run() {
        Outcome outcome;
        Throwable failure = null;
        boolean training = false;
        try {
            callbacks.trainBegin();
            if (options.resume != null) {
                lock.step(() -> accumulators = restored(options.resume));
            }
            training = true;
            outcome = train();
        } catch (RuntimeException | Error e) {
            failure = e;
            outcome = failed(e, training);
        }
        failure = end(outcome, training, failure);
        history.end(outcome);
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
        return history;
    }

    private MetricAccumulators restored(TrainingState state) {
        try {
            return snapshot.restore(state);
        } catch (IllegalArgumentException e) {
            throw new TrainingState.NotFittingException(e);
        }
    }

    private Outcome failed(Throwable cause, boolean training) {
        int epoch = progress.epoch();
        int batch = progress.batch();
        Event event = callbacks.event();
        boolean ofEpoch = ending || event == Event.EPOCH_BEGIN;
        OptionalInt failedEpoch = training ? OptionalInt.of(ending && batch == 0 ? epoch - 1 : epoch) : OptionalInt.empty();
        OptionalInt failedBatch = training && !ofEpoch ? OptionalInt.of(event == Event.BATCH_END ? batch - 1 : batch)
                : OptionalInt.empty();
        return new Outcome(cause instanceof DivergedException ? Outcome.Kind.DIVERGED : Outcome.Kind.FAILED, failedEpoch,
                failedBatch, Optional.of(cause));
    }

    /** Gives the weights their averages, and calls the callbacks; returns the first failure, or null. */
    private Throwable end(Outcome outcome, boolean training, Throwable failure) {
        Throwable first = failure;
        if (training) {
            try {
                lock.step(() -> {
                    optimizer().finalizeVariables(variables);
                    if (optimizer().keepsAverages() && failure == null) {
                        takeStatistics();
                    }
                });
            } catch (RuntimeException | Error e) {
                first = CallbackList.both(first, e);
            }
        }
        return callbacks.trainEnd(outcome, first);
    }

    private Outcome train() {
        try {
            while (progress.epoch() < options.epochs
                    && (progress.batch() > 0 || !stopping())) { // an epoch that has begun is ended
                Outcome broken = trainEpoch();
                if (broken != null) {
                    return broken;
                }
            }
        } finally {
            progress.closePass();
        }
        return new Outcome(interrupted ? Outcome.Kind.INTERRUPTED : stopping() ? Outcome.Kind.STOPPED : Outcome.Kind.FINISHED,
                progress.epoch() == 0 ? OptionalInt.empty() : OptionalInt.of(progress.epoch() - 1), OptionalInt.empty(),
                Optional.empty());
    }

    /** Trains an epoch, or the rest of one; returns how training ended if it did within, or null. */
    private Outcome trainEpoch() {
        callbacks.epochBegin(progress.epoch(), progress.batchesPerEpoch());
        progress.beginEpoch();
        if (accumulators == null) {
            accumulators = trainer.accumulators();
        }
        while (!progress.stops() && !interrupted) {
            double loss;
            try {
                loss = step();
            } catch (NonFiniteGradientException e) {
                return diverged(DivergedException.ofGradient(progress.epoch(), progress.batch(), e, net.weights()));
            }
            if (!Double.isFinite(loss)) {
                return diverged(DivergedException.ofLoss(progress.epoch(), progress.batch(), (float) loss, net.weights()));
            }
            if (!progress.isPassOpen()) { // no batch was left
                break;
            }
            interrupted |= interruptRequested;
            progress.endBatch();
            callbacks.batchEnd(progress.batch() - 1, loss, accumulators, progress);
        }
        for (Variable weight : finite) {
            if (!DivergedException.isFinite(weight)) {
                return diverged(DivergedException.ofWeight(progress.epoch(), progress.batch() - 1, weight));
            }
        }
        if (interrupted) {
            return within(Outcome.Kind.INTERRUPTED, progress.batch() - 1);
        }
        if (progress.batch() == 0) { // stopped before it began
            return within(Outcome.Kind.STOPPED, -1);
        }
        endEpoch();
        return null;
    }

    private Outcome diverged(DivergedException cause) {
        if (!callbacks.handle(cause)) {
            throw cause;
        }
        return new Outcome(Outcome.Kind.DIVERGED, cause.epoch(), cause.batch(), Optional.of(cause));
    }

    private Outcome within(Outcome.Kind kind, int batch) {
        return new Outcome(kind, OptionalInt.of(progress.epoch()), batch < 0 ? OptionalInt.empty() : OptionalInt.of(batch),
                Optional.empty());
    }

    /** Trains on the next batch, and returns its loss; closes the pass if there is none. */
    private double step() {
        pace.begin();
        try {
            Batch[] next = progress.next();
            if (next == null) {
                progress.closePass();
                return 0;
            }
            callbacks.batchBegin(progress.batch());
            steps.begin(next);
            double loss;
            lock.beginStep();
            try {
                loss = steps.run(accumulators);
            } finally {
                lock.endStep();
            }
            steps.unreached().ifPresent(this::warnOfGradients);
            return loss;
        } finally {
            pace.end();
        }
    }

    private void warnOfGradients(List<Variable> unreached) {
        if (variables.isEmpty()) {
            warn("This model has no trainable weights, so training does not change it. Received: " + net.weights().size()
                    + " weights, none of them trainable. Unfreeze layers by trainable(true)");
        } else if (!unreached.isEmpty()) {
            Set<Variable> unnamed = Collections.newSetFromMap(new IdentityHashMap<>());
            unnamed.addAll(unreached);
            List<String> names = new ArrayList<>();
            for (Layer layer : Layer.withInner(net.layers())) {
                for (int i = 0; i < layer.specs().size(); i++) {
                    if (unnamed.remove(layer.weights().get(i))) {
                        names.add(net.nameOf(layer) + "/" + layer.specs().get(i).name());
                    }
                }
            }
            unnamed.forEach(weight -> names.add(weight.name())); // of no layer
            warn("These trainable weights had no gradient in the first step, so they do not learn: " + String.join(", ", names)
                    + ". The loss must depend on them through recorded calls and operations; predict, the forward of a layer and"
                    + " stopGradient are not recorded. Freeze weights that are not to learn, by trainable(false)");
        }
    }

    private void endEpoch() {
        ending = true;
        steps.skipTargetChecks();
        progress.closePass();
        lock.step(this::takeStatistics);
        double seconds = progress.seconds();
        double rate = Double.parseDouble(Float.toString(optimizer().learningRate())); // 0.001, not 0.0010000000474974513
        Map<String, Double> values = accumulators.means("");
        if (validation != null) {
            values.putAll(trainer.accumulators(validation, "validation", new Evaluation(0)).means(VALIDATION));
        }
        values.put(LEARNING_RATE, rate);
        Logs logs = new Logs(values, seconds, WeightChecksums.of(net.weights()));
        history.add(logs);
        progress.endEpoch();
        accumulators = null;
        callbacks.epochEnd(progress.epoch() - 1, logs);
        ending = false;
    }

    /** Has layers take the statistics that they predict with from training examples, unchanged, at the weights as they are. */
    private void takeStatistics() {
        List<? extends Trainable> nets = net.nets();
        for (int i = 0; i < nets.size() && options.preciseStatistics > 0; i++) {
            takeStatistics(nets.get(i), batches.byNet().get(i % batches.byNet().size()));
        }
    }

    private void takeStatistics(Trainable ofNet, Batches examples) {
        List<BatchNormalization> layers = Layer.withInner(ofNet.layers()).stream().filter(BatchNormalization.class::isInstance)
                .map(BatchNormalization.class::cast).toList();
        if (layers.isEmpty()) {
            return;
        }
        Workspace workspace = new Workspace();
        layers.forEach(BatchNormalization::beginStatistics);
        try (CountedPass pass = new CountedPass(examples.forValidation(), progress.epoch(), "statistics", spec)) {
            int seen = 0;
            while (seen < options.preciseStatistics) {
                Batch batch = pass.next();
                if (batch == null) {
                    break;
                }
                try (GradientTape tape = new GradientTape(workspace, false)) {
                    ofNet.run(batch, -1);
                }
                seen += batch.size();
            }
        } finally {
            layers.forEach(BatchNormalization::endStatistics);
        }
    }
}
