package beras.training;

import beras.autograd.Workspace;
import beras.config.Arguments;
import beras.config.Config;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.kernels.Pace;
import beras.layers.Layer;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The training loop. */
final class Fit implements Training {

    private enum Event { EPOCH_BEGIN, BATCH_BEGIN, BATCH_END, EPOCH_END }

    private final Compiled compiled;
    private final Trainable net;
    private final Batches batches;
    private final Batches validation; // null: none
    private final FitOptions options;
    private final WeightsByClass classWeights; // null: all classes count the same
    private final boolean continues; // an epoch goes on in the pass of the one before
    private final int announced; // batches of an epoch; -1: not known
    private final History history = new History();
    private final Pace pace = new Pace();
    private final List<Variable> variables;
    private final TrainStep step;

    // Who is told.
    private final List<Callback> callbacks;
    private final boolean[] dropped;
    private final boolean[] wantsBatches;
    private final Map<String, Mode> modes;
    private int begun; // callbacks whose onTrainBegin returned
    private Event event; // of which they are being told; null: of none

    // Where training is: the next batch to train on.
    private int epoch;
    private int batch;
    private int passNumber;
    private int batchOfPass;
    private CountedPass pass; // null: not open
    private Totals totals; // of the epoch so far; null: it has not begun
    private boolean ending; // an epoch is: it is validated, or its end is told
    private double earlierSeconds; // of this epoch, before it was resumed
    private long start;
    private Logs logs; // of the batch or epoch that ended last

    // How it is to end.
    private final Thread thread = Thread.currentThread();
    private volatile boolean interruptRequested;
    private boolean interrupted;
    private boolean stopping;
    private boolean stoppingAfterEpoch;

    Fit(Compiled compiled, Batches batches, Batches validation, FitOptions options) {
        this.compiled = compiled;
        this.net = compiled.net();
        this.batches = batches;
        this.validation = validation;
        this.options = options;
        this.classWeights = options.classWeights() == null ? null
                : new WeightsByClass(options.classWeights(), net, compiled.loss(0), batches.spec());
        this.continues = batches.count() < 0 && options.stepsPerEpoch() < Integer.MAX_VALUE;
        this.announced = continues ? options.stepsPerEpoch() : Math.min(batches.count(), options.stepsPerEpoch());
        this.variables = net.weights().stream().filter(Variable::trainable).toList();
        this.step = new TrainStep(compiled, variables, new Workspace());
        step.watchGradients();
        this.callbacks = loggersLast(options.callbacks());
        this.dropped = new boolean[callbacks.size()];
        this.wantsBatches = new boolean[callbacks.size()];
        this.modes = modes(compiled, validation != null);
        this.epoch = options.initialEpoch();
        this.passNumber = epoch;
        optimizer(); // refuses to train without
    }

    private static List<Callback> loggersLast(List<Callback> callbacks) {
        List<Callback> ordered = new ArrayList<>(callbacks);
        ordered.sort(Comparator.comparing(Callback::isLogger)); // keeps their order but for that
        return ordered;
    }

