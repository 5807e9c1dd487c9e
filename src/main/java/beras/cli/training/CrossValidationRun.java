package beras.cli.training;

import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.config.InvalidDataException;
import beras.config.SettingException;
import beras.evaluation.ClassificationReport;
import beras.runs.RunFolder;
import beras.saving.ModelFile;
import beras.tables.TableDefaults;
import beras.tables.TableHistory;
import beras.tables.TableTraining;
import beras.tables.TableTraining.Fold;
import beras.training.DivergedException;
import beras.training.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code train --cross-validate}: as many trainings as there are folds, and what all of them say. */
final class CrossValidationRun {

    /** More folds make a table that no terminal shows. */
    private static final int MOST_SHOWN = 10;

    private final Console console;
    private final CommandSpec spec;
    private final TrainOptions options;
    private final RunFolder folder; // null: none

    /** @param folder of the run; null: none */
    CrossValidationRun(Console console, CommandSpec spec, TrainOptions options, RunFolder folder) {
        this.console = console;
        this.spec = spec;
        this.options = options;
        this.folder = folder;
    }

    Integer begin() throws Exception {
        Recipe given = RecipeOptions.given(spec, options);
        if (!TrainCommand.isTable(options)) {
            throw Usage.invalid(spec, "--cross-validate", "it applies to tables. Remove it");
        }
        SettingException.requireAtLeast("crossValidate", 2, options.crossValidate);
        requireAbsent("--out", options.out);
        requireAbsent("--checkpoint-every", options.checkpointEvery);
        requireAbsent("--init", options.init);
        requireAbsent("--no-report", options.noReport ? true : null);
        requireAbsent("--reduce-lr", options.reduceLr);
        requireAbsent("--validation-data", options.table.validationData);
        TableTraining training = Sources.table(spec, options).recipe(given);
        TrainChecks.requireSense(spec, options, training);
        given.check(new Recipe().optimizer(TableDefaults.OPTIMIZER));
        OptionalInt patience = TrainChecks.patience(options, training);
        training = training.options(Sources.tableOptions(spec, options).onRemark(console.err()::println));
        training = patience.isEmpty() ? training : training.patience(patience.getAsInt());
        if (folder != null) {
            RunPlaces.require(spec, folder, options.force, options.read());
        }
        console.start(options.threads);
        List<Fold> folds = new ArrayList<>();
        Set<String> remarks = new HashSet<>();
        try {
            training.crossValidate(options.crossValidate, fold -> {
                folds.add(fold);
                fold.remarks().stream().filter(remarks::add).forEach(console.err()::println); // those of all folds once
                if (folds.size() == 1) {
                    DataReport.describe(fold.model().schema(), options, console);
                }
                report(fold, folds.size());
            });
        } catch (DivergedException e) {
            throw new Failure(Exit.DIVERGED, "Fold " + (folds.size() + 1) + ": " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (InvalidDataException e) { // the net or what is monitored does not fit the table
            throw new Failure(Exit.BAD_DATA, options.data + ": " + e.getMessage());
        }
        if (options.json) {
            printSummary(folds);
        } else {
            printTable(folds);
        }
        return Exit.DONE;
    }

    private void requireAbsent(String option, Object value) {
        if (value != null) {
            throw Usage.invalid(spec, option, "it applies to one training, not to --cross-validate. Remove it");
        }
    }

    private void report(Fold fold, int number) {
        TableHistory history = fold.model().history().orElseThrow();
        try {
            if (folder != null) {
                if (number == 1) { // by now the options are known to fit the table
                    folder.beginFolds(TrainOptions.settings(spec), options.force);
                }
                Path file = folder.fold(number);
                if (options.force) {
                    ModelFile.replace(fold.model().saved(), file);
                } else {
                    ModelFile.save(fold.model().saved(), file);
                }
            }
            if (options.json) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("fold", number);
                fields.put("examples", fold.model().schema().rows());
                fields.put("tested", fold.measured().rows());
                fields.put("epochs", history.epochs().epochs().size());
                fields.put("best_epoch", history.bestEpoch() + 1);
                fields.putAll(values(fold));
                console.printJson(fields);
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        console.err().println("Fold " + number + " of " + options.crossValidate + ": trained on "
                + Text.count(fold.model().schema().rows(), "row") + ", weights of epoch " + (history.bestEpoch() + 1) + " of "
                + history.epochs().epochs().size() + ", tested on " + Text.count(fold.measured().rows(), "row"));
    }

    /** What was measured of a fold; NaN for what is of classes, if one is not in it. */
    private static Map<String, Double> values(Fold fold) {
        return fold.measured().labels().map(ClassificationReport::comparableValues).orElseGet(fold.measured()::values);
    }

    /** The values of a measure in all folds that have it. */
    private static double[] values(List<Fold> folds, String measure) {
        return folds.stream().mapToDouble(fold -> values(fold).get(measure)).filter(value -> !Double.isNaN(value)).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The deviation of values, estimated from them, dividing by one less than there are. */
    private static double deviation(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    private void printSummary(List<Fold> folds) throws IOException {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("folds", folds.size());
        for (String measure : folds.get(0).measured().values().keySet()) {
            double[] values = values(folds, measure);
            Map<String, Double> both = new LinkedHashMap<>();
            both.put("mean", mean(values));
            both.put("deviation", deviation(values));
            if (values.length < folds.size()) {
                both.put("folds", (double) values.length);
            }
            summary.put(measure, both);
        }
        console.printJson(Map.of("summary", summary));
    }

    private void printTable(List<Fold> folds) {
        List<String> measures = List.copyOf(folds.get(0).measured().values().keySet());
        boolean each = folds.size() <= MOST_SHOWN;
        List<String> header = new ArrayList<>(List.of("", "mean", "deviation"));
        for (int i = 1; each && i <= folds.size(); i++) {
            header.add("fold " + i);
        }
        TextTable table = new TextTable("l", "  r10").add(header);
        for (String measure : measures) {
            double[] values = values(folds, measure);
            List<String> row = new ArrayList<>(List.of(measure, Text.decimals(mean(values), 4), Text.decimals(deviation(values),
                    4)));
            for (int i = 0; each && i < folds.size(); i++) {
                double value = values(folds.get(i)).get(measure);
                row.add(Double.isNaN(value) ? "-" : Text.decimals(value, 4));
            }
            table.add(row);
        }
        table.print(console.out());
        if (folder != null) {
            console.err().println("The models are in " + options.run);
        }
    }
}
