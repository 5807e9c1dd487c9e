package beras.data.table;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.TableTarget.Task;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Columns that are the target in other words are told from good ones. */
@Tag("data")
class LeakageTest {

    private static final int ROWS = 100;

    private static boolean found(Task task, int rows, IntFunction<String> column, IntFunction<String> target) {
        Leakage leakage = new Leakage(2, 1);
        for (int i = 0; i < rows; i++) {
            leakage.add(new String[] {column.apply(i), target.apply(i)});
        }
        return leakage.found(task).contains(0);
    }

    private static boolean ofLabels(IntFunction<String> column, IntFunction<String> label) {
        return found(Task.CLASSIFICATION, ROWS, column, label);
    }

    private static boolean ofNumbers(IntFunction<String> column, IntFunction<Double> number) {
        return found(Task.REGRESSION, ROWS, column, i -> Double.toString(number.apply(i)));
    }

    private static String of(int number, String... words) {
        return words[number % words.length];
    }

    @Test
    void valuesThatGoWithOneLabelEachAreFound() {
        assertTrue(ofLabels(i -> of(i, "0.0", "1.0", "2.0"), i -> of(i, "c", "a", "b")));
        assertTrue(found(Task.CLASSIFICATION, 6, i -> of(i, "true", "false"), i -> of(i, "a", "b")));
        assertTrue(ofLabels(i -> of(i, "", "1.0"), i -> of(i, "a", "b")), "no value is a value, too");
        assertTrue(found(Task.CLASSIFICATION, 1000, i -> "code" + i % 200, i -> "label" + i % 200));
        assertFalse(ofLabels(i -> i == 77 ? "0.0" : of(i, "0.0", "1.0"), i -> of(i, "a", "b")));
        assertFalse(ofLabels(i -> of(i, "x", "y"), i -> of(i / 2, "a", "b")));
        assertFalse(found(Task.CLASSIFICATION, 3, i -> "v" + i, i -> "l" + i), "no row says anything twice");
        assertFalse(found(Task.CLASSIFICATION, 1000, i -> "code" + (i % 9 == 0 ? 0 : i % 200), i -> "label" + i % 200));
    }

    @Test
    void fewValuesThatTellTheLabelAreFound() {
        assertTrue(ofLabels(i -> of(i, "active", "paused", "gone"), i -> i % 3 == 2 ? "1" : "0"));
        assertFalse(ofLabels(i -> i < 90 ? of(i, "active", "paused") : i < 95 ? "gone" : "lost", i -> i < 90 ? "0" : "1"),
                "ten rows may be chance");
        assertFalse(ofLabels(i -> "id" + i, i -> of(i, "a", "b")), "names of rows");
        assertFalse(found(Task.CLASSIFICATION, 600, i -> i >= 300 ? "code" + i % 100 : of(i, "x", "y", "z"),
                i -> i >= 300 ? "label" + i % 100 : of(i, "a", "b", "a")), "more values in later rows than are looked at");
        assertFalse(ofLabels(i -> "town" + i % 70, i -> of(i % 70, "a", "b")), "too many values to judge");
    }

    @Test
    void numbersInOtherWordsAreFound() {
        assertTrue(ofNumbers(i -> Integer.toString(i * 7 % 100), i -> (double) (i * 7 % 100)));
        assertTrue(ofNumbers(i -> of(i, "one", "two", "four"), i -> (double) (1 << i % 3)));
        assertFalse(ofNumbers(i -> Integer.toString(i == 50 ? 51 : i), i -> i * 1.0 % 97));
        assertFalse(found(Task.REGRESSION, 18, i -> "w" + i % 9, i -> Double.toString(i % 9)), "nine rows may be chance");
    }
}
