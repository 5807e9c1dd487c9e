package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImagePreprocessor;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Rescaling;
import beras.models.Sequential;
import beras.saving.SavedModel;
import beras.training.Recipe;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's evaluators read from the columns of a model is what they mean there. */
@Tag("spark")
@ExtendWith(Cluster.class)
class EvaluatorsTest {

    private static double accuracy(Dataset<Row> predicted) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
    }

    private static Set<Double> numbers(Dataset<Row> rows, String column) {
        return rows.select(column).distinct().collectAsList().stream().map(row -> row.getDouble(0)).collect(Collectors.toSet());
    }

    // ------------------------------------------------------------------------------------------- labels that are numbers

    @ParameterizedTest
    @CsvSource({"1, 2", "-1, 1", "0, 1", "10, 2.5"})
    void labelsThatAreNumbersArePredictedByTheirValue(double negative, double positive) {
        Dataset<Row> rows = MadeRows.labelled(i -> MadeRows.sign(i) == 0 ? negative : positive);
        BerasModel model = MadeRows.classifier().fit(rows);
        Dataset<Row> predicted = model.transform(rows);
        assertEquals(Set.of(negative, positive), numbers(predicted, "prediction"));
        assertTrue(accuracy(predicted) > 0.9, () -> "accuracy " + accuracy(predicted));
        List<Double> order = model.labels().stream().map(Double::valueOf).toList();
        assertEquals(List.of(Math.min(negative, positive), Math.max(negative, positive)), order);
        Row row = predicted.first();
        assertEquals(row.<Double>getAs("prediction"), order.get(row.<Vector>getAs("probability").argmax()));
        assertEquals(row.<Double>getAs("prediction"), Double.valueOf(row.getAs("predictedLabel")));
        assertEquals(Attribute.fromStructField(predicted.schema().apply("prediction")).attrType().name(), "unresolved");
    }

    @Test
    void aFoldWithoutOneOfTheClassesShiftsNoOther() {
        Dataset<Row> rows = MadeRows.labelled(i -> (double) MadeRows.quarter(i)).where("label <> 1");
        Dataset<Row> predicted = MadeRows.classifier().setEpochs(10).fit(rows).transform(rows);
        assertEquals(Set.of(0.0, 2.0, 3.0), numbers(predicted, "prediction"));
        assertTrue(accuracy(predicted) > 0.9, () -> "accuracy " + accuracy(predicted));
    }

    // ------------------------------------------------------------------------------------------------- labels that are text

    private static Dataset<Row> texts() {
        return MadeRows.with(new StructType().add("kind", DataTypes.StringType),
                i -> new Object[] {List.of("low", "mid-low", "high", "top").get(MadeRows.quarter(i))});
    }

    @Test
    void otherLabelsArePredictedByTheirIndexWhichTheColumnExplains() {
        BerasModel model = MadeRows.classifier().setLabelCol("kind").fit(texts());
        assertEquals(List.of("high", "low", "mid-low", "top"), model.labels());
        Dataset<Row> predicted = model.transform(texts());
        NominalAttribute nominal = (NominalAttribute) Attribute.fromStructField(predicted.schema().apply("prediction"));
        assertArrayEquals(model.labels().toArray(), nominal.values().get());
        assertEquals("prediction", nominal.name().get());
        Dataset<Row> named = new IndexToString().setInputCol("prediction").setOutputCol("name").transform(predicted);
        assertEquals(MadeRows.COUNT, named.where("name = predictedLabel").count());
        Dataset<Row> indexed = new StringIndexerModel(model.labels().toArray(String[]::new)).setInputCol("kind")
                .setOutputCol("label").transform(predicted);
        assertEquals((double) predicted.where("kind = predictedLabel").count() / MadeRows.COUNT, accuracy(indexed), 1e-12);
    }

    @Test
    void anIndexOfTheLabelIsWhatTheEvaluatorNeedsAndNoFeature() {
        Dataset<Row> indexed = new StringIndexer().setInputCol("kind").setOutputCol("label").fit(texts()).transform(texts());
        BerasModel model = MadeRows.classifier().setEpochs(10).fit(indexed);
        assertTrue(accuracy(model.transform(indexed)) > 0.85, () -> "accuracy " + accuracy(model.transform(indexed)));
        assertTrue(accuracy(model.transform(indexed.drop("kind"))) > 0.85, "the text was learnt from");
    }

    // --------------------------------------------------------------------------------------------------------- scores

    @Test
    void rawPredictionsAreLogOddsAsThoseOfLogisticRegression() {
        Dataset<Row> rows = MadeRows.labelled(i -> (double) MadeRows.sign(i));
        Dataset<Row> predicted = MadeRows.classifier().fit(rows).transform(rows);
        for (Row row : predicted.collectAsList()) {
            double[] raw = row.<Vector>getAs("rawPrediction").toArray();
            double[] probability = row.<Vector>getAs("probability").toArray();
            assertEquals(2, raw.length);
            assertEquals(-raw[0], raw[1]);
            assertEquals(probability[1], 1 / (1 + Math.exp(-raw[1])), 1e-6);
            assertEquals(raw[1] > 0 ? 1.0 : 0.0, row.<Double>getAs("prediction"));
        }
        double area = new BinaryClassificationEvaluator().evaluate(predicted);
        assertTrue(area > 0.95, () -> "area " + area);
        assertEquals(area, new BinaryClassificationEvaluator().setRawPredictionCol("probability").evaluate(predicted), 1e-3);
    }

    private static List<Row> predicted(Sequential net, double[]... inputs) {
        return predicted(new SavedModel(net), inputs);
    }

    private static List<Row> predicted(SavedModel saved, double[]... inputs) {
        List<Row> rows = Arrays.stream(inputs).map(x -> RowFactory.create(Vectors.dense(x))).toList();
        return BerasModel.of(saved).transform(Cluster.session().createDataFrame(rows, new StructType().add("features",
                SQLDataTypes.VectorType())).coalesce(1)).collectAsList();
    }

    /** A net of one layer, whose biases are 0. */
    private static Sequential linear(String activation, float[]... weights) {
        Dense dense = activation.isEmpty() ? new Dense(weights[0].length) : new Dense(weights[0].length, activation);
        Sequential net = new Sequential(1, new Input(weights.length), dense);
        net.weights().get(0).assign(beras.tensor.Tensor.of(weights));
        return net;
    }

    @Test
    void oneSigmoidPredictsAClassAndOneOtherUnitAValue() {
        float half = 0.6931472f; // ln 2
        List<Row> rows = predicted(linear("sigmoid", new float[] {1}), new double[] {half}, new double[] {-half}, new double[] {0});
        double[][] expected = {{1, 1.0 / 3, 2.0 / 3, half}, {0, 2.0 / 3, 1.0 / 3, -half}, {0, 0.5, 0.5, 0}};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i][0], rows.get(i).<Double>getAs("prediction"), "row " + i);
            assertArrayEquals(new double[] {expected[i][1], expected[i][2]}, rows.get(i).<Vector>getAs("probability").toArray(), 1e-6);
            assertEquals(expected[i][3], rows.get(i).<Vector>getAs("rawPrediction").apply(1), 1e-6, "row " + i);
        }
        assertEquals(List.of("features", "prediction", "probability", "rawPrediction"),
                List.of(rows.get(0).schema().fieldNames()));
        assertEquals(List.of("0", "1"), BerasModel.of(new SavedModel(linear("sigmoid", new float[] {1}))).labels());

        List<Row> values = predicted(linear("linear", new float[] {1}), new double[] {2.5}, new double[] {-3});
        assertEquals(List.of("features", "prediction"), List.of(values.get(0).schema().fieldNames()));
        assertEquals(2.5, values.get(0).<Double>getAs("prediction"));
        assertEquals(-3.0, values.get(1).<Double>getAs("prediction"));
        assertEquals(List.of(), BerasModel.of(new SavedModel(linear("linear", new float[] {1}))).labels());
    }

    @Test
    void aLossOfLogitsTellsThatOutputsAreLogits() {
        float half = 0.6931472f; // ln 2
        Sequential one = linear("", new float[] {1});
        one.compile("adam", "binary_crossentropy(from_logits=true)");
        Row yes = predicted(one, new double[] {half}).get(0);
        assertEquals(1.0, yes.<Double>getAs("prediction"));
        assertArrayEquals(new double[] {1.0 / 3, 2.0 / 3}, yes.<Vector>getAs("probability").toArray(), 1e-6);
        assertArrayEquals(new double[] {-half, half}, yes.<Vector>getAs("rawPrediction").toArray(), 1e-6);
        Sequential scaled = new Sequential(1, new Input(2), new Rescaling(2, 0));
        SavedModel saved = new SavedModel(scaled).recipe(new Recipe().loss("cross-entropy(from_logits=true)"));
        Row two = predicted(saved, new double[] {0, 1.5}).get(0);
        assertArrayEquals(new double[] {-3, 3}, two.<Vector>getAs("rawPrediction").toArray());
        assertEquals(1 / (1 + Math.exp(-3)), two.<Vector>getAs("probability").apply(1), 1e-12);
    }

    @Test
    void logitsAreNoProbabilities() {
        Row three = predicted(linear("", new float[] {1, 2, 4}), new double[] {1}).get(0);
        double sum = Math.exp(1) + Math.exp(2) + Math.exp(4);
        assertArrayEquals(new double[] {Math.exp(1) / sum, Math.exp(2) / sum, Math.exp(4) / sum},
                three.<Vector>getAs("probability").toArray(), 1e-12);
        assertArrayEquals(new double[] {1, 2, 4}, three.<Vector>getAs("rawPrediction").toArray());
        assertEquals(2.0, three.<Double>getAs("prediction"));
        Row two = predicted(linear("linear", new float[] {1, 4}), new double[] {1}).get(0);
        assertArrayEquals(new double[] {-3, 3}, two.<Vector>getAs("rawPrediction").toArray());
        assertEquals(1 / (1 + Math.exp(-3)), two.<Vector>getAs("probability").apply(1), 1e-12);
        SavedModel cats = new SavedModel(linear("linear", new float[] {1})).preprocessor(new ImagePreprocessor(1, 1, 1,
                List.of("cat", "dog"), 1));
        Row dog = predicted(cats, new double[] {2}).get(0);
        assertEquals("dog", dog.getAs("predictedLabel"));
        assertArrayEquals(new double[] {-2, 2}, dog.<Vector>getAs("rawPrediction").toArray());
        assertEquals(1 / (1 + Math.exp(-2)), dog.<Vector>getAs("probability").apply(1), 1e-12);
    }

    @Test
    void aProbabilityOfZeroHasAFiniteScore() {
        Row sure = predicted(linear("sigmoid", new float[] {1}), new double[] {500}).get(0);
        assertEquals(1.0, sure.<Vector>getAs("probability").apply(1));
        double raw = sure.<Vector>getAs("rawPrediction").apply(1);
        assertTrue(raw > 100 && raw < 110, () -> "raw " + raw);
    }

    // ------------------------------------------------------------------------------------------------- model selection

    private static CrossValidatorModel validated(Dataset<Row> rows, BerasClassifier classifier, int parallelism) {
        ParamMap[] grid = new ParamGridBuilder().addGrid(classifier.optimizer(), CollectionConverters
                .asScala(List.of("sgd(1e-9)", "adam(0.05)"))).build();
        return new CrossValidator().setEstimator(classifier).setEstimatorParamMaps(grid).setNumFolds(2).setSeed(3)
                .setParallelism(parallelism)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy")).fit(rows);
    }

    @Test
    void aCrossValidatorChoosesRightlyAlsoInParallel() {
        Dataset<Row> rows = MadeRows.labelled(i -> 1.0 + MadeRows.sign(i)).cache();
        CrossValidatorModel alone = validated(rows, MadeRows.classifier(), 1);
        CrossValidatorModel parallel = validated(rows, MadeRows.classifier(), 2);
        assertTrue(alone.avgMetrics()[1] > 0.85 && alone.avgMetrics()[0] < 0.8, () -> Arrays.toString(alone.avgMetrics()));
        assertArrayEquals(alone.avgMetrics(), parallel.avgMetrics());
        assertEquals(((BerasModel) alone.bestModel()).weightsSha256(), ((BerasModel) parallel.bestModel()).weightsSha256());
        assertTrue(accuracy(parallel.transform(rows)) > 0.9);
        rows.unpersist();
    }

    @Test
    void aTrainValidationSplitChoosesRightly() {
        IntFunction<Double> label = i -> 3 * MadeRows.a(i) - 2 * MadeRows.b(i) + 7;
        Dataset<Row> rows = MadeRows.labelled(label).cache();
        BerasRegressor regressor = new BerasRegressor().setLayers("8:relu").setEnsemble(1).setBatchSize(32).setEpochs(6);
        ParamMap[] grid = new ParamGridBuilder().addGrid(regressor.optimizer(), CollectionConverters
                .asScala(List.of("sgd(1e-9)", "adam(0.05)"))).build();
        TrainValidationSplitModel chosen = new TrainValidationSplit().setEstimator(regressor).setEstimatorParamMaps(grid).setSeed(3)
                .setParallelism(2).setEvaluator(new RegressionEvaluator()).fit(rows);
        assertTrue(chosen.validationMetrics()[1] < 0.5 * chosen.validationMetrics()[0],
                () -> Arrays.toString(chosen.validationMetrics()));
        double r2 = new RegressionEvaluator().setMetricName("r2").evaluate(chosen.transform(rows));
        assertTrue(r2 > 0.9, () -> "r2 " + r2);
        assertEquals(List.of("a", "b", "label", "prediction"), List.of(chosen.transform(rows).columns()));
        rows.unpersist();
    }

    /** The label is turned over in an eighth of the rows, so that no honest model is right in all. */
    @Test
    void aColumnForTheEvaluatorDoesNotGiveTheAnswerAway() {
        Dataset<Row> rows = MadeRows.with(new StructType().add("answer", DataTypes.StringType),
                i -> new Object[] {(MadeRows.sign(i) == 1) == (i % 8 != 0) ? "yes" : "no"});
        Dataset<Row> indexed = new StringIndexer().setInputCol("answer").setOutputCol("answerIndex")
                .setStringOrderType("alphabetAsc").fit(rows).transform(rows).cache();
        BerasClassifier classifier = MadeRows.classifier().setLabelCol("answer");
        ParamMap[] grid = new ParamGridBuilder().addGrid(classifier.epochs(), new int[] {6}).build();
        CrossValidatorModel model = new CrossValidator().setEstimator(classifier).setEstimatorParamMaps(grid).setNumFolds(2)
                .setSeed(3).setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy")
                        .setLabelCol("answerIndex")).fit(indexed);
        double accuracy = model.avgMetrics()[0];
        assertTrue(accuracy > 0.7 && accuracy < 0.95, () -> "accuracy " + accuracy);
        assertEquals(List.of("a", "b"), ((BerasModel) model.bestModel()).saved().preprocessor().map(preprocessor ->
                ((beras.data.table.TablePreprocessor) preprocessor).schema().columns().stream()
                        .filter(column -> column.width() > 0).map(beras.data.table.TableColumn::name).toList()).orElseThrow());
        indexed.unpersist();
    }
}
