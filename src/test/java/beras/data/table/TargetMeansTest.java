package beras.data.table;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("data")
class TargetMeansTest {

    private static final LongPredicate TRAINING = row -> row % 5 != 4;
    private static final TableOptions OPTIONS = new TableOptions().rows(TRAINING);
    private static final Rng RNG = new Rng(7, "test", 0);

    @TempDir
    Path folder;

    private TableFile table(int rows, IntFunction<String> line) throws IOException {
        List<String> lines = new ArrayList<>(List.of("item,other,y"));
        for (int i = 0; i < rows; i++) {
            lines.add(line.apply(i));
        }
        return TableFile.of(Files.write(folder.resolve("t.csv"), lines));
    }

    private static TargetMeans learn(TableFile file, TableOptions options) throws IOException {
        return TargetMeans.learn(file, TableSchema.infer(file, "y", options), options);
    }

    private static int item(int row) {
        return (int) (100 * RNG.uniform(row) * RNG.uniform(row + 100_000));
    }

    private static String amount(int row) {
        return "i" + item(row) + "," + row % 2 + "," + target(row);
    }

    private static double target(int row) {
        return item(row) % 7 + RNG.normal(row);
    }

    /** The features of all training rows as they are trained on, and as they are predicted; with the targets. */
    private record Encoded(List<float[]> trained, List<float[]> predicted, List<Float> targets) {

        static Encoded of(TableFile file, TargetMeans means) throws IOException {
            Encoded encoded = new Encoded(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (TableReader reader = TableReader.open(file, means.schema(), TRAINING)) {
                float[] row = new float[means.schema().width()];
                while (reader.next(row, 0)) {
                    encoded.predicted.add(row.clone());
                    means.encode(reader, row, 0);
                    encoded.trained.add(row.clone());
                    encoded.targets.add(reader.target());
                }
            }
            return encoded;
        }

        static double correlation(List<float[]> rows, List<Float> targets) {
            double x = 0;
            double y = 0;
            double xx = 0;
            double yy = 0;
            double xy = 0;
            for (int i = 0; i < rows.size(); i++) {
                double a = rows.get(i)[0];
                double b = targets.get(i);
                x += a;
                y += b;
                xx += a * a;
                yy += b * b;
                xy += a * b;
            }
            int n = rows.size();
            return (xy - x * y / n) / Math.sqrt((xx - x * x / n) * (yy - y * y / n));
        }
    }

    /** The formula of the documentation, reckoned in another way. */
    @Test
    void aValueBecomesItsShrunkMean() throws IOException {
        int count = 2000;
        TableFile file = table(count, TargetMeansTest::amount);
        TargetMeans means = learn(file, OPTIONS);
        Map<Integer, List<Double>> byItem = new HashMap<>();
        double sum = 0;
        int rows = 0;
        for (int i = 0; i < count; i++) {
            if (TRAINING.test(i)) {
                double y = target(i);
                byItem.computeIfAbsent(item(i), any -> new ArrayList<>()).add(y);
                sum += y;
                rows++;
            }
        }
        double mean = sum / rows;
        double within = 0;
        double between = 0;
        double squares = 0;
        for (List<Double> each : byItem.values()) {
            double own = each.stream().mapToDouble(y -> y).average().orElseThrow();
            within += each.stream().mapToDouble(y -> (y - own) * (y - own)).sum();
            between += each.size() * (own - mean) * (own - mean);
            squares += (double) each.size() * each.size();
        }
        within /= rows - byItem.size();
        double shrinkage = within / ((between - (byItem.size() - 1) * within) / (rows - squares / rows));
        assertTrue(shrinkage > 0.1 && shrinkage < 2, "of variances 1 and 4: " + shrinkage);
        Map<Integer, Double> expected = new HashMap<>();
        byItem.forEach((item, each) -> expected.put(item,
                each.stream().mapToDouble(y -> y - mean).sum() / (each.size() + shrinkage)));
        double variance = byItem.entrySet().stream().mapToDouble(each -> each.getValue().size() * Math.pow(expected.get(each.getKey()), 2))
                .sum() / rows;
        TablePreprocessor encoder = new TablePreprocessor(means.schema());
        float[] row = new float[means.schema().width()];
        for (int item : byItem.keySet()) {
            encoder.encode(Map.of("item", "i" + item, "other", 1), row, 0);
            assertEquals(expected.get(item) / Math.sqrt(variance), row[0], 1e-4, () -> "item " + item);
        }
        encoder.encode(Map.of("item", "never seen", "other", 1), row, 0);
        assertEquals(0, row[0]);
        assertEquals("item target mean", means.schema().featureNames().get(0));
        List<float[]> trained = Encoded.of(file, means).trained;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (TRAINING.test(i)) {
                int own = i;
                IntPredicate others = j -> TRAINING.test(j) && TargetMeans.fold(j) != TargetMeans.fold(own);
                double meanOfOthers = IntStream.range(0, count).filter(others).mapToDouble(TargetMeansTest::target).average().orElseThrow();
                double[] same = IntStream.range(0, count).filter(others).filter(j -> item(j) == item(own)).mapToDouble(
                        j -> target(j) - meanOfOthers).toArray();
                assertEquals(DoubleStream.of(same).sum() / (same.length + shrinkage) / Math.sqrt(variance), trained.get(at++)[0], 1e-4,
                        () -> "row " + own + " without its fold, in the mean that is subtracted as well");
            }
        }
    }

    /** Noise has nothing to tell: a mean that a row's own target is part of seems to. */
    @Test
    void noRowSeesItsOwnTarget() throws IOException {
        TableFile file = table(6000, i -> "i" + i % 1500 + "," + i % 2 + "," + RNG.normal(i));
        Encoded encoded = Encoded.of(file, learn(file, OPTIONS));
        assertTrue(Encoded.correlation(encoded.predicted, encoded.targets) > 0.4);
        assertEquals(0, Encoded.correlation(encoded.trained, encoded.targets), 0.05);
    }

