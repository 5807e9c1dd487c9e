package beras.assignment;

import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.metrics.CategoricalAccuracy;
import beras.tensor.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the assignment says of metrics. */
@Tag("metrics")
class MetricsTest {

    private final CategoricalAccuracy accuracy = new CategoricalAccuracy();

    @ParameterizedTest(name = "public test B7 and check 28: {2}")
    @CsvSource(delimiter = '|', value = {
        "[[.1, .9, .8], [.05, .95, 0]]              | [[0, 0, 1], [0, 1, 0]]           | 0.5",
        "[[.1, .2, .8], [.05, .95, 0]]              | [[0, 0, 1], [0, 1, 0]]           | 1",
        "[[.9, .2, .8], [.05, .05, .9]]             | [[0, 0, 1], [0, 1, 0]]           | 0",
        "[[.1, .9], [.8, .2], [.3, .7], [.6, .4]]   | [[0, 1], [0, 1], [0, 1], [1, 0]] | 0.75"})
    void share(String predictions, String truth, float expected) {
        assertEquals(expected, accuracy.forward(tensor(predictions), tensor(truth)));
    }

    @Test
    @DisplayName("check 28: of equal predictions the first counts")
    void ties() {
        assertEquals(0.5f, accuracy.forward(tensor("[[.5, .5], [.2, .8]]"), tensor("[[0, 1], [0, 1]]")));
    }

    @Test
    @DisplayName("section 2.3: forward gives a number, a call a tensor of rank 0")
    void callGivesATensor() {
        Tensor truth = tensor("[[0, 1], [0, 1]]");
        assertEquals(Tensor.scalar(1f), accuracy.call(truth, truth));
    }
}
