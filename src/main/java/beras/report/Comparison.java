package beras.report;

import beras.files.Excerpt;
import beras.runs.EpochNumbers;
import beras.runs.EpochNumbers.Part;
import beras.runs.RunRecord;
import beras.training.Mode;
import beras.training.Monitor;
import beras.training.Training;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.knowm.xchart.XYChart;

/** Several trainings side by side: what came of them, and what was different in how they were made. */
public final class Comparison {

    /** More lines in one plot could not be told apart. */
    public static final int MOST = 20;

    /** Stands where a run has no such number or setting. */
    public static final String NONE = "\u2013";
    /** Stands behind the best number of a column. */
    public static final String BEST = " *";

    private static final String LOSS = "loss"; // the number, and the setting of a recipe
    private static final int MOST_PLOTS = 8;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_VALUE = 40;

    /** Options of train that the recipe tells more exactly, or the provenance. */
    private static final Set<String> TOLD = Set.of("layers", "net", "ensemble", "views", "initializer", "l2", "loss", "metrics",
            "label-smoothing", "class-weight", "optimizer", "learning-rate", "lr-schedule", "weight-decay", "clip-norm", "ema",
            "epochs", "batch-size", "seed", "validation-split", "data", "target", "task", "split", "split-seed");

    /** Of the provenance, what says how a training ended, and what the recipe tells. */
    private static final Set<String> OUTCOMES = Set.of("beras", "interrupted", "diverged", "failed", "split_share");
    /** Of the facts, what came of the training. */
    private static final Set<String> RESULTS = Set.of(RunRecord.WEIGHTS, RunRecord.HASH, RunRecord.MODEL, RunRecord.BYTES,
            RunRecord.ENDED);

    private final List<RunRecord> runs;

    /**
     * Of runs in the order in which they are shown.
     *
     * @throws IllegalArgumentException if there are fewer than two or more than {@value #MOST}
     */
    public Comparison(List<RunRecord> runs) {
        if (runs.size() < 2 || runs.size() > MOST) {
            throw new IllegalArgumentException("A comparison is of 2 to " + MOST + " runs. Received: " + runs.size());
        }
        this.runs = List.copyOf(runs);
    }

    // ----------------------------------------------------------------------------------------------------- results

