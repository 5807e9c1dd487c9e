/** The command that looks at data, and how columns are shown. */
package beras.cli.data;
