package beras.saving;

import beras.config.CheckReturnValue;
import beras.config.InvalidDataException;
import beras.feed.Preprocessor;
import beras.files.Excerpt;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.models.Functional;
import beras.models.Model;
import beras.prediction.Calibration;
import beras.prediction.ConformalScores;
import beras.prediction.ConformalSets;
import beras.prediction.Encoding;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * A model with the other parts of a model file. Immutable except for the model itself: each method with an argument gives a
 * changed copy.
 *
 * <pre>{@code
 * ModelFile.save(new SavedModel(model).recipe(recipe).preprocessor(new TablePreprocessor(schema)), Path.of("houses.beras"));
 * Predictor predictor = ModelFile.load(Path.of("houses.beras")).predictor();
 * System.out.println(predictor.predict(Map.of("size", 120, "town", "Ulm")));
 * }</pre>
 *
 * @param model           the model. A loaded model is compiled if it was when it was saved, by BERAS or Keras: with its losses,
 *     its metrics under their names and its optimizer with its state, so that {@code fit} continues as if the model had not
 *     been saved. If that is not possible, {@code leftOut} has the reason
 * @param recipe          how the model was made and trained, if known
 * @param preprocessor    makes its inputs from data, if known
 * @param conformalScores the scores of its held-out examples, if they were kept
 * @param calibration     the temperature of its probabilities and its threshold of rejection, if fitted
 * @param trainingState   the state that resuming its training needs, if kept; the model's weights may differ from it, such as
 *     averages
 * @param provenance      its origin; empty if nothing is known
 * @param isUncompiled    whether a file is to be without how the model is compiled
 * @param leftOut         the parts of the file that loading left out or changed, in sentences: a loss of a type that is not
 *     registered, or in a file of another program an output that is a label, or images that have their channels first
 */
