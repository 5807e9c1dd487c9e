/** Model files in and out, and callbacks that write files. */
package beras.saving;
