package beras.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.training.Recipe;
import beras.training.TrainingState;
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
