/**
 * The contents of cells of tables: dates ({@link beras.data.table.values.DateText}), numbers with units
 * ({@link beras.data.table.values.Quantity}), and statistics of the numbers or texts of a column. For the package above; not
 * exported.
 */
package beras.data.table.values;
