package beras.prediction;

import static org.junit.jupiter.api.Assertions.*;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What outputs of a model mean. */
@Tag("data")
class PredictionTest {

    private static final List<String> LABELS = List.of("a", "b", "c");

    @Test
    void probabilitiesAreFrom0To1WithASumOf1() {
        Prediction sure = Prediction.ofLabels(LABELS, 0.25f, 0.5f, 0.25f);
        assertTrue(sure.hasProbabilities());
        assertEquals("b", sure.label());
        assertEquals(0.5, sure.confidence());
        assertEquals(Map.of("a", 0.25, "b", 0.5, "c", 0.25), sure.probabilities());
        assertEquals(sure.probabilities(), sure.scores());
        assertEquals("b (0.5)", sure.toString());
        assertTrue(Prediction.ofLabels(LABELS, 0.3f, 0.2f, 0.5005f).hasProbabilities(), "as far off as sums of floats may be");
        assertTrue(Prediction.ofLabels(LABELS, 1f, 0f, 0f).hasProbabilities());
    }

    /** Logits, sigmoids for three labels, and what merely has the sum of 1. */
    @Test
    void otherScoresAreNotTakenForProbabilities() {
        for (float[] scores : new float[][] {{1.5f, 3.25f, -1f}, {0.5f, 0.75f, 0.25f}, {0.75f, 1.25f, -1f}, {0, 0.25f, 0},
                {0.25f, 0.5f, 0.252f}}) {
            Prediction prediction = Prediction.ofLabels(LABELS, scores);
            assertFalse(prediction.hasProbabilities());
            assertEquals("b", prediction.label(), "the highest of any");
            assertEquals(scores[1], prediction.score());
            assertEquals(scores[2], prediction.scores().get("c").floatValue());
            assertEquals("b (" + prediction.score() + ")", prediction.toString());
            for (Exception e : List.of(assertThrows(IllegalStateException.class, prediction::confidence),
                    assertThrows(IllegalStateException.class, prediction::probabilities))) {
                assertTrue(e.getMessage().contains("Expected probabilities, from 0 to 1 with a sum of 1. Received: ["
                        + scores[0] + ", "), e.getMessage());
                assertTrue(e.getMessage().contains("Let the model end in softmax"), e.getMessage());
            }
        }
    }

    @Test
    void ofManyScoresAMessageShowsAFew() {
        List<String> labels = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
        Prediction logits = Prediction.ofLabels(labels, new float[1000]);
        Exception e = assertThrows(IllegalStateException.class, logits::confidence);
        assertTrue(e.getMessage().contains("[" + String.join(", ", Collections.nCopies(10, "0.0")) + "] and 990 more"),
                e.getMessage());
    }

    @Test
    void aValueHasNoScores() {
        Prediction value = Prediction.ofValue(2.5);
        assertFalse(value.hasProbabilities());
        assertEquals(Map.of(), value.probabilities());
        assertEquals(Map.of(), value.scores());
        assertThrows(IllegalStateException.class, value::confidence);
        assertThrows(IllegalStateException.class, value::score);
    }
}
