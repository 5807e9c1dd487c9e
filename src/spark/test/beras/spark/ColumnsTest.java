package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.data.table.NumericColumn;
import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which columns are learnt from, which rows count how much, and which of them choose the epoch. */
@Tag("spark")
@ExtendWith(Cluster.class)
class ColumnsTest {

    private static BerasClassifier classifier() {
        return MadeRows.classifier().setEpochs(3);
    }

    /** Rows with an identifier, a weight, an indicator and the label. */
    private static Dataset<Row> rows() {
        return MadeRows.with(new StructType().add("other", DataTypes.DoubleType).add("one", DataTypes.DoubleType)
                .add("weight", DataTypes.DoubleType).add("check", DataTypes.BooleanType).add("label", DataTypes.IntegerType),
                i -> new Object[] {i * 29 % 83 / 10.0, 1.0, i % 4 * 0.5, i % 5 == 0, MadeRows.sign(i)});
    }

    private static TableSchema schema(BerasModel model) {
        return ((TablePreprocessor) model.saved().preprocessor().orElseThrow()).schema();
    }

    private static List<String> learnt(BerasModel model) {
        return schema(model).columns().stream().filter(column -> column.width() > 0).map(TableColumn::name).toList();
    }

    // ----------------------------------------------------------------------------------------------------- inputs

    @Test
    void inputColsAreLearntFromAndNoOthersAreRead() {
        Dataset<Row> rows = rows().withColumn("list", functions.array(functions.lit(1))).withColumn("failing",
                functions.expr("raise_error('it was read')"));
        BerasModel model = classifier().setInputCols("b", "a").fit(rows);
        assertEquals(List.of("b", "a"), learnt(model));
        assertEquals(model.weightsSha256(), classifier().fit(rows().select("b", "a", "label")).weightsSha256());
        assertEquals(MadeRows.COUNT, model.transform(rows.select("a", "b")).count());
    }

    @Test
    void theNumbersOfVectorsAreLearntFromAsColumnsAre() {
        Dataset<Row> vectors = new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features")
                .transform(rows());
        BerasModel model = classifier().setFeaturesCol("features").fit(vectors);
        String ofColumns = classifier().setInputCols("a", "b").fit(vectors).weightsSha256();
        assertEquals(List.of("a", "b"), learnt(model));
        assertEquals(ofColumns, model.weightsSha256());
        BerasModel arrays = classifier().setFeaturesCol("list").fit(rows().withColumn("list", functions.array("a", "b")));
        assertEquals(List.of("list[0]", "list[1]"), learnt(arrays));
        assertEquals(ofColumns, arrays.weightsSha256());
        BerasModel byNames = BerasModel.of(model.saved());
        List<Row> expected = byNames.transform(rows()).orderBy("a", "b").select("probability").collectAsList();
        assertEquals(expected, model.transform(vectors).orderBy("a", "b").select("probability").collectAsList());
        assertEquals(expected, byNames.setFeaturesCol("list").transform(rows().withColumn("list", functions.array("a", "b")))
                .orderBy("a", "b").select("probability").collectAsList());
    }

    @Test
    void notANumberInAVectorIsAMissingValue() {
        Dataset<Row> vectors = rows().withColumn("list", functions.expr("array(if(other < 2, double('NaN'), a), b, 7d)"));
        BerasModel model = classifier().setFeaturesCol("list").fit(vectors);
        NumericColumn first = (NumericColumn) schema(model).columns().get(0);
        assertEquals(vectors.where("other < 2").count(), first.missing());
        assertEquals(List.of("list[0]", "list[0] is missing", "list[1]"),
                schema(model).featureNames().stream().filter(name -> !name.contains(" from ")).toList());
        Dataset<Row> columns = rows().withColumn("list[0]", functions.expr("if(other < 2, null, a)")).withColumnRenamed("b",
                "list[1]");
        assertEquals(BerasModel.of(model.saved()).transform(columns).orderBy("a", "other").select("probability").collectAsList(),
                model.transform(vectors).orderBy("a", "other").select("probability").collectAsList());
    }

