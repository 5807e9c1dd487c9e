package beras.saving;

import beras.feed.Preprocessor;
import beras.models.Model;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A model with all that belongs to it in a model file. Immutable but for the model itself: each method with an argument gives a
 * changed copy.
 *
 * <pre>{@code
 * ModelFile.save(new SavedModel(model).recipe(recipe).preprocessor(schema.preprocessor()), Path.of("houses.beras"));
 * Predictor predictor = ModelFile.load(Path.of("houses.beras")).predictor();
 * System.out.println(predictor.predict(Map.of("size", 120, "town", "Ulm")));
 * }</pre>
 */
public final class SavedModel {

    private final Model model;
    private final Optional<Recipe> recipe;
    private final Optional<Preprocessor> preprocessor;
    private final Optional<TrainingState> trainingState;
    private final Map<String, String> provenance;

    /** A model alone. */
    public SavedModel(Model model) {
        this(Objects.requireNonNull(model, "model"), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    private SavedModel(Model model, Optional<Recipe> recipe, Optional<Preprocessor> preprocessor,
            Optional<TrainingState> trainingState, Map<String, String> provenance) {
        this.model = model;
        this.recipe = recipe;
        this.preprocessor = preprocessor;
        this.trainingState = trainingState;
        this.provenance = provenance;
    }

    /** With how it was made and trained. */
    public SavedModel recipe(Recipe newRecipe) {
        return new SavedModel(model, Optional.of(newRecipe), preprocessor, trainingState, provenance);
    }

    /**
     * With what makes its inputs from data, and says what its outputs mean.
     *
     * @throws IllegalArgumentException if the model takes or gives something else
     */
    public SavedModel preprocessor(Preprocessor newPreprocessor) {
        if (!model.inputShapes().equals(List.of(newPreprocessor.inputShape()))
                || !model.outputShapes().equals(List.of(newPreprocessor.outputShape()))) {
            throw new IllegalArgumentException("The preprocessor makes examples of shape " + newPreprocessor.inputShape()
                    + " and takes outputs of shape " + newPreprocessor.outputShape() + ". Received: a model from "
                    + model.inputShapes() + " to " + model.outputShapes());
        }
        return new SavedModel(model, recipe, Optional.of(newPreprocessor), trainingState, provenance);
    }

    /** With all that its training needs to go on, see {@link beras.training.Training#state}. */
    public SavedModel trainingState(TrainingState state) {
        return new SavedModel(model, recipe, preprocessor, Optional.of(state), provenance);
    }

    /**
     * With where it comes from, such as data and seed, in the order of the map; for people and programs to read. A file has
     * besides, as {@code beras}, the version of BERAS that wrote it.
     *
     * @throws NullPointerException if there is a null among them
     */
    public SavedModel provenance(Map<String, String> values) {
        values.forEach((name, value) -> {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, name);
        });
        return new SavedModel(model, recipe, preprocessor, trainingState,
                Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** The model; one that was loaded is not compiled, unless it comes from Keras and was compiled there. */
    public Model model() {
        return model;
    }

    /** How it was made and trained, if that is known. */
    public Optional<Recipe> recipe() {
        return recipe;
    }

    /** What makes its inputs from data, if that is known. */
    public Optional<Preprocessor> preprocessor() {
        return preprocessor;
    }

    /** What its training needs to go on, if that was kept; the model's weights may be others, such as averages. */
    public Optional<TrainingState> trainingState() {
        return trainingState;
    }

    /** Where it comes from; empty if nothing is known. */
    public Map<String, String> provenance() {
        return provenance;
    }

    /**
     * What predicts from data in memory.
     *
     * @throws IllegalStateException if the file has no preprocessor
     */
    public Predictor predictor() {
        return new Predictor(model, preprocessor.orElseThrow(() -> new IllegalStateException(
                "This model was saved without what makes its inputs from data: call model().predict on tensors, or save it"
                        + " with a preprocessor")));
    }
}
