package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Check 49 of the assignment, and the edges of its format. */
@Tag("model")
class StatsTest {

    private static final Map<String, Double> STATS = new LinkedHashMap<>();

    static {
        STATS.put("loss", 0.123456);
        STATS.put("acc", 0.5);
    }

    @Test
    void appendsTheMeanOfEachListAndMakesMissingLists() {
        Map<String, List<Double>> all = new LinkedHashMap<>();
        Stats.updateMetrics(all, Map.of("loss", List.of(1.0, 2.0, 3.0), "acc", List.of(0.5)));
        assertEquals(Map.of("loss", List.of(2.0), "acc", List.of(0.5)), all);
        Stats.updateMetrics(all, Map.of("loss", List.of(4.0)));
        assertEquals(Map.of("loss", List.of(2.0, 4.0), "acc", List.of(0.5)), all);
    }

    @Test
    void aBatchLineBeginsWithAReturnAndDoesNotEnd() {
        assertEquals("\r - Epoch  1: Batch   3/10 : {'loss': 0.1235, 'acc': 0.5}   ", Stats.batchLine(STATS, 0, 2, 10));
    }

    @Test
    void anEpochLineShowsMeansAndEnds() {
        assertEquals("\r - Epoch 12: Average Stats : {'loss': 0.15}   \n",
                Stats.epochLine(Map.of("loss", List.of(0.1, 0.2)), 11));
    }

    @Test
    void numbersAreShownAsNumbers() {
        assertEquals("\r - Epoch  1: Batch   1/1 : {'loss': 0.0005}   ", Stats.batchLine(Map.of("loss", 0.00051), 0, 0, 1));
        assertEquals("\r - Epoch  1: Batch   1/1 : {'loss': 12345678.5}   ",
                Stats.batchLine(Map.of("loss", 12345678.5), 0, 0, 1));
    }

    @Test
    void whatIsNotANumberIsNotShownAsZero() {
        assertEquals("\r - Epoch  1: Batch   1/1 : {'loss': NaN}   ", Stats.batchLine(Map.of("loss", Double.NaN), 0, 0, 1));
        assertEquals("\r - Epoch  1: Batch   1/1 : {'loss': Infinity}   ",
                Stats.batchLine(Map.of("loss", Double.POSITIVE_INFINITY), 0, 0, 1));
    }

    @Test
    void theLineDoesNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("\r - Epoch  1: Batch   3/10 : {'loss': 0.1235, 'acc': 0.5}   ", Stats.batchLine(STATS, 0, 2, 10));
        } finally {
            Locale.setDefault(before);
        }
    }
}
