/** The commands about the program itself: doctor, completion, man. */
package beras.cli.shell;
