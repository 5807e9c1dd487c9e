/**
 * Files that are written whole or not at all ({@link beras.files.WholeFile}) or grow line by line
 * ({@link beras.files.AppendedFile}), files that are read at any place ({@link beras.files.Bytes}), the libraries that some need
 * ({@link beras.files.Library}), and what messages say of files.
 */
package beras.files;
