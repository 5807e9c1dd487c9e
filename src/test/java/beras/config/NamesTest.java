package beras.config;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("core")
class NamesTest {

    private static final List<String> KNOWN = List.of("adam", "adamw", "rmsprop", "learningRate", "weight_decay", "epsilon", "mae",
            "val_loss", "val_accuracy", "accuracy", "CategoricalCrossEntropy", "l2", "softmax");

    @ParameterizedTest
    @CsvSource({"adma, adam", "Adan, adam", "adamW, adamw", "rmsporp, rmsprop", "rms_prop, rmsprop",
        "learn_rate, learningRate", "eps, epsilon", "val_acc, val_accuracy", "acc, accuracy",
        "categorical_accuracy, accuracy", "accurcay, accuracy", "accuracies, accuracy",
        "categorical_crosentropy, CategoricalCrossEntropy", "l3, l2", "sofmax, softmax", "SOFTMAX, softmax"})
    void theNearestNameIsMeant(String name, String meant) {
        assertEquals(". Did you mean " + meant + "?", Names.didYouMean(name, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"x", "huber", "zz", "learning", "''", "a"})
    void whatIsFarIsNotGuessed(String name) {
        assertEquals("", Names.didYouMean(name, List.of("adam", "rmsprop", "val_loss", "l2", "")));
    }

    @Test
    void ofEquallyNearNamesTheFirstIsMeant() {
        assertEquals(". Did you mean l1?", Names.didYouMean("l3", List.of("l1", "l2")));
        assertEquals(". Did you mean l2?", Names.didYouMean("l3", List.of("l2", "l1")));
    }
}
