package beras.training;

import beras.optimizers.Optimizer;
import java.util.Map;
import java.util.OptionalInt;

/** A running training, as callbacks see it and may change it. */
public interface Training {

    /** The name under which the logs of an epoch have the learning rate of its last batch. */
    String LEARNING_RATE = "learning_rate";

    /** The prefix of metrics of the validation. */
    String VALIDATION = "val_";

    /**
     * The {@code Model} that {@code fit} was called on, which can predict and evaluate as it is. Its weights are the very
     * objects, also frozen ones and state.
     */
    Trainable net();

    /** The optimizer, whose learning rate may be set. */
    Optimizer optimizer();

    /** The number of epochs that training will have when it is not stopped before. */
    int epochs();

    /** The epoch, counted from 0, with which a {@linkplain FitOptions#resume resumed} training continues; empty for others. */
    OptionalInt resumedEpoch();

    /**
     * The names of the metrics that the logs of an epoch will have, in order, and which way each improves; {@link Mode#AUTO} if
     * only the name decides. Those that callbacks {@linkplain #announce announce} are included from then on.
     */
    Map<String, Mode> modes();

    /**
     * Announces in {@link Callback#onTrainBegin} that this callback will {@linkplain #log add} a number to the logs of epochs.
     *
     * @throws IllegalArgumentException if there is a number of this name
     */
    void announce(String name, Mode mode);

    /**
     * Adds a number to the logs of the epoch that ends, in {@link Callback#onEpochEnd}: callbacks that are called after this one,
     * and the history, have it.
     *
     * @throws IllegalStateException if the name was not announced, or no epoch is ending
     */
    void log(String name, double value);

    /**
     * Reports something that went wrong without ending the training, such as a file that could not be written, in one sentence:
     * {@link FitOptions#onWarning} and {@link History#warnings} have it.
     */
    void warn(String warning);

    /**
     * Ends training after the current batch; the epoch is validated and reported all the same, unless it has no batch yet.
     * Where an epoch ends, training ends there.
     */
    void stop();

    /** Ends training after the current epoch. */
    void stopAfterEpoch();

    /**
     * Interrupts training after the current batch, without an end of the epoch: {@code fit} returns what there is, as
     * {@link Outcome.Kind#INTERRUPTED}. Any thread may call it. After a call of another thread, {@link #stopping} is true when
     * callbacks hear of the last batch, so that they may keep the {@link #state}; if all epochs end before that, it has no
     * effect.
     */
    void interrupt();

    /** Whether training will end before all epochs are made. */
    boolean stopping();

    /**
     * The state to {@linkplain FitOptions#resume resume} from here with bit-identical results. Call it in
     * {@link Callback#onBatchEnd} and {@link Callback#onEpochEnd}, best in the last callback, a
     * {@linkplain Callback#isLogger logger}: the others have then handled the same batch or epoch.
     *
     * @throws IllegalStateException if it is called elsewhere
     * @throws UnsupportedOperationException within an epoch, if a metric has no state that can be kept
     */
    TrainingState state();
}
