/**
 * Parquet files as columns of values ({@link beras.data.parquet.ParquetFile}), in pure Java and with the JDK alone: the columns
 * that have one value a row, of any type, plain or in dictionaries, uncompressed, Snappy or gzip. Sources: the specification of
 * Apache Parquet 2.11, and the description of Snappy. For the package of rows; not exported.
 */
package beras.data.parquet;
