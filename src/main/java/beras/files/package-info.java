/** Files that are written whole or not at all, and what messages tell of files. */
package beras.files;
