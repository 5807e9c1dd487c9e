package beras.cli.training;

import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.config.InvalidDataException;
import beras.config.SettingException;
import beras.evaluation.ClassificationReport;
import beras.runs.Json;
import beras.runs.ModelPlace;
import beras.runs.RunFolder;
import beras.tables.TableHistory;
import beras.tables.TableTraining;
import beras.tables.TableTraining.Fold;
import beras.training.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code train --cross-validate}: one training run per fold, and their summary.
 *
 * @param folder of the run; null: none
 */
record CrossValidationRun(Console console, CommandSpec spec, TrainOptions options, RunFolder folder) {

    /** More folds make a table that no terminal shows. */
    private static final int MOST_SHOWN = 10;

    Integer begin() throws Exception {
        SettingException.requireAtLeast("crossValidate", 2, options.crossValidate);
        TrainSetup setup = new TrainSetup(console, spec, options);
        setup.begin(); // which refuses this option for other data than tables
        OptionalInt patience = setup.patience();
        TableTraining training = ((TableTraining) setup.source)
                .options(Sources.tableOptions(spec, options).onRemark(console.err()::println));
        training = patience.isEmpty() ? training : training.patience(patience.getAsInt());
        if (folder != null) {
            folder.requirePlace(options.place.force, options.read());
        }
        console.start(options.place.threads);
        List<Fold> folds = new ArrayList<>();
        Set<String> remarks = new HashSet<>();
        try {
            training.crossValidate(options.crossValidate, fold -> {
                folds.add(fold);
                fold.remarks().stream().filter(remarks::add).forEach(console.err()::println); // once for all folds
                if (folds.size() == 1) {
                    DataReport.describe(fold.model().schema(), options, console);
                }
                report(fold, folds.size());
            });
        } catch (DivergedException e) {
            throw new Failure(Exit.DIVERGED, "Fold " + (folds.size() + 1) + ": " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (InvalidDataException e) { // the network or the monitored metric does not fit the table
            throw new Failure(Exit.BAD_DATA, options.data + ": " + e.getMessage());
        }
        print(folds);
        return Exit.DONE;
    }

    private void report(Fold fold, int number) {
        TableHistory history = fold.model().history().orElseThrow();
        try {
            if (folder != null) {
                if (number == 1) { // the options are now checked against the table
                    folder.beginFolds(TrainOptions.settings(spec), options.place.force);
                }
                new ModelPlace(folder.fold(number), options.place.force).save(fold.model().saved(), console.err()::println);
            }
            if (options.json) {
                Map<String, Object> fields = Json.object("fold", number, "examples", fold.model().schema().rows(), "tested",
                        fold.measured().rows(), "epochs", history.epochs().epochs().size(), "best_epoch", history.bestEpoch() + 1);
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

    /** The metrics of a fold; NaN for those of classes that are not in it. */
    private static Map<String, Double> values(Fold fold) {
        return fold.measured().labels().map(ClassificationReport::comparableValues).orElseGet(fold.measured()::values);
    }

    /** Mean and deviation of a measure in the folds that have it, and in how many these are. */
    private record Spread(double mean, double deviation, int folds) {

        static Spread of(List<Fold> folds, String measure) {
            double[] values = folds.stream().mapToDouble(fold -> values(fold).get(measure)).filter(value -> !Double.isNaN(value)).toArray();
            double mean = sum(values) / values.length;
            double[] squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).toArray();
            return new Spread(mean, Math.sqrt(sum(squares) / (values.length - 1)), values.length);
        }

        /** From the first to the last: a stream would sum in another order. */
        private static double sum(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum;
        }
    }

    private void print(List<Fold> folds) throws IOException {
        boolean isEachShown = folds.size() <= MOST_SHOWN;
        List<String> header = new ArrayList<>(List.of("", "mean", "deviation"));
        for (int i = 1; isEachShown && i <= folds.size(); i++) {
            header.add("fold " + i);
        }
        Result result = new Result().section("", "l", "  r10").row(header);
        Map<String, Object> summary = new LinkedHashMap<>(Map.of("folds", folds.size()));
        for (String measure : folds.get(0).measured().values().keySet()) {
            Spread spread = Spread.of(folds, measure);
            Map<String, Object> fields = Json.object("mean", spread.mean(), "deviation", spread.deviation());
            if (spread.folds() < folds.size()) {
                fields.put("folds", spread.folds());
            }
            summary.put(measure, fields);
            List<String> row = new ArrayList<>(List.of(measure, Text.decimals(spread.mean(), 4), Text.decimals(spread.deviation(), 4)));
            for (Fold fold : isEachShown ? folds : List.<Fold>of()) {
                double value = values(fold).get(measure);
                row.add(Double.isNaN(value) ? "-" : Text.decimals(value, 4));
            }
            result.row(row);
        }
        result.put("summary", summary).print(console, options.json);
        if (folder != null && !options.json) {
            console.err().println("The models are in " + options.place.run);
        }
    }
}