    /** The names of the numbers that any of the runs has, those of the test and of the validation first. */
    public List<String> numbers() {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.values().keySet()));
        return Part.inOrder(names);
    }

    /** What stands above the columns of {@link #results}. */
    public List<String> header() {
        List<String> header = new ArrayList<>(List.of("run"));
        numbers().forEach(name -> header.add(Part.words(name)));
        header.addAll(List.of("epochs", "kept", "weights", "training s", "s per epoch"));
        return header;
    }

    /**
     * A line for each run: its name, the numbers of the weights that were kept, and what they took. Behind the best number of
     * examples that were not trained on stands {@link #BEST}, if not all are the same.
     */
    public List<List<String>> results() {
        List<String> numbers = numbers();
        List<List<String>> rows = new ArrayList<>();
        for (RunRecord run : runs) {
            List<String> row = new ArrayList<>(List.of(run.name()));
            for (String name : numbers) {
                Double value = run.values().get(name);
                row.add(value == null ? NONE : Labels.number(value) + (isBest(name, value) ? BEST : ""));
            }
            int[] made = run.epochs().epochs();
            row.add(made.length == 0 ? "0" : Integer.toString(made[made.length - 1]));
            row.add(run.kept().isPresent() ? Integer.toString(run.kept().getAsInt()) : NONE);
            row.add(run.facts().getOrDefault(RunRecord.WEIGHTS, NONE));
            double first = run.phases().getOrDefault(RunRecord.FIRST_EPOCH, Double.NaN);
            double further = run.phases().getOrDefault(RunRecord.FURTHER_EPOCHS, Double.NaN);
            row.add(Labels.number(Double.isNaN(further) ? first : first + further));
            row.add(Labels.number(further / Math.max(1, made.length - 1)));
            rows.add(row);
        }
        return rows;
    }

    private boolean isBest(String name, double value) {
        Mode direction = Monitor.direction(name);
        List<Double> all = new ArrayList<>();
        runs.forEach(run -> all.add(run.values().getOrDefault(name, Double.NaN)));
        boolean better = all.stream().noneMatch(other -> direction == Mode.MAX ? other > value : other < value);
        boolean differ = all.stream().anyMatch(other -> Double.isFinite(other) && other != value);
        boolean comparable = !Part.bare(name).equals(LOSS) || hasOneLoss();
        return comparable && Part.in(name) != Part.TRAINING && direction != Mode.AUTO && Double.isFinite(value) && better
                && differ;
    }

    private boolean hasOneLoss() {
        return runs.stream().map(run -> run.recipe().get(LOSS)).distinct().count() == 1;
    }

    // ------------------------------------------------------------------------------------------------- differences

    /**
     * The settings that are not the same in all runs, by name, with the value of each run or {@link #NONE}. Those of what is of
     * another type altogether are left out, as there is nothing to compare them with; so is what is not known of a run.
     */
    public Map<String, List<String>> differences() {
        boolean recipes = runs.stream().noneMatch(run -> run.recipe().isEmpty());
        Map<String, List<String>> differences = new LinkedHashMap<>();
        add(differences, RunRecord::recipe, Set.of(), recipes);
        add(differences, RunRecord::options, recipes ? TOLD : Set.of(), true);
        add(differences, RunRecord::provenance, OUTCOMES, runs.stream().noneMatch(run -> run.provenance().isEmpty()));
        add(differences, RunRecord::facts, RESULTS, false);
        return differences;
    }

    /** @param known whether what a run does not tell is not there, rather than not known */
    private void add(Map<String, List<String>> differences, Function<RunRecord, Map<String, String>> part, Set<String> leftOut,
            boolean known) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(part.apply(run).keySet()));
        names.removeAll(leftOut);
        for (String name : names) {
            List<String> values = values(part, name);
            Set<String> different = new HashSet<>(values);
            String above = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
            boolean ofOthers = new HashSet<>(values(part, above)).size() > 1;
            if (!known || ofOthers) {
                different.remove(NONE);
            }
            if (different.size() > 1) {
                differences.putIfAbsent(name, values);
            }
        }
    }

    private List<String> values(Function<RunRecord, Map<String, String>> part, String name) {
        return runs.stream().map(run -> part.apply(run).getOrDefault(name, NONE)).toList();
    }

    // -------------------------------------------------------------------------------------------------------- page

    /**
     * The comparison as a page in UTF-8.
     *
     * @param version of BERAS
     */
    public byte[] html(String version) {
        Html html = new Html();
        html.add("h1", "Comparison of " + runs.size() + " trainings");
        html.add("p", "The numbers are those of the weights that each training kept." + BEST
                + " marks the best of a column, where it was measured on examples that were not trained on.", "class", "lead");
        html.add("h2", "Results");
        html.openTable("Each run", header());
        for (List<String> row : results()) {
            html.open("tr").add("th", row.get(0), "scope", "row");
            for (String cell : row.subList(1, row.size())) {
                html.add("td", cell, "class", cell.endsWith(BEST) ? "number best" : "number");
            }
            html.close("tr");
        }
        html.closeTable();
        html.add("h2", "What differs");
        Map<String, List<String>> differences = differences();
        if (differences.isEmpty()) {
            html.add("p", "Nothing in the recipes, the options, the data and the machine.");
        } else {
            List<String> header = new ArrayList<>(List.of("setting"));
            runs.forEach(run -> header.add(run.name()));
            html.openTable("Settings that are not the same in all runs", header);
            differences.forEach((setting, values) -> {
                html.open("tr").add("th", setting, "scope", "row");
                values.forEach(value -> html.add("td", Excerpt.within(value, LONGEST_VALUE), "class", "value"));
                html.close("tr");
            });
            html.closeTable();
        }
        writeCurves(html);
        html.add("h2", "How each ended");
        Map<String, String> outcomes = new LinkedHashMap<>();
        runs.forEach(run -> outcomes.put(run.name(), run.outcome()));
        html.table("Each run", outcomes);
        return Page.of("Comparison of " + runs.size() + " trainings", version, html).getBytes(StandardCharsets.UTF_8);
    }

    private void writeCurves(Html html) {
        List<EpochNumbers> numbers = runs.stream().map(RunRecord::epochs).toList();
        Set<String> names = new LinkedHashSet<>();
        numbers.forEach(each -> names.addAll(each.values().keySet()));
        List<String> shown = new ArrayList<>(Part.inOrder(names));
        shown.removeIf(name -> numbers.stream().filter(each -> each.values().containsKey(name)).count() < 2);
        if (numbers.stream().anyMatch(EpochNumbers::rateChanges)) {
            shown.add(Training.LEARNING_RATE);
        }
        if (shown.isEmpty()) {
            return;
        }
        List<String> runNames = Labels.distinct(runs.stream().map(RunRecord::name).toList(), LONGEST_NAME);
        html.add("h2", "Curves");
        if (!hasOneLoss()) {
            html.add("p", "These runs made different losses small: compare them by other numbers.", "class", "warning");
        }
        html.open("div", "class", "plots");
        for (String name : shown.subList(0, Math.min(MOST_PLOTS, shown.size()))) {
            XYChart chart = CurveCharts.ofRuns(name, runNames, numbers);
            if (!chart.getSeriesMap().isEmpty()) {
                html.plot(ChartStyle.png(chart), CurveCharts.words(chart));
            }
        }
        html.close("div");
        if (shown.size() > MOST_PLOTS) {
            List<String> others = shown.subList(MOST_PLOTS, shown.size()).stream().map(Part::words).toList();
            html.add("p", "Not drawn: " + String.join(", ", others) + ".");
        }
    }
}
