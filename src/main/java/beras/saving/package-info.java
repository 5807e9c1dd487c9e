/** Model files in and out. */
package beras.saving;
