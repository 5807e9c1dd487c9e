"""Predicts the rows of a table with a model of BERAS, from PySpark.

  pyspark --jars beras-spark.jar < src/spark/examples/score.py
  spark-submit --jars beras-spark.jar src/spark/examples/score.py model.beras rows.csv predictions

PySpark calls BERAS through its gateway to the JVM: what the Java API says holds here, too.
"""

import sys

from pyspark.sql import DataFrame, SparkSession


def predict(spark, model_file, rows):
    """The rows with what the model says about them."""
    model = spark._jvm.beras.spark.BerasModel.fromFile(model_file)
    return DataFrame(model.transform(rows._jdf), spark)


def train(spark, rows, label, inputs, epochs):
    """A model of BERAS that was trained on these columns; predict with its transform, labels() is the order of the classes."""
    names = spark.sparkContext._gateway.new_array(spark._jvm.String, len(inputs))
    for i, name in enumerate(inputs):
        names[i] = name
    return spark._jvm.beras.spark.BerasClassifier().setLabelCol(label).setInputCols(names).setEpochs(epochs).fit(rows._jdf)


if __name__ == "__main__":
    spark = SparkSession.builder.appName("BERAS").getOrCreate()
    model_file, table, out = sys.argv[1:4]
    rows = spark.read.option("header", True).csv(table)
    predict(spark, model_file, rows).drop("probability", "rawPrediction").write.option("header", True).csv(out)
    spark.stop()
