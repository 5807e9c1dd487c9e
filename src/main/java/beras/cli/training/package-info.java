/** The commands that train: train with its cross-validation, and tune. */
package beras.cli.training;
