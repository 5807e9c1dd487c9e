package beras.cli.shell;

import beras.cli.models.EvaluateCommand.Rows;
import beras.cli.models.PredictionWriter;
import beras.cli.options.TableFileOptions;
import beras.cli.options.TableTypes;
import beras.data.table.Spellings;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Task;
import beras.evaluation.BinaryCurve.Criterion;
import beras.initializers.Initializers;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.sources.ImageNet;
import beras.sources.ImageOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The words that options take, where there is a list of them. The options themselves do not name it: it would be made by each
 * start of a command, and only the completion of shells needs it.
 */
public final class OptionValues {

    public static final Map<String, Supplier<List<String>>> OF = Map.ofEntries(
            Map.entry("--color", () -> words(ImageOptions.Color.values())),
            Map.entry("--distribution", () -> words(Distribution.values())),
            Map.entry("--format", () -> words(PredictionWriter.Format.values())),
            Map.entry("--initializer", Initializers.REGISTRY::textNames),
            Map.entry("--loss", Losses.REGISTRY::textNames),
            Map.entry("--lr-schedule", Schedules.REGISTRY::textNames),
            Map.entry("--metrics", Metrics::textNames),
            Map.entry("--monitor", () -> Stream.concat(Stream.of("loss"), Metrics.textNames().stream()).toList()),
            Map.entry("--net", ImageNet::names),
            Map.entry("--optimize", () -> words(Criterion.values())),
            Map.entry("--optimizer", Optimizers.REGISTRY::textNames),
            Map.entry("--output-activation", Layers.ACTIVATIONS::textNames),
            Map.entry("--rows", () -> words(Rows.values())),
            Map.entry("--separator", () -> TableFileOptions.SEPARATORS.keySet().stream().sorted().toList()),
            Map.entry("--spellings", () -> words(Spellings.values())),
            Map.entry("--task", () -> words(Task.values())));

    private static List<String> words(Enum<?>... values) {
        return Arrays.stream(values).map(TableTypes::word).toList();
    }

    /**
     * Gives the options of a command and of those below it their words. Such an option gets a label of its own, for the script that
     * picocli makes has one list for all of the same label.
     */
    static void addTo(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        for (OptionSpec option : new ArrayList<>(spec.options())) {
            Supplier<List<String>> words = OF.get(option.longestName());
            spec.remove(option); // each is put back, so that their order stays
            spec.addOption(words == null ? option : OptionSpec.builder(option).completionCandidates(words.get())
                    .paramLabel(option.longestName().substring(2)).build());
        }
        line.getSubcommands().values().forEach(OptionValues::addTo);
    }

    private OptionValues() {}
}