    @Test
    void whatTheTargetDependsOnIsSeenWithoutIt() throws IOException {
        TableFile file = table(6000, TargetMeansTest::amount);
        Encoded encoded = Encoded.of(file, learn(file, OPTIONS));
        assertTrue(Encoded.correlation(encoded.trained, encoded.targets) > 0.85);
    }

    /** The only row of a value has nothing to learn from; all features but the mean are those of any other row. */
    @Test
    void aValueOfOneRowIsTrainedOnAsUnknown() throws IOException {
        TableFile file = table(400, i -> (i == 100 ? "alone" : i == 50 ? "" : "i" + i % 30) + "," + i % 2 + "," + (i == 100 ? 90 : i % 30));
        TargetMeans means = learn(file, OPTIONS);
        Encoded encoded = Encoded.of(file, means);
        int row = 80; // of the training rows
        assertEquals(0, encoded.trained.get(row)[0]);
        assertTrue(encoded.predicted.get(row)[0] > 1);
        for (int i = 0; i < encoded.trained.size(); i++) {
            float[] predicted = encoded.predicted.get(i).clone();
            predicted[0] = encoded.trained.get(i)[0];
            assertArrayEquals(predicted, encoded.trained.get(i));
        }
    }

    @Test
    void labelsHaveAMeanEachAndTwoHaveOne() throws IOException {
        for (int labels : new int[] {2, 3, TargetMeans.MOST_LABELS + 1}) {
            TableFile file = table(3000, i -> (i % 50 == 7 ? "" : "i" + i % 61) + "," + i % 2 + ",l" + (char) ('a' + i % 61 % labels));
            TargetMeans means = learn(file, OPTIONS);
            CategoryColumn column = (CategoryColumn) means.schema().columns().get(0);
            int outputs = labels == 2 ? 1 : labels == 3 ? 3 : 0;
            assertEquals(outputs + 61 + 1, column.width(), "values and a missing one");
            assertEquals(outputs > 0, column.becomes().contains("the mean of the target"));
            float[] row = new float[means.schema().width()];
            TablePreprocessor encoder = new TablePreprocessor(means.schema());
            encoder.encode(Map.of("item", "i5", "other", 1), row, 0);
            for (int i = 0; i < outputs; i++) {
                assertEquals(outputs == 1 || i == 5 % labels, row[i] > 0, "label " + i);
            }
            encoder.encode(Map.of("item", "", "other", 1), row, 0);
            for (int i = 0; i < outputs; i++) {
                assertEquals(0, row[i], "a missing value is as the mean of all");
            }
            assertEquals(1, row[column.width() - 1]);
        }
    }

    @Test
    void ofManyValuesTheMostFrequentHaveAFeatureAndAllAMean() throws IOException {
        IntFunction<String> line = i -> "i" + i % 700 + "," + i % 2 + "," + i % 700 % 9 + ".5";
        TableFile file = table(7000, line);
        TargetMeans means = learn(file, OPTIONS);
        CategoryColumn column = (CategoryColumn) means.schema().columns().get(0);
        assertEquals(256, column.values().size());
        assertEquals(1 + 256 + 1, column.width());
        assertEquals(means.schema(), TableSchema.of(ConfigText.parse(means.schema().config().toString())));
        float[] row = new float[means.schema().width()];
        for (TableSchema schema : List.of(means.schema(), TableSchema.of(means.schema().config()))) {
            new TablePreprocessor(schema).encode(Map.of("item", "i90", "other", 1), row, 0); // 90 % 9 is 0
            float low = row[0];
            new TablePreprocessor(schema).encode(Map.of("item", "i98", "other", 1), row, 0); // 8
            assertTrue(low < -1 && row[0] > 1, low + " and " + row[0]);
        }
        CategoryColumn asked = (CategoryColumn) learn(file, OPTIONS.maxCategories(500)).schema().columns().get(0);
        assertEquals(500, asked.values().size());
        TableProfile profile = TableProfile.of(file, Optional.of("y"), OPTIONS);
        assertTrue(profile.columns().get(0).note().contains(column.becomes()), profile.columns().get(0).note());
        assertFalse(TableProfile.of(file, Optional.empty(), OPTIONS).columns().get(0).note().contains("mean of the target"));
    }

    @Test
    void hashedValuesHaveMeans() throws IOException {
        TableFile file = table(42_000, i -> "street " + i % 14_000 + "," + i % 2 + "," + (i % 14_000 % 2 == 0 ? "even" : "odd"));
        TargetMeans means = learn(file, OPTIONS);
        CategoryColumn column = (CategoryColumn) means.schema().columns().get(0);
        assertEquals(8192, column.buckets());
        Encoded encoded = Encoded.of(file, means);
        assertTrue(Encoded.correlation(encoded.trained, encoded.targets) > 0.15, "a bucket has hardly two streets");
        float[] row = new float[means.schema().width()];
        new TablePreprocessor(TableSchema.of(means.schema().config())).encode(List.of("street 0", "0"), row, 0);
        assertArrayEquals(encoded.predicted.get(0), row);
    }

    /** What does not need them costs no pass over the table. */
    @Test
    void categoriesOfFewValuesStayWhatTheyAre() throws IOException {
        TableFile file = table(500, i -> "i" + i % 20 + "," + i % 2 + "," + i % 9 + ".5");
        TableSchema schema = TableSchema.infer(file, "y", OPTIONS);
        Files.delete(file.path());
        assertSame(schema, TargetMeans.learn(file, schema, OPTIONS).schema());
    }
}