    private static Map<String, Mode> modes(Compiled compiled, boolean validated) {
        Totals any = compiled.totals();
        Map<String, Mode> modes = any.modes("");
        if (validated) {
            modes.putAll(any.modes("val_"));
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
        return compiled.optimizer();
    }

    @Override
    public int epochs() {
        return options.epochs();
    }

    @Override
    public OptionalInt resumedEpoch() {
        return options.resume() == null ? OptionalInt.empty() : OptionalInt.of(options.resume().config().integer("epoch"));
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
        if (event != Event.EPOCH_END || !modes.containsKey(name)) {
            throw new IllegalStateException("A number is added to the logs when an epoch ends, and announced when training"
                    + " begins. Received: " + name
                    + (modes.containsKey(name) ? " at another time" : ", which was not announced"));
        }
        logs = logs.with(name, value);
        history.replaceLast(logs);
    }

    @Override
    public void warn(String warning) {
        history.warn(warning);
        options.onWarning().accept(warning);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public void stopAfterEpoch() {
        stoppingAfterEpoch = true;
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
        return stopping || stoppingAfterEpoch || interrupted;
    }

    // -------------------------------------------------------------------------------------------------- running

    History run() {
        Outcome outcome;
        Throwable failure = null;
        boolean training = false;
        try {
            for (; begun < callbacks.size(); begun++) {
                callbacks.get(begun).onTrainBegin(this);
            }
            for (int i = 0; i < begun; i++) {
                wantsBatches[i] = callbacks.get(i).wantsBatches();
            }
            if (options.resume() != null) {
                restore(options.resume());
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

    private Outcome failed(Throwable cause, boolean training) {
        boolean ofEpoch = ending || event == Event.EPOCH_BEGIN;
        OptionalInt failedEpoch = training ? OptionalInt.of(ending && batch == 0 ? epoch - 1 : epoch) : OptionalInt.empty();
        OptionalInt failedBatch = training && !ofEpoch ? OptionalInt.of(event == Event.BATCH_END ? batch - 1 : batch)
                : OptionalInt.empty();
        event = null;
        return new Outcome(cause instanceof DivergedException ? Outcome.Kind.DIVERGED : Outcome.Kind.FAILED, failedEpoch,
                failedBatch, Optional.of(cause));
    }

    /** Gives the weights their averages, and tells all who were told of the beginning; returns what went wrong first. */
    private Throwable end(Outcome outcome, boolean training, Throwable failure) {
        Throwable first = failure;
        if (training) {
            try {
                optimizer().finalizeVariables(variables);
            } catch (RuntimeException | Error e) {
                first = both(first, e);
            }
        }
        for (int i = 0; i < begun; i++) {
            try {
                tellEnd(i, outcome);
            } catch (RuntimeException | Error e) {
                first = both(first, e);
            }
        }
        return first;
    }

    private void tellEnd(int i, Outcome outcome) {
        try {
            callbacks.get(i).onTrainEnd(outcome);
        } catch (RuntimeException e) {
            drop(i, e);
        }
    }

    private static Throwable both(Throwable first, Throwable then) {
        if (first == null) {
            return then;
        }
        if (first != then) {
            first.addSuppressed(then);
        }
        return first;
    }

    private Outcome train() {
        try {
            while (epoch < options.epochs() && (batch > 0 || !stopping())) { // an epoch that has begun is ended
                Outcome broken = trainEpoch();
                if (broken != null) {
                    return broken;
                }
            }
        } finally {
            closePass();
        }
        return new Outcome(interrupted ? Outcome.Kind.INTERRUPTED : stopping() ? Outcome.Kind.STOPPED : Outcome.Kind.FINISHED,
                epoch == 0 ? OptionalInt.empty() : OptionalInt.of(epoch - 1), OptionalInt.empty(), Optional.empty());
    }

    /** Makes an epoch, or the rest of one; returns how training ended if it did within, or null. */
    private Outcome trainEpoch() {
        tell(Event.EPOCH_BEGIN, epoch);
        start = System.nanoTime();
        if (totals == null) {
            totals = compiled.totals();
        }
        while (batch < options.stepsPerEpoch() && !stopping && !interrupted) {
            float loss = step();
            if (Float.isNaN(loss) || Float.isInfinite(loss)) {
                if (!isHandled(loss)) {
                    throw new DivergedException(epoch, batch, loss, net.weights());
                }
                return within(Outcome.Kind.DIVERGED, batch);
            }
            if (pass == null) {
                break;
            }
            interrupted |= interruptRequested;
            batch++;
            tell(Event.BATCH_END, batch - 1);
        }
        if (interrupted) {
            return within(Outcome.Kind.INTERRUPTED, batch - 1);
        }
        if (batch == 0) { // stopped before it began
            return within(Outcome.Kind.STOPPED, -1);
        }
        endEpoch();
        return null;
    }

    private Outcome within(Outcome.Kind kind, int at) {
        return new Outcome(kind, OptionalInt.of(epoch), at < 0 ? OptionalInt.empty() : OptionalInt.of(at), Optional.empty());
    }

    /** Trains on the next batch, and returns its loss; closes the pass if there is none. */
    private float step() {
        pace.begin();
        try {
            Batch next = next();
            if (batch == 0) {
                Compiled.requireSome(next, "training");
            }
            if (next == null) {
                closePass();
                return 0f;
            }
            Compiled.requireNotEmpty(next, "training");
            tell(Event.BATCH_BEGIN, batch);
            step.begin(next, classWeights == null ? next.weights() : classWeights.of(next), totals);
            float loss = compiled.step(step);
            if (step.watchesGradients()) { // the first
                step.unreached().ifPresent(this::warnOfGradients);
            }
            return loss;
        } finally {
            pace.end();
        }
    }

    private void warnOfGradients(List<Variable> unreached) {
        if (variables.isEmpty()) {
            warn("This model has no trainable weights, so training does not change it. Received: " + net.weights().size()
                    + " weights, none of them trainable. Thaw layers by trainable(true)");
        } else if (!unreached.isEmpty()) {
            warn(UntrainedWeights.warning(net, unreached));
        }
    }

    private Batch next() {
        if (pass == null) {
            openPass();
        }
        Batch next = pass.next();
        if (next == null && continues && batchOfPass > 0) {
            closePass();
            passNumber++;
            batchOfPass = 0;
            openPass();
            next = pass.next();
        }
        if (next != null) {
            batchOfPass++;
        }
        return next;
    }

    private void openPass() {
        pass = new CountedPass(batches, passNumber, "training");
        if (batchOfPass > 0) {
            pass.skip(batchOfPass);
        }
    }

    private void closePass() {
        if (pass != null) {
            CountedPass closing = pass;
            pass = null;
            closing.close();
        }
    }

    private void endEpoch() {
        ending = true;
        step.trustTargets();
        if (classWeights != null) {
            classWeights.trustTargets();
        }
        if (!continues) {
            closePass();
            passNumber = epoch + 1;
            batchOfPass = 0;
        }
        double seconds = seconds();
        double rate = Double.parseDouble(Float.toString(optimizer().learningRate())); // 0.001, not 0.0010000000474974513
        Map<String, Double> values = totals.means("");
        if (validation != null) {
            values.putAll(compiled.evaluate(validation, "validation", new Measurement(net.outputShapes())).means("val_"));
        }
        values.put(LEARNING_RATE, rate);
        logs = new Logs(values, seconds);
        history.add(logs);
        epoch++;
        batch = 0;
        totals = null;
        earlierSeconds = 0;
        tell(Event.EPOCH_END, epoch - 1);
        ending = false;
    }

    private double seconds() {
        return earlierSeconds + (System.nanoTime() - start) * 1e-9;
    }

    /** Whether a callback takes care of a loss that is not finite; all are asked. */
    private boolean isHandled(double loss) {
        boolean handled = false;
        for (int i = 0; i < callbacks.size(); i++) {
            try {
                handled |= !dropped[i] && callbacks.get(i).onNonFiniteLoss(epoch, batch, loss);
            } catch (RuntimeException e) {
                drop(i, e);
            }
        }
        return handled;
    }

    private void tell(Event what, int number) {
        boolean ofBatch = what == Event.BATCH_END;
        if (ofBatch) {
            logs = null;
        }
        event = what;
        for (int i = 0; i < callbacks.size(); i++) {
            if (dropped[i] || ofBatch && !wantsBatches[i]) {
                continue;
            }
            if (ofBatch && logs == null) {
                logs = totals.logs(seconds());
            }
            try {
                tell(callbacks.get(i), what, number);
            } catch (RuntimeException e) {
                drop(i, e);
            }
        }
        event = null;
    }

    private void tell(Callback callback, Event what, int number) {
        switch (what) {
            case EPOCH_BEGIN -> callback.onEpochBegin(number, announced);
            case BATCH_BEGIN -> callback.onBatchBegin(number);
            case BATCH_END -> callback.onBatchEnd(number, logs);
            case EPOCH_END -> callback.onEpochEnd(number, logs);
        }
    }

    /** Goes on without a callback that failed, if it only watches; else throws what it threw. */
    private void drop(int i, RuntimeException e) {
        Callback callback = callbacks.get(i);
        if (!callback.isLogger()) {
            throw e;
        }
        if (!dropped[i]) {
            dropped[i] = true;
            warn(callback.getClass().getSimpleName() + " failed and was dropped: " + (e.getCause() == null ? e : e.getCause()));
        }
    }

    // ----------------------------------------------------------------------------------------------------- state

    @Override
    public TrainingState state() {
        if (event != Event.BATCH_END && event != Event.EPOCH_END) {
            throw new IllegalStateException("The state of a training is known when a batch or an epoch ends: take it in"
                    + " onBatchEnd or onEpochEnd");
        }
        Config config = Config.of("TrainingState").with("epoch", epoch).with("batch", batch).with("pass", passNumber)
                .with("batchOfPass", batchOfPass).with("batches", announced)
                .with("seconds", event == Event.BATCH_END ? seconds() : 0)
                .with("stopping", stopping).with("stoppingAfterEpoch", stoppingAfterEpoch).with("steps", optimizer().steps());
        if (!optimizer().hasSchedule()) {
            config = config.with("learningRate", optimizer().learningRate());
        }
        List<Object> noise = new ArrayList<>();
        List<Object> seeds = new ArrayList<>();
        for (Layer layer : Layer.withInner(net.layers())) {
            noise.add(layer.noiseCalls());
            seeds.add(layer.noiseCalls() == 0 ? 0 : layer.knownSeed().orElse(0));
        }
        config = config.with("noiseCalls", noise).with("noiseSeeds", seeds)
                .with("conditions", ResumeConditions.of(compiled, batches, options));
        if (totals != null) {
            config = config.with("totals", totals.state().stream().map(TrainingState::setting).toList());
        }
        config = config.with("history", history.epochs().stream().map(Fit::config).toList());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        put("weights.", net.weights(), tensors);
        put("optimizer.", optimizer().state(net.weights()), tensors);
        List<Object> states = new ArrayList<>();
        for (Callback callback : callbacks) {
            Optional<TrainingState> state = callback.state();
            if (state.isPresent()) {
                String prefix = "callback." + states.size() + ".";
                state.get().tensors().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
                states.add(state.get().config());
            }
        }
        return new TrainingState(config.with("callbacks", states), tensors);
    }

    private static void put(String prefix, List<? extends Tensor> list, Map<String, Tensor> into) {
        for (int i = 0; i < list.size(); i++) {
            into.put(prefix + i, list.get(i).copy());
        }
    }

    private static Config config(Logs logs) {
        return Config.of("Epoch").with("names", logs.names())
                .with("numbers", TrainingState.setting(logs.values().values().stream().mapToDouble(x -> x).toArray()))
                .with("seconds", logs.seconds());
    }

    /** Goes on from a state, of which nothing is taken for granted: it may come from a file. */
    private void restore(TrainingState state) {
        Config config = state.config();
        List<Layer> layers = Layer.withInner(net.layers());
        List<Tensor> weights = state.list("weights.");
        boolean fits = config.type().equals("TrainingState") && weights.size() == net.weights().size();
        for (int i = 0; fits && i < weights.size(); i++) {
            fits = weights.get(i).shape().equals(net.weights().get(i).shape());
        }
        if (!fits) {
            throw new IllegalArgumentException("To resume a training, the model must have the layers and weights that it had"
                    + " there: " + net.weights().stream().map(Tensor::shape).toList() + ". Received: a " + config.type() + " of "
                    + weights.stream().map(Tensor::shape).toList());
        }
        ResumeConditions.requireSame(conditions(config), ResumeConditions.of(compiled, batches, options));
        restorePlace(config);
        List<Logs> epochs = state.history();
        long[] noise = whole(config, "noiseCalls", layers.size());
        long[] seeds = whole(config, "noiseSeeds", layers.size());
        for (int i = 0; i < noise.length; i++) {
            if (noise[i] != 0) {
                ResumeConditions.requireSeed(layers.get(i), seeds[i]);
            }
        }
        if (batch > 0) {
            totals = compiled.totals();
            totals.restore(config.list("totals").stream().map(TrainingState::numbers).toList());
        }
        float rate = optimizer().hasSchedule() ? 0f
                : Arguments.positive("learningRate", (float) config.number("learningRate"));
        restoreCallbacks(state);
        for (int i = 0; i < noise.length; i++) {
            layers.get(i).noiseCalls(noise[i]);
            if (noise[i] != 0) {
                layers.get(i).seedIfNone(seeds[i]);
            }
        }
        optimizer().restore(config.integer("steps"), net.weights(), state.list("optimizer.")); // from here on nothing is refused
        if (!optimizer().hasSchedule()) {
            optimizer().learningRate(rate);
        }
        for (int i = 0; i < weights.size(); i++) {
            net.weights().get(i).assign(weights.get(i));
        }
        epochs.forEach(history::add);
    }

    private static Config conditions(Config state) {
        if (state.values().get("conditions") instanceof Config conditions) {
            return conditions;
        }
        throw new IllegalArgumentException("The state of a training has the conditions of that training. Received: none");
    }

    /** Whole numbers of a setting, so many. */
    private static long[] whole(Config config, String name, int count) {
        List<?> list = config.list(name);
        if (list.size() != count) {
            throw new IllegalArgumentException("The state of a training must have " + name + " of " + count + " layers."
                    + " Received: " + list.size());
        }
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = config.with(name, list.get(i)).whole(name);
        }
        return numbers;
    }

    private void restorePlace(Config config) {
        epoch = Arguments.atLeast(0, "epoch", config.integer("epoch"));
        batch = Arguments.atLeast(0, "batch", config.integer("batch"));
        passNumber = Arguments.atLeast(0, "pass", config.integer("pass"));
        batchOfPass = Arguments.atLeast(0, "batchOfPass", config.integer("batchOfPass"));
        earlierSeconds = config.number("seconds");
        stopping = config.flag("stopping");
        stoppingAfterEpoch = config.flag("stoppingAfterEpoch");
        if (batch > 0 && config.integer("batches") != announced) {
            throw new IllegalArgumentException("To resume a training within an epoch, the epoch must have the "
                    + config.integer("batches") + " batches that it had. Received: " + announced);
        }
        if (announced >= 0 && batch > announced || batches.count() >= 0 && batchOfPass > batches.count()) {
            throw new IllegalArgumentException("A training is resumed within the " + announced + " batches of an epoch. Received:"
                    + " batch " + batch + ", which is batch " + batchOfPass + " of the data");
        }
    }

    /** What {@link #config(Logs)} describes. */
    static Logs logs(Config config) {
        List<String> names = new ArrayList<>();
        config.list("names").forEach(name -> names.add(config.with("names", name).text("names")));
        double[] numbers = TrainingState.numbers(config.list("numbers"));
        if (numbers.length != names.size()) {
            throw new IllegalArgumentException("Each number of an epoch needs a name. Received: " + numbers.length
                    + " numbers and " + names);
        }
        return new Logs(names, numbers, config.number("seconds"));
    }

    private void restoreCallbacks(TrainingState state) {
        List<Callback> stateful = callbacks.stream().filter(callback -> callback.state().isPresent()).toList();
        List<String> types = stateful.stream().map(callback -> callback.state().orElseThrow().config().type()).toList();
        List<Config> saved = state.configs("callbacks");
        if (!types.equals(saved.stream().map(Config::type).toList())) {
            throw new IllegalArgumentException("To resume a training, the callbacks that have a state must be those that it had: "
                    + saved.stream().map(Config::type).toList() + ". Received: " + types);
        }
        for (int i = 0; i < saved.size(); i++) {
            String prefix = "callback." + i + ".";
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            state.tensors().forEach((name, tensor) -> {
                if (name.startsWith(prefix)) {
                    tensors.put(name.substring(prefix.length()), tensor);
                }
            });
            stateful.get(i).restore(new TrainingState(saved.get(i), tensors));
        }
    }
}
