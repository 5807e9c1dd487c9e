package beras.models;

import beras.config.InvalidDataException;
import beras.config.SettingException;
import beras.feed.Batches;
import beras.metrics.Metric;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One training run by a recipe: the network, compiled with the metrics of its examples and of the recipe, and its early
 * stopping. The command line, cross-validation, tuning and {@code TableTraining} all train in this way, so the same recipe and
 * examples give the same weights in each of them.
 *
 * <pre>{@code
 * RecipeTraining training = new RecipeTraining(recipe, set).stopEarly("loss", 5);
 * History history = training.fit(training.fitOptions().callbacks(new ProgressBar(System.out)));
 * Model trained = training.model();
 * }</pre>
 */
public final class RecipeTraining {

    private final Recipe recipe;
    private final TrainingSet set;
    private final Model model;
    private final Optional<Batches> validation;
    private Optional<EarlyStopping> stopping = Optional.empty();

    /**
     * Creates it with a new network.
     *
     * @throws IllegalArgumentException if the recipe does not fit the examples
     */
    public RecipeTraining(Recipe recipe, TrainingSet set) {
        this(recipe, set, made(recipe, set));
    }

    private static Model made(Recipe recipe, TrainingSet set) {
        try {
            return Models.of(recipe, set.inputShape());
        } catch (SettingException e) {
            throw e;
        } catch (IllegalArgumentException e) { // layers that fit other examples
            throw new InvalidDataException(e.getMessage(), e);
        }
    }

    /**
     * Creates it with a network that was made by the recipe, and perhaps trained before.
     *
     * @throws IllegalArgumentException if the network or the recipe does not fit the examples
     */
    public RecipeTraining(Recipe recipe, TrainingSet set, Model model) {
        this.recipe = recipe;
        this.set = set;
        this.model = model;
        if (!model.outputShape().equals(set.targetShape()) && !recipe.makeLoss().targetShape(model.outputShape()).equals(set.targetShape())) {
            throw new InvalidDataException("The targets need a last layer of shape " + set.targetShape() + ". Received: "
                    + model.outputShape());
        }
        this.validation = set.validation(recipe.batchSize(), recipe.ensemble());
        Objective described = recipe.objective(model.outputShape());
        List<Metric> metrics = new ArrayList<>(set.metrics());
        for (Metric asked : described.metrics()) {
            if (set.metrics().stream().noneMatch(metric -> metric.name().equals(asked.name()))) { // else it is reported anyway
                metrics.add(asked);
            }
        }
        Metric[] all = metrics.toArray(Metric[]::new);
        Objective objective = new Objective(described.loss());
        model.compile(recipe.makeOptimizer(set.examples()),
                set.isWeighted() ? objective.weightedMetrics((Object[]) all) : objective.metrics((Object[]) all));
    }

    /**
     * Ends training early, and restores the weights of the best epoch in the end; without effect if no examples are held out.
     *
     * @param monitor  the validation number that chooses the best epoch, such as {@code loss}
     * @param patience after how many epochs without improvement training ends; 0: never, and the last weights stay
     * @throws IllegalArgumentException if the patience is negative
     */
    public RecipeTraining stopEarly(String monitor, int patience) {
        EarlyStopping made = new EarlyStopping(Training.VALIDATION + monitor).patience(patience).restoreBestWeights(true);
        stopping = validation.isEmpty() || patience == 0 ? Optional.empty() : Optional.of(made);
        return this;
    }

    /** The network. */
    public Model model() {
        return model;
    }

    /** How it is trained. */
    public Recipe recipe() {
        return recipe;
    }

    /** Batches to validate after each epoch; empty if no examples are held out. */
    public Optional<Batches> validation() {
        return validation;
    }

    /** How {@link #fit} trains, to which callbacks and the like may be added. */
    public FitOptions fitOptions() {
        FitOptions options = recipe.fitOptions().validationSplit(0);
        options = validation.isEmpty() ? options : options.validationData(validation.get());
        return stopping.isEmpty() ? options : options.callbacks(stopping.get());
    }

    /**
     * Trains.
     *
     * @param options {@link #fitOptions}, and perhaps more
     * @throws beras.training.DivergedException if the loss becomes NaN or infinite
     */
    public History fit(FitOptions options) {
        return model.fit(set.training(recipe.batchSize(), recipe.seed(), recipe.ensemble()), options);
    }

    /** The best value of the monitored number; NaN if there is none, or no epoch is made. */
    public double best() {
        return stopping.map(EarlyStopping::best).orElse(Double.NaN);
    }

    /** The epoch, from 0, that was the best so far; empty if nothing is monitored, or no epoch is made. */
    public OptionalInt bestEpoch() {
        return stopping.isEmpty() || stopping.get().bestEpoch() < 0 ? OptionalInt.empty()
                : OptionalInt.of(stopping.get().bestEpoch());
    }

    /** The epoch, from 0, whose weights the network has after a training run with this history. */
    public int keptEpoch(History history) {
        return bestEpoch().orElse(history.epochs().size() - 1);
    }

    /** Whether training ended because the monitored number did not improve. */
    public boolean hasStoppedEarly() {
        return stopping.isPresent() && stopping.get().stoppedEpoch() >= 0;
    }
}
