package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.tables.DistributionChoice.Deviances;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether one distribution is better by more than chance, for differences and weights of held-out rows. */
@Tag("tables")
class DistributionChoiceTest {

    @ParameterizedTest
    @CsvSource({
        "1 1 1 1, 1 1 1 1, true", // no spread
        "0 0 0 0, 1 1 1 1, false",
        "-1 -1, 1 1, false",
        "3 -1 3 -1, 1 1 1 1, false", // mean 1, standard error 1
        "3 -1 3 -1 3 -1 3 -1, 1 1 1 1 1 1 1 1, true", // mean 1, standard error 0.71
        "40 -3 -3 -3, 1 1 1 1, false", // one row decides the mean
        "3 -1, 10 1, true", // mean 2.64, standard error 0.47
        "-Infinity, 1, false",
        "Infinity, 1, true",
    })
    void aLowerMeanIsTakenIfItIsClearlyLower(String differences, String weights, boolean expected) {
        double[] normal = numbers(differences);
        double[] poisson = new double[normal.length];
        if (normal[0] < 0 && Double.isInfinite(normal[0])) {
            poisson[0] = -normal[0];
            normal[0] = 2;
        }
        assertEquals(expected, new Deviances(poisson, numbers(weights)).isClearlyBelow(new Deviances(normal, numbers(weights))));
    }

    private static double[] numbers(String written) {
        return Arrays.stream(written.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
