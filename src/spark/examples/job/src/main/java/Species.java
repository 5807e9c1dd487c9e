import beras.spark.BerasClassifier;
import beras.spark.BerasModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Learns the species of penguins, and predicts it for rows that were not trained on. */
public final class Species {

    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().appName("species").getOrCreate();
        Dataset<Row> rows = spark.read().option("header", true).option("inferSchema", true).csv(args[0])
                .withColumn("part", functions.expr("pmod(xxhash64(*), 10)")); // the same for a row whenever it is computed
        BerasModel model = new BerasClassifier().setLabelCol("species")
                .setInputCols("island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex")
                .setValidationIndicatorCol("validation").setEpochs(5)
                .fit(rows.where("part > 1").withColumn("validation", functions.expr("part = 2")));
        Dataset<Row> predicted = model.transform(rows.where("part <= 1"));
        predicted.select("species", "predictedLabel", "probability").write().parquet(args[1]);

        // What evaluators compare with `prediction`: the labels as numbers, in the order of the model.
        Dataset<Row> indexed = new StringIndexerModel(model.labels().toArray(new String[0])).setInputCol("species")
                .setOutputCol("label").transform(predicted);
        System.out.println("Accuracy on " + indexed.count() + " rows: "
                + new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(indexed));
    }

    private Species() {}
}
