/**
 * Parquet files as columns of values ({@link beras.data.parquet.ParquetFile}), in pure Java and with the JDK alone: the columns
 * that have one value a row, of any type, encoding and compression in use but Brotli and LZO. Sources: the specification of
 * Apache Parquet 2.11, RFC 8878 for Zstandard, and the description of Snappy. For the package of rows; not exported.
 */
package beras.data.parquet;
