/** The command about the program itself: doctor. */
package beras.cli.shell;
