package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.models.TestEvaluation.NotFiniteException;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.History;
import beras.training.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("training")
class TestEvaluationTest {

    private static final Examples EXAMPLES = Examples.of(Tensor.generate(i -> i / 10f, 20, 1), Tensor.generate(i -> i / 5f, 20, 1));
    private static final Examples TEST = Examples.of(Tensor.ones(3, 1), Tensor.ones(3, 1));
    private static final Examples HUGE = Examples.of(Tensor.ones(3, 1), Tensor.full(1e30f, 3, 1));

    private final RecipeTraining training = new RecipeTraining(new Recipe().layers("1").loss("mse").optimizer("sgd(0.01)").epochs(2),
            TrainingSet.of(Shape.of(1), Shape.of(1), EXAMPLES, EXAMPLES.slice(0, 5), List.of()));

    private History fit(TestEvaluation evaluation) {
        return training.fit(training.fitOptions().callbacks(evaluation));
    }

    @Test
    void theTestIsMeasuredOnceAtTheEnd() {
        TestEvaluation evaluation = new TestEvaluation(training, Optional.of(TEST), 2, false);
        History history = fit(evaluation);
        Map<String, Double> last = history.epochs().get(1).values();
        assertFalse(last.containsKey("test_loss"));
        Map<String, Double> numbers = evaluation.atEnd(last, false);
        assertEquals(List.of("loss", "test_loss", "val_loss"), List.copyOf(numbers.keySet()));
        assertEquals(training.model().evaluate(TEST).values().get("loss"), numbers.get("test_loss"));
        assertEquals(last.get("val_loss"), numbers.get("val_loss"));
    }

    @Test
    void onRequestItIsMeasuredAfterEachEpoch() {
        TestEvaluation evaluation = new TestEvaluation(training, Optional.of(TEST), 2, true);
        History history = fit(evaluation);
        Map<String, Double> last = history.epochs().get(1).values();
        assertEquals(training.model().evaluate(TEST).values().get("loss"), last.get("test_loss"));
        assertEquals(last.get("test_loss"), evaluation.atEnd(last, false).get("test_loss"));
    }

    @Test
    void changedWeightsAreMeasuredAgain() {
        TestEvaluation evaluation = new TestEvaluation(training, Optional.of(TEST), 2, true);
        Map<String, Double> last = fit(evaluation).epochs().get(1).values();
        training.model().weights().get(0).assign(Tensor.full(5, 1, 1));
        Map<String, Double> now = evaluation.atEnd(last, true);
        assertEquals(training.model().evaluate(TEST).values().get("loss"), now.get("test_loss"));
        assertTrue(now.get("test_loss") > last.get("test_loss") && now.get("val_loss") > last.get("val_loss"));
        assertEquals(last.get("loss"), now.get("loss"));
    }

    @Test
    void aNumberThatIsNotFiniteEndsTheTraining() {
        NotFiniteException e = assertThrows(NotFiniteException.class,
                () -> fit(new TestEvaluation(training, Optional.of(HUGE), 2, false)));
        assertTrue(e.getMessage().startsWith("test_loss became Infinity after the last batch of epoch 1"), e.getMessage());
        TestEvaluation without = new TestEvaluation(training, Optional.empty(), 2, true);
        fit(without);
        assertEquals("val_loss is NaN with the weights that training ended with. A smaller learning rate may help",
                assertThrows(NotFiniteException.class, () -> without.atEnd(Map.of("val_loss", Double.NaN), false)).getMessage());
    }

    @Test
    void numbersAreInOrder() {
        Map<String, Double> logs = new LinkedHashMap<>();
        for (String name : List.of("val_loss", "loss", "learning_rate", "test_mae", "mae", "val_mae")) {
            logs.put(name, 1.0);
        }
        assertEquals(List.of("loss", "mae", "test_mae", "val_loss", "val_mae"),
                List.copyOf(TestEvaluation.inOrder(logs).keySet()));
    }
}
