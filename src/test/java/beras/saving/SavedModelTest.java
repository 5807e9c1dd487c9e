package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Tensor;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("saving")
class SavedModelTest {

    private final Model model = new Sequential(1, new Input(4), new Dense(2));

    @Test
    void aModelAloneHasNoParts() {
        SavedModel saved = new SavedModel(model);
        assertSame(model, saved.model());
        assertTrue(saved.recipe().isEmpty() && saved.preprocessor().isEmpty() && saved.trainingState().isEmpty());
        assertEquals(Map.of(), saved.provenance());
        assertEquals("This model was saved without what makes its inputs from data: call model().predict on tensors, or save it"
                + " with a preprocessor", assertThrows(IllegalStateException.class, saved::predictor).getMessage());
    }

    @Test
    void eachPartMakesACopyWithTheOthers() {
        SavedModel bare = new SavedModel(model);
        Recipe recipe = new Recipe().epochs(3);
        TrainingState state = new TrainingState(Config.of("T"));
        ImagePreprocessor images = ImagePreprocessor.ofNumbers(2, 2, 2);
        SavedModel saved = bare.provenance(Map.of("seed", "1")).trainingState(state).preprocessor(images).recipe(recipe);
        assertSame(recipe, saved.recipe().orElseThrow());
        assertSame(images, saved.preprocessor().orElseThrow());
        assertSame(state, saved.trainingState().orElseThrow());
        assertEquals(Map.of("seed", "1"), saved.provenance());
        assertEquals(Map.of(), saved.provenance(Map.of()).provenance());
        assertTrue(bare.recipe().isEmpty() && bare.preprocessor().isEmpty() && bare.trainingState().isEmpty());
        assertEquals(Map.of(), bare.provenance());
    }

    @Test
    void aLossOfLogitsTellsWhatMakesProbabilitiesOfThem() {
        Tensor x = Tensor.generate(i -> i - 3, 3, 4);
        for (String loss : List.of("cross-entropy(from_logits=true)", "sparse_categorical_crossentropy(from_logits=true)")) {
            SavedModel saved = new SavedModel(model).recipe(new Recipe().loss(loss));
            Tensor expected = new Softmax().forward(model.predict(x));
            assertEquals(expected, saved.probabilities().predict(x));
            assertEquals(expected, saved.probabilities(model.predict(x)));
            assertSame(model.weights().get(0), saved.probabilities().weights().get(0));
        }
        Model one = new Sequential(1, new Input(4), new Sequential(1, new Input(4), new Dense(3), new Dense(1)));
        SavedModel saved = new SavedModel(one).recipe(new Recipe().loss("binary_crossentropy(from_logits=true)"));
        assertEquals(new Sigmoid().forward(one.predict(x)), saved.probabilities().predict(x));
    }

    /** A model that is saved compiled tells its loss without a recipe. */
    @Test
    void aModelCompiledWithALossOfLogitsIsKnownToGiveThem() throws IOException {
        Model compiled = new Sequential(1, new Input(4), new Dense(2));
        compiled.compile("adam", "cross-entropy(from_logits=true)");
        SavedModel loaded = ModelFile.fromBytes(ModelFile.toBytes(new SavedModel(compiled)), "m.beras");
        assertTrue(loaded.recipe().isEmpty());
        assertEquals(compiled.objectives().get(0).loss().config(), loaded.loss().orElseThrow().config());
        Tensor x = Tensor.generate(i -> i - 3, 3, 4);
        assertEquals(new Softmax().forward(compiled.predict(x)), loaded.probabilities().predict(x));
        compiled.compile("adam", "mse");
        SavedModel saved = new SavedModel(compiled).recipe(new Recipe().loss("cross-entropy(from_logits=true)"));
        assertSame(compiled, saved.probabilities(), "it was compiled after the recipe was written");
        assertTrue(new SavedModel(model).loss().isEmpty());
    }

    @Test
    void whatIsNotKnownToBeLogitsStaysAsItIs() {
        assertSame(model, new SavedModel(model).probabilities());
        assertSame(model, new SavedModel(model).recipe(new Recipe()).probabilities(), "the loss is not known");
        for (String loss : List.of("mse", "cross-entropy")) {
            assertSame(model, new SavedModel(model).recipe(new Recipe().loss(loss)).probabilities(), loss);
        }
        Recipe logits = new Recipe().loss("cross-entropy(from_logits=true)");
        for (Model ended : List.of(new Sequential(1, new Input(4), new Dense(2, "softmax")),
                new Sequential(1, new Input(4), new Dense(2), new Softmax()),
                new Sequential(1, new Input(4), new Sequential(1, new Input(4), new Dense(2, "softmax"))))) {
            assertSame(ended, new SavedModel(ended).recipe(logits).probabilities());
        }
        Node node = new Input(4).apply();
        Model two = new Functional(List.of(node), List.of(new Dense(2).apply(node), new Dense(2).apply(node)));
        assertSame(two, new SavedModel(two).recipe(logits).probabilities());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new SavedModel(two).activated(new Softmax())).getMessage()
                .contains("a model of one output"));
    }

    @Test
    void anActivationMayStandBehindTheModel() {
        ImagePreprocessor images = ImagePreprocessor.ofNumbers(2, 2, 2);
        SavedModel saved = new SavedModel(model).preprocessor(images).provenance(Map.of("a", "b"))
                .recipe(new Recipe().loss("cross-entropy(from_logits=true)")).activated(new Softmax());
        Tensor x = Tensor.generate(i -> i - 3, 3, 4);
        assertEquals(new Softmax().forward(model.predict(x)), saved.model().predict(x));
        assertSame(images, saved.preprocessor().orElseThrow());
        assertEquals(Map.of("a", "b"), saved.provenance());
        assertTrue(saved.recipe().isEmpty(), "it would tell of another model");
    }

    @Test
    void theProvenanceIsItsOwnAndInOrder() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("z", "1");
        values.put("a", "2");
        SavedModel saved = new SavedModel(model).provenance(values);
        values.clear();
        assertEquals(List.of("z", "a"), List.copyOf(saved.provenance().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> saved.provenance().put("b", "3"));
    }

    @Test
    void nothingIsNull() {
        SavedModel saved = new SavedModel(model);
        assertThrows(NullPointerException.class, () -> new SavedModel(null));
        assertThrows(NullPointerException.class, () -> saved.recipe(null));
        assertThrows(NullPointerException.class, () -> saved.preprocessor(null));
        assertThrows(NullPointerException.class, () -> saved.trainingState(null));
        assertThrows(NullPointerException.class, () -> saved.provenance(null));
        assertThrows(NullPointerException.class, () -> saved.provenance(Collections.singletonMap("seed", null)));
        assertThrows(NullPointerException.class, () -> saved.provenance(Collections.singletonMap(null, "1")));
    }

    @Test
    void thePreprocessorMustFitTheModel() {
        for (int[] bad : new int[][] {{3, 2, 2}, {2, 2, 3}}) {
            Exception e = assertThrows(IllegalArgumentException.class,
                    () -> new SavedModel(model).preprocessor(ImagePreprocessor.ofNumbers(bad[0], bad[1], bad[2])));
            assertTrue(e.getMessage().endsWith("Received: a model from [(4,)] to [(2,)]"), e.getMessage());
        }
    }
}