public record SavedModel(Model model, Optional<Recipe> recipe, Optional<Preprocessor> preprocessor,
        Optional<ConformalScores> conformalScores, Optional<Calibration> calibration, Optional<TrainingState> trainingState,
        Map<String, String> provenance, boolean isUncompiled, List<String> leftOut) {

    /** A model alone, with how it is compiled. */
    public SavedModel(Model model) {
        this(Objects.requireNonNull(model, "model"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Map.of(), false, List.of());
    }

    /** With how it was made and trained, in words. */
    @CheckReturnValue
    public SavedModel recipe(Recipe newRecipe) {
        return new SavedModel(model, Optional.of(newRecipe), preprocessor, conformalScores, calibration, trainingState,
                provenance, isUncompiled, leftOut);
    }

    /**
     * With a preprocessor, which makes its inputs from data and decodes its outputs.
     *
     * @throws IllegalArgumentException if the model has other inputs or outputs
     */
    @CheckReturnValue
    public SavedModel preprocessor(Preprocessor newPreprocessor) {
        if (!model.inputShapes().equals(List.of(newPreprocessor.inputShape()))
                || !model.outputShapes().equals(List.of(newPreprocessor.outputShape()))) {
            throw new IllegalArgumentException("The preprocessor makes examples of shape " + newPreprocessor.inputShape()
                    + " and takes outputs of shape " + newPreprocessor.outputShape() + ". Received: a model from "
                    + model.inputShapes() + " to " + model.outputShapes());
        }
        conformalScores.ifPresent(scores -> requireFit(scores, newPreprocessor));
        return new SavedModel(model, recipe, Optional.of(newPreprocessor), conformalScores, calibration, trainingState,
                provenance, isUncompiled, leftOut);
    }

    /**
     * With the scores of its held-out examples, which {@link #sets} need.
     *
     * @throws IllegalArgumentException if they are of a classification, and the preprocessor is of a regression, or the other way
     *     round
     */
    @CheckReturnValue
    public SavedModel conformalScores(ConformalScores scores) {
        preprocessor.ifPresent(known -> requireFit(scores, known));
        return new SavedModel(model, recipe, preprocessor, Optional.of(scores), calibration, trainingState, provenance,
                isUncompiled, leftOut);
    }

    private static void requireFit(ConformalScores scores, Preprocessor preprocessor) {
        boolean predictsLabels = preprocessor.decode(new float[preprocessor.outputShape().size()], 0).isLabel();
        if (predictsLabels != scores.areOfLabels()) {
            throw new IllegalArgumentException("expected scores of held-out examples of a "
                    + (predictsLabels ? "classification. Received: those of a regression"
                    : "regression. Received: those of a classification"));
        }
    }

    /**
     * With a calibration, which {@link #probabilities} and {@link #predictor} apply.
     *
     * @throws InvalidDataException if the model has several outputs
     */
    @CheckReturnValue
    public SavedModel calibration(Calibration fitted) {
        if (model.outputShapes().size() != 1) {
            throw new IllegalArgumentException("A calibration is of a model of one output. Received: one with outputs of shapes "
                    + model.outputShapes());
        }
        return new SavedModel(model, recipe, preprocessor, conformalScores, Optional.of(fitted), trainingState, provenance,
                isUncompiled, leftOut);
    }

    /** With all that is needed to resume its training, see {@link beras.training.Training#state}. */
    @CheckReturnValue
    public SavedModel trainingState(TrainingState state) {
        return new SavedModel(model, recipe, preprocessor, conformalScores, calibration, Optional.of(state), provenance,
                isUncompiled, leftOut);
    }

    /**
     * With where it comes from, such as data and seed, in the order of the map; for people and programs to read. A file has
     * besides, as {@code beras}, the version of BERAS that wrote it.
     *
     * @throws NullPointerException if there is a null among them
     */
    @CheckReturnValue
    public SavedModel provenance(Map<String, String> values) {
        values.forEach((name, value) -> {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        });
        return new SavedModel(model, recipe, preprocessor, conformalScores, calibration, trainingState,
                Collections.unmodifiableMap(new LinkedHashMap<>(values)), isUncompiled, leftOut);
    }

    /** With the parts of its file that loading left out, in sentences. */
    @CheckReturnValue
    public SavedModel leftOut(List<String> sentences) {
        return new SavedModel(model, recipe, preprocessor, conformalScores, calibration, trainingState, provenance, isUncompiled,
                sentences.stream().map(Excerpt::message).toList());
    }

    /** With a model that was compiled when it was saved, and is not now; the reason is part of a sentence. */
    @CheckReturnValue
    public SavedModel notCompiled(String reason) {
        return leftOut(List.of("How the model was compiled is left out: " + reason + ". It predicts; compile it to train or evaluate"
                + " it"));
    }

    /**
     * Without how the model is compiled, for a file that only predicts: losses, metrics and optimizer are left out, also the
     * optimizer's state, which with Adam is twice the size of the weights. A {@link #trainingState} is kept.
     */
    @CheckReturnValue
    public SavedModel uncompiled() {
        return new SavedModel(model, recipe, preprocessor, conformalScores, calibration, trainingState, provenance, true,
                leftOut);
    }

    /** Without a {@link #calibration}: probabilities are as the model learnt to give them. */
    @CheckReturnValue
    public SavedModel uncalibrated() {
        return new SavedModel(model, recipe, preprocessor, conformalScores, Optional.empty(), trainingState, provenance,
                isUncompiled, leftOut);
    }

    /**
     * The model with probabilities as outputs, with the same layers and weights: a loss on logits adds its softmax or sigmoid,
     * and the {@link #calibration}, if present, its temperature. It is the model itself if nothing is missing: the loss is not
     * known or takes probabilities, or the model ends in that activation.
     */
    public Model probabilities() {
        List<Layer> behind = behind();
        return behind.isEmpty() ? model : new Activated(model, behind);
    }

    /** The {@link #probabilities()} for these outputs of the model itself, {@code (count, n)}. */
    public Tensor probabilities(Tensor outputs) {
        Tensor given = outputs;
        for (Layer layer : behind()) {
            given = layer.forward(given);
        }
        return given;
    }

    /**
     * The cross-entropy of {@link #probabilities()}, where that is another number than the loss of training: the model has a
     * temperature, or was trained with smoothed targets. Empty if it is the same, or the loss is no cross-entropy.
     */
    public Optional<Loss> lossOfAnswers() {
        return loss().filter(loss -> loss instanceof CategoricalCrossEntropy
                && (calibration.isPresent() || loss.config().number("labelSmoothing") > 0)).map(loss -> new CategoricalCrossEntropy());
    }

    /**
     * The layers between the outputs of the model and {@link #probabilities()}: the {@link #missingActivation} and the
     * temperature, if present.
     */
    public List<Layer> behind() {
        List<Layer> layers = new ArrayList<>();
        missingActivation().ifPresent(layers::add);
        calibration.ifPresent(fitted -> layers.add(Layers.lambda("temperature", (UnaryOperator<Tensor>) fitted::apply)));
        return layers;
    }

    /** The loss that a model of one output is compiled with, else the one of the {@link #recipe}, if known. */
    public Optional<Loss> loss() {
        if (model.outputShapes().size() != 1) {
            return Optional.empty();
        }
        return model.objectives().stream().findFirst().map(Objective::loss)
                .or(() -> recipe.filter(made -> made.lossConfig().isPresent()).map(Recipe::makeLoss));
    }

    /** The activation that the loss computes itself, so that the outputs are logits; empty if it does not, or is not known. */
    public Optional<Layer> missingActivation() {
        return loss().flatMap(Loss::activation).filter(activation -> !activation.getClass().isInstance(model.last()));
    }

    /** A model with activations behind it, and behind each of its members. */
    private static final class Activated extends Functional {

        private final List<? extends Model> nets;

        Activated(Model model, List<Layer> activations) {
            super(model.inputNodes(), List.of(after(model.outputNodes().get(0), activations)));
            this.nets = model.nets().get(0) == model ? List.of(this)
                    : model.nets().stream().map(net -> new Activated(net, activations)).toList();
        }

        private static Node after(Node output, List<Layer> activations) {
            Node last = output;
            for (Layer activation : activations) {
                last = activation.apply(last);
            }
            return last;
        }

        @Override
        public List<? extends Model> nets() {
            return nets;
        }
    }

    /**
     * With an activation behind the model, such as the softmax that a file of another program left out. The recipe, the scores
     * of held-out examples and the calibration are dropped, as they belong to the model without it.
     *
     * @throws InvalidDataException if the model has several outputs
     */
    @CheckReturnValue
    public SavedModel activated(Layer activation) {
        if (model.outputShapes().size() != 1) {
            throw new InvalidDataException("An activation stands behind a model of one output. Received: one with outputs of"
                    + " shapes " + model.outputShapes());
        }
        return new SavedModel(new Activated(model, List.of(activation)), Optional.empty(), preprocessor, Optional.empty(),
                Optional.empty(), Optional.empty(), provenance, isUncompiled, leftOut);
    }

    /**
     * Refuses a model whose training ended in NaN, which would predict some class all the same.
     *
     * @throws InvalidDataException if a weight is not finite
     */
    public void requireFinite() {
        for (Variable weight : model.weights()) {
            for (int i = 0; i < weight.size(); i++) {
                float value = weight.data()[weight.offset() + i];
                if (!Float.isFinite(value)) {
                    throw new InvalidDataException("expected a model whose weights are finite. Received: " + value
                            + " in a weight of shape " + weight.shape() + ". Train it again, with a smaller learning rate");
                }
            }
        }
    }

    /** The confidence below which its most likely label is no answer; empty if it always is one. */
    public OptionalDouble bound() {
        return calibration.map(Calibration::bound).orElse(OptionalDouble.empty());
    }

    /**
     * Prediction sets or intervals with a coverage, see {@link ConformalScores#at}.
     *
     * @param coverage such as 0.9
     * @throws IllegalArgumentException if the model keeps no scores of held-out examples, or these cannot promise so much
     */
    public ConformalSets sets(double coverage) {
        ConformalSets sets = conformalScores.orElseThrow(() -> new InvalidDataException("intervals and sets need the scores of held-out rows,"
                + " which a model of a table keeps when its training ends. Received: a model without, for no rows were held out, or"
                + " it is kept on the way, or from an earlier version. Train with validation rows, and use the model of the end"))
                .at(coverage);
        return preprocessor.flatMap(Preprocessor::encoding).map(Encoding::meaning).orElse(null)
                instanceof Encoding.Regression regression ? sets.notBelow(regression.least()) : sets;
    }

    /** The version of BERAS that wrote the file it was loaded from; empty if it was not loaded, or comes from another program. */
    public Optional<String> version() {
        return Optional.ofNullable(provenance.get(FormatSupport.WRITER));
    }

    /**
     * A predictor from data in memory, with {@link #probabilities}.
     *
     * @throws IllegalStateException if the file has no preprocessor
     */
    public Predictor predictor() {
        return predictor(preprocessor.orElseThrow(() -> new IllegalStateException(
                "This model was saved without what makes its inputs from data: call model().predict on tensors, or save it"
                        + " with a preprocessor")));
    }

    /** As {@link #predictor()}, for a model whose file has no preprocessor. */
    public Predictor predictor(Preprocessor known) {
        return new Predictor(probabilities(), Objects.requireNonNull(known, "known"), bound());
    }
}
