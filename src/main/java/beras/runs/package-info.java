/**
 * A run: a training run, a cross-validation or a tuning as it is kept on disk. {@link beras.runs.RunFolder} has its files and
 * locks them for one writer, {@link beras.runs.RunOrigin} records how it was begun and so how to resume it,
 * {@link beras.runs.RunSummary} is written when it ends, {@link beras.runs.RunReader} reads all of it as a
 * {@link beras.runs.RunRecord}, of which {@code beras.report} makes pages. A folder may come from anybody: nothing in it
 * decides where something is written. Not part of the API.
 */
package beras.runs;
