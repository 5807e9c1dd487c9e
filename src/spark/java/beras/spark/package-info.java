/**
 * BERAS as a guest of Apache Spark: tables of any size are predicted, settings are searched and nets are trained by the executors
 * of a cluster, with the bits of a single machine.
 *
 * <p>In {@code beras-spark.jar}, which {@code mvn -Pspark package} makes; {@code src/spark/README.md} tells how it is used.
 */
package beras.spark;
