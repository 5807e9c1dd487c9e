/**
 * BERAS on Apache Spark: prediction of tables of any size, search of settings, and training by the executors of a cluster,
 * bit-identical to a single machine.
 *
 * <p>In {@code beras-spark.jar}, which {@code mvn -Pspark package} makes; {@code src/spark/README.md} has the guide.
 */
package beras.spark;
