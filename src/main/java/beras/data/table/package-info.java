/**
 * Tables from files: {@link beras.data.table.TableSchema} learns from the rows to train on how a row becomes numbers, and
 * {@link beras.data.table.TableReader} and {@link beras.data.table.TableDataset} read rows so, from files of any size. Most
 * programs use {@link beras.tables} instead, which trains on a table; use this package for a custom network on a table.
 *
 * <p>The life of a column: while rows are read, statistics of its cells are collected; then the first of the
 * {@link beras.data.table.TableColumn.Type}s that fits, or the requested one, makes a {@link beras.data.table.TableColumn} from
 * them. That encodes cells, is kept in the model file by its config, describes its encoding to ONNX by
 * {@link beras.prediction.Encoding.Step}s, gives partial dependence the values to try, and forms their inputs. A new type is a
 * subclass and a line of {@code Type}.
 *
 * <p>A program that serves a model has rows in memory: {@link beras.data.table.TablePreprocessor}.
 */
package beras.data.table;
