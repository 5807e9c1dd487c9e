/** What all commands print by: the console, text, tables and progress, exit codes and failures. */
package beras.cli.terminal;
