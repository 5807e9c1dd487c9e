/** The commands that look at trainings: report and compare. */
package beras.cli.runs;
