/**
 * Tables from files: {@link beras.data.table.TableSchema} learns from the rows to train on how a row becomes numbers, and
 * {@link beras.data.table.TableReader} and {@link beras.data.table.TableDataset} read rows so, from files of any size.
 *
 * <p>A program that serves a model has rows in memory: {@link beras.data.table.TablePreprocessor}.
 */
package beras.data.table;
