/** The output of all commands: the console, text, tables and progress, exit codes and failures. */
package beras.cli.terminal;
