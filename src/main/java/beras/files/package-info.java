/** Files that are written whole or not at all. */
package beras.files;
