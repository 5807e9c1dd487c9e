/** The commands of {@code beras.jar}: the only package that prints or ends the process. */
package beras.cli;