    @Test
    void floatsInArraysAreTheNumbersThatTheyAreWrittenAs() {
        Dataset<Row> floats = rows().withColumn("list", functions.expr("array(float(a), float(b))"));
        assertEquals(classifier().setInputCols("x", "y").fit(floats.selectExpr("float(a) x", "float(b) y", "label"))
                .weightsSha256(), classifier().setFeaturesCol("list").fit(floats).weightsSha256());
    }

    @Test
    void aPipelineOfVectorsIsSavedAndLoaded(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) throws Exception {
        PipelineModel model = new Pipeline().setStages(new PipelineStage[] {
            new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features"),
            classifier().setFeaturesCol("features").setRawPredictionCol("raw")}).fit(rows());
        model.write().save(folder.resolve("pipeline").toString());
        Dataset<Row> predicted = PipelineModel.load(folder.resolve("pipeline").toString()).transform(rows());
        assertEquals(model.transform(rows()).orderBy("a", "b").select("raw", "prediction").collectAsList(),
                predicted.orderBy("a", "b").select("raw", "prediction").collectAsList());
    }

    // ----------------------------------------------------------------------------------------------------- weights

    @Test
    void weightsDecideHowMuchRowsCount() {
        Dataset<Row> rows = rows();
        BerasClassifier plain = classifier().setInputCols("a", "b");
        String unweighted = plain.fit(rows).weightsSha256();
        assertEquals(unweighted, plain.copy(org.apache.spark.ml.param.ParamMap.empty()).setWeightCol("one").fit(rows)
                .weightsSha256());
        assertNotEquals(unweighted, classifier().setInputCols("a", "b").setWeightCol("weight").fit(rows).weightsSha256());
        // rows that count nothing might as well say the opposite
        Dataset<Row> turned = rows.withColumn("label", functions.expr("if(weight = 0, 1 - label, label)"));
        Dataset<Row> heavy = rows.withColumn("weight", functions.expr("if(label = 1, 1000, 0.001)"));
        BerasModel ones = MadeRows.classifier().setInputCols("a", "b").setWeightCol("weight").fit(heavy);
        assertTrue(ones.transform(rows).where("prediction = 1").count() > MadeRows.COUNT * 0.9);
        BerasModel right = MadeRows.classifier().setInputCols("a", "b").setEpochs(12).setWeightCol("weight").fit(turned);
        assertTrue(right.transform(rows).where("prediction = label").count() > MadeRows.COUNT * 0.9);
    }

    @Test
    void weightsAreNoFeatureUnasked() {
        Dataset<Row> rows = rows();
        TableSchema schema = schema(classifier().setWeightCol("weight").setValidationIndicatorCol("check").setEpochs(1).fit(rows));
        assertEquals(List.of("a", "b", "other", "one"), schema.columns().stream().map(TableColumn::name).toList());
    }

    @Test
    void weightsThatMakeNoSenseAreRefused() {
        for (String[] wrong : new String[][] {{"-1", "Received: -1.0"}, {"double('NaN')", "Received: NaN"}, {"null", "Received: null"},
            {"double('Infinity')", "Received: Infinity"}}) {
            Dataset<Row> rows = rows().withColumn("weight", functions.expr("if(other = 2.9, " + wrong[0] + ", weight)"));
            String message = refused(classifier().setWeightCol("weight"), rows);
            assertTrue(message.startsWith("The DataFrame: column \"weight\": expected weights that are finite and at least 0"), message);
            assertTrue(message.endsWith(wrong[1]), message);
        }
        assertTrue(refused(classifier().setWeightCol("weight"), rows().withColumn("weight", functions.lit(0)))
                .contains("expected a row to train on of a weight above 0"));
    }

    /** Whatever else they have not. */
    @Test
    void rowsWithoutALabelAreLeftOut() {
        Dataset<Row> rows = rows().withColumn("word", functions.expr("if(label = 1, 'yes', 'no')"));
        Dataset<Row> more = rows.unionByName(rows.limit(9).withColumn("label", functions.expr("cast(null as int)"))
                .withColumn("weight", functions.expr("cast(null as double)")).withColumn("check", functions.expr("cast(null as boolean)"))
                .withColumn("word", functions.lit("perhaps")));
        BerasModel expected = classifier().setWeightCol("weight").setValidationIndicatorCol("check").fit(rows);
        BerasModel model = classifier().setWeightCol("weight").setValidationIndicatorCol("check").fit(more);
        assertEquals(expected.weightsSha256(), model.weightsSha256());
        assertEquals(List.of("a", "b", "other"), learnt(model));
        assertEquals(expected.saved().provenance().get("validation_losses"), model.saved().provenance().get("validation_losses"));
    }

