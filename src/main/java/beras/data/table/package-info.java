/**
 * Tables from files: {@link beras.data.table.TableSchema} learns from the rows to train on how a row becomes numbers, and
 * {@link beras.data.table.TableReader} and {@link beras.data.table.TableDataset} read rows so, from files of any size. Most
 * programs begin with {@link beras.tables} instead, which trains on a table; begin here for a net of your own on a table.
 *
 * <p>A column goes this way: while rows are read its cells are counted, whatever they are; then the first of the {@link
 * beras.data.table.TableColumn.Type}s that fits, or the one that is asked for, makes a {@link beras.data.table.TableColumn} of
 * the counts. That encodes cells, is kept in the model file by its config, describes to ONNX what it does by {@link
 * beras.prediction.Encoding.Step}s, partial dependence which values to try, and forms what to ask for. A new type is a subclass and
 * a line of {@code Type}.
 *
 * <p>A program that serves a model has rows in memory: {@link beras.data.table.TablePreprocessor}.
 */
package beras.data.table;
