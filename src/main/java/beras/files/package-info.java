/**
 * Files that are written whole or not at all ({@link beras.files.WholeFile}) or grow line by line
 * ({@link beras.files.AppendedFile}), files with random access ({@link beras.files.Bytes}), the optional libraries
 * ({@link beras.files.Library}), and messages about files.
 */
package beras.files;
