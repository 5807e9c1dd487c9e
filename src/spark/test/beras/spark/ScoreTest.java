package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.layers.Dense;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Predictions by executors are those of one machine. */
@Tag("spark")
@ExtendWith(Cluster.class)
class ScoreTest {

    private static final Path PENGUINS = Path.of("data/penguins.csv");

    @TempDir
    static Path folder;
    private static SparkSession spark;
    private static Path file;
    private static TableModel table;
    private static float[][] expected; // what the net gives for each row of the file

    @BeforeAll
    static void train() throws Exception {
        spark = Cluster.session();
        file = folder.resolve("penguins.beras");
        table = TableTraining.of(PENGUINS, "species").change(recipe -> recipe.epochs(3)).fit();
        table.save(file);
        expected = outputs(table, PENGUINS);
    }

    private static float[][] outputs(TableModel model, Path rows) throws Exception {
        List<float[]> outputs = new ArrayList<>();
        TableSchema schema = model.schema();
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(rows), schema)) {
            while (reader.next(row, 0)) {
                outputs.add(model.model().predict(Tensor.wrap(row.clone(), 1, row.length)).toArray());
            }
        }
        return outputs.toArray(float[][]::new);
    }

    private static Dataset<Row> penguins(boolean typed) {
        return spark.read().option("header", true).option("inferSchema", typed).csv(PENGUINS.toString())
                .withColumn("order", functions.monotonically_increasing_id()).repartition(3);
    }

    private static void assertPredicted(Dataset<Row> predicted) {
        assertPredicted(predicted.orderBy("order").collectAsList());
    }

    private static void assertPredicted(List<Row> rows) {
        assertEquals(expected.length, rows.size());
        List<String> labels = ((TableTarget.Labels) table.schema().target()).labels();
        for (int i = 0; i < expected.length; i++) {
            double[] probabilities = rows.get(i).<Vector>getAs("probability").toArray();
            double[] wide = new double[expected[i].length];
            int best = 0;
            for (int c = 0; c < wide.length; c++) {
                wide[c] = expected[i][c];
                best = wide[c] > wide[best] ? c : best;
            }
            assertArrayEquals(wide, probabilities, "row " + i);
            assertEquals(best, rows.get(i).<Double>getAs("prediction"));
            assertEquals(StrictMath.log(wide[best]), rows.get(i).<Vector>getAs("rawPrediction").apply(best));
            assertEquals(labels.get(best), rows.get(i).getAs("predictedLabel"));
        }
    }

    /** The test's cluster does not ask for it: Spark does. */
    @Test
    void executorsHaveTheVectorModule() {
        assertTrue(new JavaSparkContext(spark.sparkContext()).parallelize(List.of(1), 1)
                .map(one -> ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()).first());
    }

    @Test
    void predictsTheBitsOfOneMachineFromTextAndFromTypedColumns() throws Exception {
        BerasModel model = BerasModel.fromFile(file.toString());
        assertPredicted(model.transform(penguins(false)));
        assertPredicted(model.transform(penguins(true)));
        assertEquals(ModelFile.weightsSha256(table.model()), model.weightsSha256());
    }

    @Test
    void columnsMayBeInAnyOrderAndEmptyPartitionsAreNone() throws Exception {
        BerasModel model = BerasModel.fromFile(file.toString());
        String[] names = penguins(true).columns();
        List<String> reversed = new ArrayList<>(Arrays.asList(names));
        Collections.reverse(reversed);
        assertPredicted(model.transform(penguins(true).select(reversed.stream().map(functions::col)
                .toArray(org.apache.spark.sql.Column[]::new)).repartition(7, functions.lit(1))));
        assertEquals(0, model.transform(penguins(true).where("order < 0")).count());
    }

    @Test
    void aStreamIsPredicted() throws Exception {
        BerasModel model = BerasModel.fromFile(file.toString());
        Path in = Files.createDirectory(folder.resolve("stream"));
        Files.copy(PENGUINS, in.resolve("one.csv"));
        StructType schema = penguins(false).drop("order").schema();
        Dataset<Row> stream = spark.readStream().option("header", true).schema(schema).csv(in.toString());
        StreamingQuery query = model.transform(stream).writeStream().format("memory").queryName("streamed")
                .trigger(org.apache.spark.sql.streaming.Trigger.AvailableNow()).start();
        query.awaitTermination();
        Dataset<Row> whole = model.transform(penguins(false).drop("order"));
        assertEquals(expected.length, spark.table("streamed").count());
        assertEquals(0, whole.exceptAll(spark.table("streamed")).count());
    }

    @Test
    void aSavedStageComesBackWithItsParameters() throws Exception {
        BerasModel model = BerasModel.fromFile(file.toString()).setPredictionCol("p").setProbabilityCol("")
                .setRawPredictionCol("");
        String place = folder.resolve("stage").toString();
        model.save(place);
        BerasModel loaded = BerasModel.load(place);
        assertEquals(model.uid(), loaded.uid());
        assertEquals(model.weightsSha256(), loaded.weightsSha256());
        assertEquals(List.of("order", "p", "predictedLabel"),
                Arrays.asList(loaded.transform(penguins(true)).drop(penguins(true).drop("order").columns()).columns()));
        BerasModel copied = loaded.copy(org.apache.spark.ml.param.ParamMap.empty());
        assertEquals("p", copied.getOrDefault(copied.predictionCol()));
        assertEquals(loaded.uid(), copied.uid());

        PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("species").setOutputCol("label").setStringOrderType("alphabetAsc"),
            BerasModel.fromFile(file.toString())}).fit(penguins(true));
        pipeline.write().overwrite().save(folder.resolve("pipeline").toString());
        Dataset<Row> predicted = PipelineModel.load(folder.resolve("pipeline").toString()).transform(penguins(true));
        double accuracy = new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
        assertEquals(table.evaluate(beras.data.table.TableFile.of(PENGUINS)).values().get("accuracy"), accuracy, 1e-12);
    }

    @Test
    void valuesAreInUnitsOfTheTable() throws Exception {
        TableModel values = TableTraining.of(PENGUINS, "body_mass_g").change(recipe -> recipe.epochs(2)).fit();
        float[][] outputs = outputs(values, PENGUINS);
        TableTarget.Regression target = (TableTarget.Regression) values.schema().target();
        Dataset<Row> predicted = BerasModel.of(values.saved()).transform(penguins(true));
        assertFalse(Arrays.asList(predicted.columns()).contains("probability"));
        List<Row> rows = predicted.orderBy("order").collectAsList();
        for (int i = 0; i < outputs.length; i++) {
            assertEquals(target.restore(outputs[i][0]), rows.get(i).<Double>getAs("prediction"));
        }
    }

    @Test
    void aNetWithoutATableTakesVectorsAndArrays() {
        Sequential net = new Sequential(7, new beras.layers.Input(3), new Dense(4, "softmax"));
        BerasModel model = BerasModel.of(new SavedModel(net));
        double[][] inputs = {{1, 2, 3}, {0, -1, 0.5}, {4, 0, 0}};
        List<Row> rows = Stream.of(inputs).map(x -> RowFactory.create(Vectors.dense(x), Vectors.dense(x).toSparse(), x)).toList();
        StructType schema = new StructType().add("features", SQLDataTypes.VectorType()).add("sparse", SQLDataTypes.VectorType())
                .add("doubles", DataTypes.createArrayType(DataTypes.DoubleType));
        Dataset<Row> data = spark.createDataFrame(rows, schema)
                .withColumn("floats", functions.expr("cast(doubles as array<float>)"))
                .withColumn("always", functions.expr("array(doubles[0], doubles[1], 1 * doubles[2])"));
        List<Dataset<Row>> predicted = new ArrayList<>(List.of(model.transform(data)));
        for (String column : List.of("sparse", "doubles", "floats", "always")) {
            predicted.add(model.copy(org.apache.spark.ml.param.ParamMap.empty()).setFeaturesCol(column).transform(data));
        }
        for (int i = 0; i < inputs.length; i++) {
            float[] outputs = net.predict(new float[][] {{(float) inputs[i][0], (float) inputs[i][1], (float) inputs[i][2]}})
                    .toArray();
            for (Dataset<Row> one : predicted) {
                double[] given = one.collectAsList().get(i).<Vector>getAs("probability").toArray();
                for (int c = 0; c < outputs.length; c++) {
                    assertEquals(outputs[c], given[c]);
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------- columns of each type

    private static SparkSession berlin() {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        return session;
    }

    @Test
    void cellsAreTheTextsOfAFile() {
        Dataset<Row> rows = berlin().sql("""
                select tinyint(-1) a, smallint(2) b, 3 c, 4L d, float(0.1) e, double(0.1) f, 1e22D g,
                    cast(12.5 as decimal(10, 2)) h, cast('12345678901234567890.5' as decimal(38, 1)) i, ' text ' j,
                    cast('some' as varchar(9)) k,
                    cast('any' as char(5)) l, true m, date'2024-02-29' n, timestamp'2024-06-30 22:00:00Z' o,
                    timestamp'2024-06-30 23:59:58.500001' p, timestamp_ntz'1969-12-31 23:59:58.5' q""");
        List<String> names = List.of(rows.columns());
        Cells cells = new Cells(rows.schema(), names, "Europe/Berlin");
        for (Dataset<Row> one : List.of(rows, rows.where("a > 0").unionAll(rows.select(names.stream()
                .map(name -> functions.lit(null).cast(rows.schema().apply(name).dataType()).as(name))
                .toArray(org.apache.spark.sql.Column[]::new))))) {
            List<String> texts = one.as(WholeRow.taken(one.schema())).javaRDD()
                    .flatMap(row -> List.of(cells.texts(row)).iterator()).collect();
            assertEquals(one == rows ? List.of("-1", "2", "3", "4", "0.1", "0.1", "1.0E22", "12.50", "12345678901234567890.5",
                    "text", "some", "any", "true", "2024-02-29", "2024-07-01T00:00", "2024-06-30T23:59:58.500001",
                    "1969-12-31T23:59:58.500") : Collections.nCopies(names.size(), ""), texts);
        }
    }

    @Test
    void valuesOfEachTypeArePredictedAsTheirTextsAre() throws Exception {
        Path csv = folder.resolve("types.csv");
        List<String> lines = new ArrayList<>(List.of("id,small,whole,large,real,number,money,text,flag,day,moment,local,label"));
        for (int i = 0; i < 60; i++) {
            lines.add(i + (i % 20 == 7 ? ",".repeat(11) : "," + i % 5 + "," + i * 7 % 11 + "," + (1L << 40 | i) + "," + i % 9
                    + ".1," + i % 13 + ".7," + i % 8 + ".25," + "abc".charAt(i % 3) + "," + (i % 4 == 0) + ",2024-0" + (1 + i % 9)
                    + "-17,2024-06-1" + i % 9 + "T2" + i % 4 + ":30:00,2023-12-1" + i % 9 + "T0" + i % 7 + ":15:00")
                    + "," + "xyz".charAt(i * i % 7 % 3));
        }
        Files.write(csv, lines);
        TableModel model = TableTraining.of(csv, "label").change(recipe -> recipe.epochs(2)).fit();
        float[][] outputs = outputs(model, csv);
        Dataset<Row> texts = berlin().read().option("header", true).csv(csv.toString());
        Dataset<Row> typed = texts.selectExpr("int(id)", "tinyint(small)", "smallint(whole)", "bigint(large)", "float(real)",
                "double(number)", "cast(money as decimal(5, 2)) money", "cast(text as varchar(9)) text", "boolean(flag)",
                "date(day)", "timestamp(moment)", "cast(local as timestamp_ntz) local", "label");
        for (Dataset<Row> rows : List.of(texts, typed)) {
            List<Row> predicted = BerasModel.of(model.saved()).transform(rows).orderBy(functions.expr("int(id)"))
                    .collectAsList();
            for (int i = 0; i < outputs.length; i++) {
                double[] probabilities = predicted.get(i).<Vector>getAs("probability").toArray();
                for (int c = 0; c < probabilities.length; c++) {
                    assertEquals(outputs[i][c], probabilities[c], lines.get(i + 1));
                }
            }
        }
    }

    private static Dataset<Row> odd() {
        return penguins(true).selectExpr("island as `a.b`", "*", "struct(sex as `x.y`, array(order, null) as list) nested",
                "map(island, array(order)) many", "cast(island as binary) bytes", "cast(order as decimal(30, 10)) money",
                "date_add(date'2024-01-02', int(order)) day", "timestamp'2024-01-02 03:04:05' moment",
                "cast('2024-01-02 03:04:05' as timestamp_ntz) local", "make_dt_interval(int(order)) took")
                .withColumn("vector", org.apache.spark.ml.functions.array_to_vector(functions.expr("array(1d, double(order))")))
                .withColumn("described", functions.col("order").as("described",
                        new MetadataBuilder().putString("a", "b").build()));
    }

    private static void assertPassed(BerasModel model, Dataset<Row> rows) {
        Dataset<Row> predicted = model.transform(rows);
        assertEquals(model.transformSchema(rows.schema()), predicted.schema());
        List<Row> before = rows.orderBy("order").collectAsList();
        List<Row> after = predicted.orderBy("order").collectAsList();
        assertEquals(before.size(), after.size());
        for (int i = 0; i < before.size(); i++) {
            Object[] values = new Object[before.get(i).size()];
            for (int c = 0; c < values.length; c++) {
                values[c] = after.get(i).get(c);
            }
            assertEquals(before.get(i), RowFactory.create(values));
        }
        assertPredicted(after);
    }

    @Test
    void otherColumnsPassThroughAsTheyAre() throws Exception {
        BerasModel model = BerasModel.fromFile(file.toString());
        Dataset<Row> odd = odd();
        assertPassed(model, odd.selectExpr("*", "null as nothing", "make_interval(1, 2) as gap", "parse_json('[1]') as variant"));
        Dataset<Row> cached = odd.cache();
        assertPassed(model, cached);
        cached.unpersist();
        String place = folder.resolve("odd.parquet").toString();
        odd.write().parquet(place);
        assertPassed(model, spark.read().parquet(place));
        assertPassed(model, odd.withColumn("text", functions.expr("repeat(island, int(order * 7 % 90))")).coalesce(1));
        String[] more = IntStream.range(0, 120).mapToObj(i -> "order + " + i + " as more" + i).toArray(String[]::new);
        Dataset<Row> wide = odd.selectExpr(Stream.concat(Stream.of("*"), Stream.of(more)).toArray(String[]::new));
        assertPassed(model, wide);
    }

    @Test
    void aColumnMayBeThereTwice() throws Exception {
        Dataset<Row> twice = penguins(true).select("species", "species", "*");
        assertPassed(BerasModel.fromFile(file.toString()), twice);
    }

    @Test
    void predictionsAreSelectedFilteredAndPredictedFrom() throws Exception {
        BerasModel model = BerasModel.fromFile(file.toString());
        Dataset<Row> predicted = model.transform(odd());
        List<Row> some = predicted.where("prediction = 1 and `a.b` = 'Dream'").select("order", "predictedLabel", "nested.`x.y`")
                .orderBy("order").collectAsList();
        assertEquals(predicted.orderBy("order").collectAsList().stream()
                .filter(row -> row.<Double>getAs("prediction") == 1 && row.getAs("a.b").equals("Dream"))
                .map(row -> RowFactory.create(row.<Long>getAs("order"), row.getAs("predictedLabel"),
                        row.<Row>getAs("nested").get(0)))
                .toList(), some);
        assertFalse(some.isEmpty());
        BerasModel again = BerasModel.fromFile(file.toString()).setPredictionCol("p").setProbabilityCol("q")
                .setRawPredictionCol("r").setPredictedLabelCol("l");
        for (Dataset<Row> between : List.of(predicted, predicted.drop("a.b", "species"))) {
            assertEquals(expected.length, again.transform(between).where("p = prediction and q = probability and r = rawPrediction and"
                    + " l = predictedLabel").count());
        }
    }

    // ------------------------------------------------------------------------------------------------------ bad input

    private static String refused(Dataset<Row> rows) {
        BerasModel model;
        try {
            model = BerasModel.fromFile(file.toString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return assertThrows(IllegalArgumentException.class, () -> model.transform(rows)).getMessage();
    }

    @Test
    void aColumnThatLacksOrIsOfAnotherTypeIsNamedBeforeAnythingRuns() {
        assertTrue(refused(penguins(true).drop("island")).startsWith("Expected a column \"island\", which the model needs."
                + " Received the columns: "));
        assertEquals("Column \"bill_length_mm\": expected numbers, or text that says such. Received: array<int>",
                refused(penguins(true).withColumn("bill_length_mm", functions.array(functions.lit(1)))));
        assertEquals("Column \"bill_length_mm\": expected numbers, or text that says such. Received: boolean",
                refused(penguins(true).withColumn("bill_length_mm", functions.lit(true))));
        assertEquals("Column \"island\": expected text, numbers, booleans or dates. Received: binary",
                refused(penguins(true).withColumn("island", functions.lit(new byte[1]))));
        assertTrue(refused(penguins(true).withColumn("Prediction", functions.lit(1)))
                .startsWith("There is a column \"prediction\" already"));
    }

    @Test
    void nullsAreMissingValuesAsInAFile() throws Exception {
        Path gaps = folder.resolve("gaps.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(PENGUINS).subList(0, 3));
        String[] names = lines.get(0).split(",");
        lines.add(",".repeat(names.length - 1));
        Files.write(gaps, lines);
        float[] missing = outputs(table, gaps)[2];
        Dataset<Row> nulls = penguins(true).where("order = 0");
        for (String name : names) {
            nulls = nulls.withColumn(name.strip(), functions.lit(null).cast(nulls.schema().apply(name.strip()).dataType()));
        }
        double[] given = BerasModel.fromFile(file.toString()).transform(nulls).first().<Vector>getAs("probability").toArray();
        for (int c = 0; c < missing.length; c++) {
            assertEquals(missing[c], given[c]);
        }
    }

    @Test
    void aWrongRowFailsTheJobAndLeavesNoOutput() {
        Sequential net = new Sequential(7, new beras.layers.Input(2), new Dense(2, "softmax"));
        List<Row> rows = List.of(RowFactory.create(Vectors.dense(1, 2)), RowFactory.create(Vectors.dense(1, 2, 3)));
        Dataset<Row> data = spark.createDataFrame(rows, new StructType().add("features", SQLDataTypes.VectorType()));
        Path out = folder.resolve("output");
        Exception e = assertThrows(Exception.class, () -> BerasModel.of(new SavedModel(net)).transform(data)
                .select("prediction").write().parquet(out.toString()));
        assertSays("Row \"[[1.0,2.0,3.0]]\": Column \"features\": expected the 2 numbers that the model takes. Received: 3"
                + " numbers", e);
        assertFalse(Files.exists(out.resolve("_SUCCESS")));
        assertTrue(out.toFile().list() == null || Stream.of(out.toFile().list()).noneMatch(name -> name.startsWith("part-")));
    }

    private static void assertSays(String expected, Throwable e) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage());
        }
        assertTrue(messages.toString().contains(expected), messages::toString);
    }

    @Test
    void aRowThatCannotBePredictedIsNamedWithItsValues() {
        BerasModel model = BerasModel.of(new SavedModel(new Sequential(7, new beras.layers.Input(2), new Dense(2, "softmax"))));
        for (String[] one : new String[][] {
            {"cast(null as array<double>)", "null", "the 2 numbers that the model takes. Received: null"},
            {"array(1f, null)", "ArraySeq(1.0, null)", "numbers. Received: null as number 1"},
            {"array(1d)", "ArraySeq(1.0)", "the 2 numbers that the model takes. Received: 1 numbers"}}) {
            Dataset<Row> rows = spark.sql("select 'a' name, date'2024-02-29' day, 1.50 price, " + one[0] + " features");
            assertSays("Row \"[a,2024-02-29,1.50," + one[1] + "]\": Column \"features\": expected " + one[2],
                    assertThrows(Exception.class, () -> model.transform(rows).collect()));
        }
    }

    @Test
    void nothingRunsBeforeItIsAskedFor() throws Exception {
        Dataset<Row> failing = penguins(true).withColumn("island", functions.expr("raise_error('it ran')").cast("string"));
        Dataset<Row> predicted = BerasModel.fromFile(file.toString()).transform(failing);
        assertSays("it ran", assertThrows(Exception.class, predicted::collect));
    }

    @Test
    void whatIsNoModelIsRefused() throws Exception {
        assertThrows(ModelFormatException.class, () -> BerasModel.fromFile(PENGUINS.toString()));
        assertThrows(java.nio.file.NoSuchFileException.class, () -> BerasModel.fromFile(folder.resolve("none").toString()));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BerasModel.load(file.toString())).getMessage()
                .endsWith("A model file is read by BerasModel.fromFile"));
        Path half = Files.createDirectory(folder.resolve("half"));
        Files.copy(file, half.resolve("model.beras"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BerasModel.load(half.toString())).getMessage()
                .contains("one without metadata"));
    }

    @Test
    void aModelThatTheDriverCannotSendIsRefusedFirst() {
        assertEquals("A model of 500 MB takes about 1500 MB of the driver's heap to be sent to executors. Received: a heap"
                + " of 1024 MB."
                + " Start Spark with a larger --driver-memory", assertThrows(IllegalArgumentException.class,
                        () -> BerasModel.requireRoom(500L << 20, 1024L << 20)).getMessage());
        BerasModel.requireRoom(300L << 20, 1024L << 20);
    }

    @Test
    void severalOutputsAreRefused() {
        Sequential images = Sequential.of(new Recipe().layers("conv:2x3:relu"), Shape.of(8, 8, 1));
        assertThrows(IllegalArgumentException.class, () -> BerasModel.of(new SavedModel(images)));
    }
}