    private static String refused(BerasEstimator<?> estimator, Dataset<Row> rows) {
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> estimator.fit(rows));
        assertTrue(e.getCause() instanceof DataException, e::toString);
        return e.getCause().getMessage();
    }

    // -------------------------------------------------------------------------------------------------- validation

    private static double[] numbers(BerasModel model, String name) {
        return Arrays.stream(model.saved().provenance().get(name).replaceAll("[\\[\\] ]", "").split(","))
                .mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void rowsToValidateAreNotTrainedOn() {
        Dataset<Row> rows = rows();
        BerasModel validated = classifier().setInputCols("a", "b").setValidationIndicatorCol("check").setPatience(0).fit(rows);
        assertEquals(classifier().setInputCols("a", "b").fit(rows.where("not check")).weightsSha256(), validated.weightsSha256());
        assertEquals(rows.where("not check").count(), schema(validated).rows());
        assertEquals(rows.where("check").count(), Long.parseLong(validated.saved().provenance().get("validation_examples")));
        assertEquals(3, numbers(validated, "validation_losses").length);
    }

    @Test
    void theValidationLossIsThatOfTheModelOnTheseRows() {
        BerasModel model = classifier().setInputCols("a", "b").setValidationIndicatorCol("check").setPatience(0)
                .setWeightCol("weight").fit(rows());
        List<Row> checked = rows().where("check").collectAsList();
        TablePreprocessor table = new TablePreprocessor(schema(model));
        float[] targets = new float[checked.size() * 2];
        float[] weights = new float[checked.size()];
        List<List<Double>> inputs = new ArrayList<>();
        for (Row row : checked) {
            targets[2 * inputs.size() + row.<Integer>getAs("label")] = 1;
            weights[inputs.size()] = (float) row.<Double>getAs("weight").doubleValue();
            inputs.add(List.of(row.getAs("a"), row.getAs("b")));
        }
        model.saved().model().compile("sgd", "categorical_crossentropy");
        double loss = model.saved().model().evaluate(Examples.of(List.of(table.encodeAll(inputs)),
                List.of(Tensor.wrap(targets, checked.size(), 2)), Tensor.wrap(weights, checked.size()))).loss();
        double[] losses = numbers(model, "validation_losses");
        assertEquals(loss, losses[losses.length - 1], 1e-9);
    }

    @Test
    void trainingStopsEarlyAndKeepsTheWeightsOfTheBestEpoch() {
        Dataset<Row> rows = rows();
        BerasClassifier restless = classifier().setInputCols("a", "b").setOptimizer("adam(0.7)").setEpochs(40)
                .setValidationIndicatorCol("check").setPatience(3);
        BerasModel model = restless.fit(rows);
        double[] losses = numbers(model, "validation_losses");
        int best = Integer.parseInt(model.saved().provenance().get("best_epoch"));
        assertTrue(losses.length < 40, () -> losses.length + " epochs");
        assertEquals(losses.length, best + 3);
        assertEquals(Arrays.stream(losses).min().orElseThrow(), losses[best - 1]);
        BerasModel untilThen = classifier().setInputCols("a", "b").setOptimizer("adam(0.7)").setEpochs(best)
                .setValidationIndicatorCol("check").setPatience(0).fit(rows);
        assertEquals(untilThen.weightsSha256(), model.weightsSha256());
        assertTrue(model.saved().provenance().get("losses").startsWith(untilThen.saved().provenance().get("losses")
                .replace("]", "")));
    }

    @Test
    void anIndicatorThatTellsNothingIsRefused() {
        assertTrue(refused(classifier().setValidationIndicatorCol("check"), rows().withColumn("check",
                functions.expr("if(other = 2.9, null, check)"))).startsWith("The DataFrame: column \"check\": expected true for validation"
                        + " rows"));
        assertTrue(wrong(classifier().setValidationIndicatorCol("check"), rows().withColumn("check", functions.lit(false)))
                .startsWith("Expected validation rows, for which column \"check\" is true. Received: none"));
    }

    // ----------------------------------------------------------------------------------------------------- leaks

    /** What a class logs as warnings while it works. */
    private static List<String> warnings(Class<?> logger, Runnable work) {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {

            @Override
            public void publish(LogRecord logged) {
                if (logged.getLevel() == Level.WARNING) {
                    warnings.add(logged.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger held = Logger.getLogger(logger.getName()); // else it may be collected, with its handlers
        held.addHandler(handler);
        try {
            work.run();
        } finally {
            held.removeHandler(handler);
        }
        return warnings;
    }

    @Test
    void aColumnThatIsTheLabelInOtherWordsIsLeftOutUnlessItIsAskedFor() {
        Dataset<Row> rows = rows().drop("one", "weight", "check").withColumn("word", functions.expr("if(label = 1, 'yes', 'no')"));
        BerasModel[] model = new BerasModel[1];
        List<String> warnings = warnings(BerasClassifier.class, () -> model[0] = classifier().setEpochs(1).fit(rows));
        assertEquals(List.of("a", "b", "other"), learnt(model[0]));
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("Column \"word\" is left out: it determines the target by itself"), warnings.get(0));
        assertTrue(schema(model[0]).remarks().stream().anyMatch(remark -> remark.text().equals(warnings.get(0))),
                "the model's file does not tell it");
        assertEquals(MadeRows.COUNT, model[0].transform(rows.drop("word")).count());

        for (BerasClassifier asked : List.of(classifier().setInputCols("a", "word"), classifier().setColumnTypes("word=category"))) {
            List<String> still = warnings(BerasClassifier.class, () -> model[0] = asked.setEpochs(1).fit(rows));
            assertTrue(learnt(model[0]).contains("word"));
            assertTrue(still.size() == 1 && still.get(0).startsWith("Column \"word\": determines the target by itself"),
                    still::toString);
        }
        assertTrue(refused(classifier(), rows.select("word", "label")).contains("expected a column to learn from, besides the"
                + " target. Received: none. Column \"word\" is left out"));
    }

    // ---------------------------------------------------------------------------------------------------- refusals

    private static String wrong(BerasEstimator<?> estimator, Dataset<Row> rows) {
        String message = assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows)).getMessage();
        return message;
    }

    /** By the schema alone, as a pipeline asks before it fits anything. */
    private static String wrongSchema(BerasEstimator<?> estimator, Dataset<Row> rows) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> estimator.transformSchema(rows.schema())).getMessage();
        assertEquals(message, wrong(estimator, rows));
        return message;
    }

    @Test
    void whatColumnsCannotBeIsToldBeforeAnythingRuns() {
        Dataset<Row> rows = rows().withColumn("kind", functions.lit("a")).withColumn("list", functions.array("a", "b"));
        String[] inputs = {"a", "b"};
        assertEquals("Column \"kind\": expected numbers, as weights. Received: string",
                wrongSchema(classifier().setInputCols(inputs).setWeightCol("kind"), rows));
        assertEquals("Column \"one\": expected booleans, which tell the validation rows. Received: double",
                wrongSchema(classifier().setInputCols(inputs).setValidationIndicatorCol("one"), rows));
        assertEquals("Column \"a\": expected vectors, or arrays of floats or doubles. Received: double",
                wrongSchema(classifier().setFeaturesCol("a"), rows));
        assertEquals("Column \"check\": expected numbers, or text that says such, as the label of a regression. Received: boolean",
                wrongSchema(new BerasRegressor().setInputCols(inputs).setLabelCol("check"), rows));
        assertTrue(wrongSchema(classifier(), rows).startsWith("Column \"list\": expected numbers, text, booleans or dates."
                + " Received: array<double>. Drop it"));
        Dataset<Row> vectors = new VectorAssembler().setInputCols(inputs).setOutputCol("vectors").transform(rows.drop("list"));
        assertTrue(wrongSchema(classifier(), vectors).endsWith("Vectors are learnt from as featuresCol; else drop it, or name the"
                + " columns to learn from in inputCols"));
        for (String missing : List.of("labelCol", "weightCol", "validationIndicatorCol", "featuresCol")) {
            BerasClassifier estimator = missing.equals("featuresCol") ? classifier() : classifier().setInputCols(inputs);
            estimator.set(estimator.getParam(missing), "nowhere");
            assertTrue(wrongSchema(estimator, rows).startsWith("Expected a column \"nowhere\", "), missing);
        }
        assertTrue(wrongSchema(classifier().setInputCols("a", "nowhere"), rows).startsWith("Expected a column \"nowhere\", to"));
        assertTrue(wrongSchema(classifier(), rows.select("label")).startsWith("Expected a column to learn from, besides [label]"));
    }

    @Test
    void aColumnIsForOneThing() {
        Dataset<Row> rows = rows();
        assertEquals("A column is for one thing. Received \"label\" as labelCol and as inputCols",
                wrongSchema(classifier().setInputCols("a", "label"), rows));
        assertEquals("A column is for one thing. Received \"label\" as labelCol and as weightCol",
                wrongSchema(classifier().setWeightCol("label"), rows));
        assertTrue(wrongSchema(classifier().setInputCols("a").setFeaturesCol("b"), rows).startsWith("A net learns from"
                + " featuresCol or from inputCols. Received both"));
        assertTrue(wrongSchema(classifier(), rows.select("a", "a", "label")).contains("Received: 2 columns \"a\""));
        assertTrue(wrongSchema(classifier(), rows.withColumnRenamed("a", " a")).contains("without spaces around it. Received: \" a\""));
        assertTrue(wrongSchema(classifier().setColumnTypes("label=category"), rows).startsWith("columnTypes are of columns to learn"));
        assertTrue(wrongSchema(classifier().setInputCols("a").setColumnTypes("b=category"), rows).startsWith("columnTypes are of"));
        Dataset<Row> vectors = new VectorAssembler().setInputCols(new String[] {"a", "label"}).setOutputCol("vectors")
                .transform(rows);
        assertTrue(wrong(classifier().setFeaturesCol("vectors"), vectors).startsWith("Column \"vectors\" has the label \"label\""
                + " among its numbers"));
        assertTrue(wrongSchema(classifier().setFeaturesCol("vectors").setColumnTypes("a=category"), vectors)
                .startsWith("columnTypes are of columns, and the numbers of a vector have none"));
    }

    @Test
    void columnsToAddMustNotBeThere() {
        Dataset<Row> rows = rows();
        for (String added : List.of("prediction", "probability", "rawPrediction", "predictedLabel")) {
            assertTrue(wrongSchema(classifier(), rows.withColumn(added.toUpperCase(java.util.Locale.ROOT), functions.lit(1)))
                    .startsWith("There is a column \"" + added + "\" already: choose another " + added + "Col"));
        }
        assertTrue(wrongSchema(classifier().setProbabilityCol("prediction"), rows).contains("choose another probabilityCol"));
        assertEquals(List.of("p"), List.of(classifier().setPredictionCol("p").setProbabilityCol("").setRawPredictionCol("")
                .setPredictedLabelCol("").transformSchema(rows.schema()).fieldNames()).subList(7, 8));
        assertEquals(List.of("a", "b", "label", "prediction"), List.of(new BerasRegressor().transformSchema(rows.select("a", "b",
                "label").schema()).fieldNames()));
        BerasClassifier all = classifier().setEpochs(0);
        assertEquals(List.of(all.transformSchema(rows.schema()).fieldNames()), List.of(all.fit(rows).transform(rows).columns()));
    }

    @Test
    void aVectorThatDoesNotFitEndsTheTraining() {
        Dataset<Row> uneven = rows().withColumn("list", functions.expr("if(other = 2.9, array(a), array(a, b))"));
        Exception e = assertThrows(Exception.class, () -> classifier().setFeaturesCol("list").fit(uneven.orderBy("other")));
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage());
        }
        assertTrue(messages.toString().contains("Column \"list\": expected the "), messages::toString);
        assertTrue(refused(classifier().setFeaturesCol("list"), uneven.withColumn("list", functions.expr("cast(null as"
                + " array<double>)"))).contains("with numbers in column \"list\". Received: none"));
        BerasModel mixed = classifier().setEpochs(0).fit(rows().drop("check").withColumn("kind", functions.expr("if(a > b, 'x', 'y')")));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> mixed.setFeaturesCol("list").transformSchema(uneven.schema()))
                .getMessage().contains("whose column \"kind\" is a category"));
    }
}
