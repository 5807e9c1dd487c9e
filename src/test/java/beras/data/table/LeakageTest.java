package beras.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.data.table.Leakage.Finding;
import beras.data.table.TableTarget.Task;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that are the target in other words are told from good ones. */
@Tag("data")
class LeakageTest {

    private static final int ROWS = 100;

    private static Leakage seen(int from, int to, IntFunction<String> column, IntFunction<String> target) {
        Leakage leakage = new Leakage(2, 1);
        for (int i = from; i < to; i++) {
            leakage.add(new String[] {column.apply(i), target.apply(i)});
        }
        return leakage;
    }

    /** What is found in rows that are seen at once, and in parts. */
    private static Finding found(Task task, int rows, IntFunction<String> column, IntFunction<String> target) {
        Finding atOnce = seen(0, rows, column, target).found(task).get(0);
        Leakage parts = seen(0, rows / 3, column, target);
        parts.add(seen(rows / 3, rows / 2, column, target));
        parts.add(seen(rows / 2, rows, column, target));
        assertEquals(atOnce, parts.found(task).get(0), "in parts");
        return atOnce;
    }

    private static Finding ofLabels(IntFunction<String> column, IntFunction<String> label) {
        return found(Task.CLASSIFICATION, ROWS, column, label);
    }

    private static Finding ofAmounts(IntFunction<String> column, IntFunction<Double> amount) {
        return found(Task.REGRESSION, ROWS, column, i -> Double.toString(amount.apply(i)));
    }

    private static String of(int number, String... words) {
        return words[number % words.length];
    }

    @Test
    void valuesThatGoWithOneLabelEachAreFound() {
        assertEquals(Finding.SAME, ofLabels(i -> of(i, "0.0", "1.0", "2.0"), i -> of(i, "c", "a", "b")));
        assertEquals(Finding.SAME, found(Task.CLASSIFICATION, 6, i -> of(i, "true", "false"), i -> of(i, "a", "b")));
        assertEquals(Finding.SAME, ofLabels(i -> of(i, "", "1.0"), i -> of(i, "a", "b")), "no value is a value, too");
        assertEquals(Finding.SAME, found(Task.CLASSIFICATION, 1000, i -> "code" + i % 200, i -> "label" + i % 200));
        assertEquals(null, ofLabels(i -> i == 77 ? "0.0" : of(i, "0.0", "1.0"), i -> of(i, "a", "b")));
        assertEquals(null, ofLabels(i -> of(i, "x", "y"), i -> of(i / 2, "a", "b")));
        assertEquals(null, found(Task.CLASSIFICATION, 3, i -> "v" + i, i -> "l" + i), "no row says anything twice");
        assertEquals(null, found(Task.CLASSIFICATION, 1000, i -> "code" + (i % 9 == 0 ? 0 : i % 200), i -> "label" + i % 200));
    }

    @Test
    void fewValuesThatTellTheLabelAreFound() {
        assertEquals(Finding.SAME, ofLabels(i -> of(i, "active", "paused", "gone"), i -> i % 3 == 2 ? "1" : "0"));
        assertEquals(null, ofLabels(i -> i < 90 ? of(i, "active", "paused") : i < 95 ? "gone" : "lost", i -> i < 90 ? "0" : "1"),
                "ten rows may be chance");
        assertEquals(null, ofLabels(i -> "id" + i, i -> of(i, "a", "b")), "names of rows");
        assertEquals(null, found(Task.CLASSIFICATION, 600, i -> i >= 300 ? "code" + i % 100 : of(i, "x", "y", "z"),
                i -> i >= 300 ? "label" + i % 100 : of(i, "a", "b", "a")), "more values in later rows than are looked at");
        assertEquals(null, ofLabels(i -> "town" + i % 70, i -> of(i % 70, "a", "b")), "too many values to judge");
    }

    @Test
    void numbersInRangesOfTheirOwnAreDoubtful() {
        assertEquals(Finding.DOUBT, ofLabels(i -> Double.toString(i * 37 % 101), i -> i * 37 % 101 > 30 ? "late" : "in time"));
        assertEquals(Finding.DOUBT, ofLabels(i -> i == 3 ? "" : Double.toString(i * 37 % 101), i -> i * 37 % 101 > 30 ? "b" : "a"));
        assertEquals(null, ofLabels(i -> Double.toString(i * 37 % 101), i -> (i * 37 + 3) % 101 > 30 ? "b" : "a"));
        assertEquals(null, ofLabels(i -> i == 3 ? "few" : Double.toString(i * 37 % 101), i -> i * 37 % 101 > 30 ? "b" : "a"));
        assertEquals(null, found(Task.CLASSIFICATION, 18, i -> Double.toString(i), i -> i < 9 ? "a" : "b"), "few rows");
        assertEquals(null, ofLabels(i -> Double.toString(i), i -> i < 4 ? "a" : "b"), "few rows of a label");
        assertEquals(Finding.DOUBT, ofLabels(i -> Double.toString(i), i -> i < 5 ? "a" : "b"));
    }

    @Test
    void amountsInOtherWordsAreFound() {
        assertEquals(Finding.SAME, ofAmounts(i -> Integer.toString(i * 7 % 100), i -> (double) (i * 7 % 100)));
        assertEquals(Finding.SAME, ofAmounts(i -> of(i, "one", "two", "four"), i -> (double) (1 << i % 3)));
        assertEquals(null, ofAmounts(i -> Integer.toString(i == 50 ? 51 : i), i -> i * 1.0 % 97));
        assertEquals(null, found(Task.REGRESSION, 18, i -> "w" + i % 9, i -> Double.toString(i % 9)), "nine rows may be chance");
    }

    @ParameterizedTest
    @ValueSource(doubles = {2.5, -2.5})
    void numbersThatRiseOrFallWithTheAmountsAreDoubtful(double factor) {
        assertEquals(Finding.DOUBT, ofAmounts(i -> Double.toString(factor * (i * 37 % 101)), i -> Math.sqrt(i * 37 % 101)));
        assertEquals(null, ofAmounts(i -> Double.toString(factor * (i * 37 % 101)), i -> Math.abs(i * 37 % 101 - 50.3)));
        assertEquals(null, ofAmounts(i -> "no" + i, i -> (double) i));
        assertEquals(null, found(Task.REGRESSION, 18, i -> Double.toString(factor * i), i -> Double.toString(i)), "few rows");
    }

}
