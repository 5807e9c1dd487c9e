/** Options that several commands have, what they refuse, and files of options. */
package beras.cli.options;
