package beras.training;

import beras.config.Arguments;
import beras.config.InvalidDataException;
import beras.config.Names;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Monitors one number of the logs: whether it improves. */
public final class Monitor {

    private static final String PREFIX = "(?:.*_)?";
    private static final String COUNTED = "(?:_\\d+)?"; // the second metric of a name may be auc_1
    private static final Pattern LESS_IS_BETTER = endingWith("loss", "error", "hinge", "cross[_-]?entropy", "bce", "divergence", "kld",
            "poisson", "perplexity", "huber", "quantile", "log_?cosh", "mse", "mae", "mape", "msle", "rmse", "brier_score");
    private static final Pattern MORE_IS_BETTER = endingWith("accuracy", "acc", "auc", "precision", "recall", "sensitivity",
            "specificity", "f1", "f1_score", "fbeta_score", "r2", "r2_score", "iou", "io_u", "similarity", "correlation");

    private final String name;
    private Mode mode = Mode.AUTO;
    private double minDelta;
    private boolean up;
    private double best = Double.NaN;

    private static Pattern endingWith(String... words) {
        return Pattern.compile(PREFIX + "(?:" + String.join("|", words) + ")" + COUNTED);
    }

    /**
     * Monitors a number of the logs, such as {@code val_loss}.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public Monitor(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("The number to monitor must have a name, such as val_loss. Received: \"" + name
                    + "\"");
        }
        this.name = name;
    }

    /** Which way the number improves; default {@link Mode#AUTO}. */
    public Monitor mode(Mode value) {
        mode = Objects.requireNonNull(value, "mode");
        return this;
    }

    /**
     * The least change that counts as an improvement; default 0, any.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Monitor minDelta(double value) {
        minDelta = Arguments.notNegative("minDelta", value);
        return this;
    }

    /**
     * Resets: nothing is the best so far.
     *
     * @throws IllegalArgumentException if the logs will have no number of this name; or if the mode is {@link Mode#AUTO} and
     *     neither the source of the number nor its name determines which way it improves
     */
    public void begin(Training training) {
        Set<String> names = training.modes().keySet();
        Mode known = training.modes().get(name);
        if (known == null) {
            boolean isUnvalidated = name.startsWith(Training.VALIDATION)
                    && names.stream().noneMatch(any -> any.startsWith(Training.VALIDATION));
            throw new InvalidDataException("There will be no " + name + " in the logs to monitor, only " + names
                    + (isUnvalidated ? ". Give examples to validate, by validationSplit or validationData"
                    : Names.didYouMean(name, names)));
        }
        up = switch (mode == Mode.AUTO ? known : mode) {
            case MIN -> false;
            case MAX -> true;
            case AUTO -> isUp();
        };
        best = Double.NaN;
    }

    /** Continues with this as the best so far; NaN for none. */
    public void resume(double value) {
        best = value;
    }

    /** Which way a number of this name improves; {@link Mode#AUTO} if the name does not determine it. */
    public static Mode direction(String name) {
        return MORE_IS_BETTER.matcher(name).matches() ? Mode.MAX : LESS_IS_BETTER.matcher(name).matches() ? Mode.MIN : Mode.AUTO;
    }

    private boolean isUp() {
        Mode direction = direction(name);
        if (direction == Mode.AUTO) {
            throw new IllegalArgumentException("Whether higher or lower is better does not follow from the name; set the mode to MIN or"
                    + " MAX. Received: " + name);
        }
        return direction == Mode.MAX;
    }

    /**
     * The number in these logs.
     *
     * @throws IllegalArgumentException if there is none of this name; the message lists the names. A
     *     {@link Trainable#trainStep} that calls no {@link TrainStep#loss} has no metrics
     */
    public double value(Logs logs) {
        if (!logs.names().contains(name) && !name.startsWith(Training.VALIDATION)) {
            throw new IllegalArgumentException("There is no " + name + " in these logs, only " + logs.names()
                    + ". Metrics of training are those of a trainStep that calls step.loss");
        }
        return logs.get(name);
    }

    /** Whether a value is better than another by more than {@link #minDelta}; NaN is worse than any number. */
    public boolean isBetter(double value, double than) {
        if (Double.isNaN(than)) {
            return !Double.isNaN(value);
        }
        return up ? value - minDelta > than : value + minDelta < than;
    }

    /** Adds a value; whether it is the best so far. */
    public boolean improves(double value) {
        boolean better = isBetter(value, best);
        if (better) {
            best = value;
        }
        return better;
    }

    /** The best value so far; NaN if there is none. */
    public double best() {
        return best;
    }
}
