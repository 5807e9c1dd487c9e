/** Options that several commands share, their rules, and files of options. */
package beras.cli.options;
