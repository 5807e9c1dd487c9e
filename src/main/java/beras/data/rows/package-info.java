/**
 * Files of tables as rows of cells: bytes ({@link beras.data.rows.DataFile}), characters ({@link beras.data.rows.TextReader}),
 * rows of CSV, JSON lines, workbooks and Parquet, plain or packed ({@link beras.data.rows.RowSource}), numbers
 * ({@link beras.data.rows.Decimal}). For the packages beside it; not exported.
 */
package beras.data.rows;
