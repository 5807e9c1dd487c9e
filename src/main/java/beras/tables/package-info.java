/**
 * From a table in a file to a model that predicts one of its columns, in a few calls: {@link beras.tables.TableTraining} splits
 * the rows, learns the schema, trains and keeps the best weights; {@link beras.tables.TableModel} predicts, evaluates and is
 * saved.
 */
package beras.tables;
