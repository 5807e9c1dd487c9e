/**
 * The training commands: {@code train} with its cross-validation, and {@code tune}; {@code compare}, and {@code verify}, which
 * repeats a training run.
 *
 * <h2>{@code train --data penguins.csv --target species}</h2>
 *
 * <ol>
 * <li>{@code Main} makes the command by its name; {@code TrainCommand} adds the options of a {@code --config} or takes those of
 * a {@code --resume}, and begins a {@code TrainRun}.
 * <li>{@code TrainSetup} takes the steps that decide the weights, for {@code verify}, too. {@code OptionRules} makes a
 *     {@link beras.training.Recipe} of the options, and {@code Sources} the {@link beras.models.DataSource}, here a
 *     {@link beras.tables.TableTraining}. Settings that fit no data are rejected, and all files are checked to be writable
 *     ({@code RunPlaces}).
 * <li>{@code source.read} returns the {@link beras.models.TrainingData}, here a {@link beras.tables.PreparedTable}: the text is
 *     read once, rows are split, and the {@link beras.data.table.TableSchema} is inferred from the training rows alone.
 *     {@code DataReport} prints the types of the columns.
 * <li>{@code data.complete(given)} adds the defaults of the table ({@link beras.tables.TableDefaults}) and rejects settings
 * that do not fit it; {@link beras.models.Models} makes the network.
 * <li>{@code data.open} encodes the rows, into memory or in each epoch: the {@link beras.models.TrainingSet} of a
 *     {@link beras.models.RecipeTraining}, which folds, {@code tune} and the library train by, too.
 * <li>{@code training.fit} runs with the callbacks of the command: {@code TestEvaluation}, {@code TrainReport}, the loggers, the best
 *     model and the state of the {@link beras.runs.RunFolder}, and {@link beras.training.LastState}. {@link beras.training} has the
 *     walk of a batch.
 * <li>{@code TrainReport} prints how it ended, the model is saved with recipe, preprocessor, provenance and state, and
 * {@code conclude} writes the summary and the report of a run.
 * </ol>
 */
package beras.cli.training;
