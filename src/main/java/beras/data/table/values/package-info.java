/**
 * What cells of tables say: dates ({@link beras.data.table.values.DateText}), numbers with units
 * ({@link beras.data.table.values.Quantity}), and what many numbers or texts of a column come to. For the package above; not exported.
 */
package beras.data.table.values;
