package beras.report;

import beras.files.Excerpt;
import beras.runs.EpochNumbers;
import beras.runs.EpochNumbers.Part;
import beras.runs.RunRecord;
import beras.tables.TableOrigin;
import beras.training.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Several runs side by side: their results, and the differences in how they were made. */
public final class Comparison {

    /** More lines in one plot could not be distinguished. */
    public static final int MOST = 20;

    /** Stands where a run has no such number or setting. */
    public static final String NONE = "\u2013";
    /** Stands behind the best number of a column. */
    public static final String BEST = " *";

    private static final String TEST_SPLIT = "test_split"; // of the provenance
    private static final String NO_SHARE = "0.0";
    private static final String LOSS = "loss"; // the number, and the setting of a recipe
    private static final int MOST_PLOTS = 8;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_VALUE = 100;

    /** Options of train that the recipe has more exactly, or the provenance. */
    private static final Set<String> TOLD = Set.of("ensemble", "views", "initializer", "l2", "loss", "metrics",
            "label-smoothing", "class-weight", "optimizer", "learning-rate", "lr-schedule", "weight-decay", "clip-norm", "ema",
            "epochs", "batch-size", "seed", "validation-split", "data", "target", "task", "split", "split-seed");

    /** The fields of the provenance that describe how a run ended, or repeat the recipe. */
    private static final Set<String> OUTCOMES = Set.of("beras", "interrupted", "diverged", "failed", "split_share");
    /** The facts that are results of training. */
    private static final Set<String> RESULTS = Set.of(RunRecord.WEIGHTS, RunRecord.HASH, RunRecord.MODEL, RunRecord.BYTES,
            RunRecord.ENDED);

    static final String LAYERS = "layers."; // of a recipe
    /** The fields of the provenance that determine the held-out examples. */
    private static final List<String> SPLIT = List.of("split", "split_share", "split_seed", "folds", "fold", "validation_sha256",
            "validation_split", TEST_SPLIT);

    private final List<RunRecord> runs;

    /**
     * Compares runs, in the order in which they are shown.
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

    /**
     * A result of a run.
     *
     * @param name   of the column, such as {@code validation accuracy}
     * @param value  or {@link #NONE}
     * @param best   whether it is the best of the column, of examples that were not trained on, if not all are the same
     * @param change from the first run, such as {@code +0.1}; empty if there is none, or it cannot be compared
     */
    public record Cell(String name, String value, boolean best, String change) {

        private Cell(String name, String value) {
            this(name, value, false, "");
        }

        /** The value, with {@link #BEST} behind the best. */
        @Override
        public String toString() {
            return value + (best ? BEST : "");
        }
    }

    /** The names of the metrics that any of the runs has, those of the test and of the validation first. */
    private List<String> numbers() {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.values().keySet()));
        return Part.inOrder(names);
    }

    /** For each run its name, the metrics of the kept weights, and its cost. */
    public List<List<Cell>> results() {
        return runs.stream().map(this::results).toList();
    }

    private List<Cell> results(RunRecord run) {
        List<Cell> row = new ArrayList<>(List.of(new Cell("run", run.name())));
        for (String name : numbers()) {
            Double value = run.values().get(name);
            row.add(value == null ? new Cell(Part.words(name), NONE)
                    : new Cell(Part.words(name), Labels.number(value), isBest(name, value), change(name, value)));
        }
        int[] made = run.epochs().epochs();
        row.add(new Cell("epochs", made.length == 0 ? "0" : Integer.toString(made[made.length - 1])));
        row.add(new Cell("kept", run.kept().isPresent() ? Integer.toString(run.kept().getAsInt()) : NONE));
        row.add(new Cell("weights", run.facts().getOrDefault(RunRecord.WEIGHTS, NONE)));
        DoubleSummaryStatistics all = run.seconds().stream().mapToDouble(seconds -> seconds).summaryStatistics();
        row.add(new Cell("training s", all.getCount() == 0 ? NONE : Labels.number(all.getSum())));
        row.add(new Cell("s per epoch", all.getCount() == 0 ? NONE : Labels.number(all.getAverage())));
        return row;
    }

    private String change(String name, double value) {
        double change = value - runs.get(0).values().getOrDefault(name, Double.NaN);
        return isComparable(name) && Double.isFinite(change) && change != 0
                ? (change > 0 ? "+" : "\u2212") + Labels.number(Math.abs(change)) : "";
    }

    private boolean isBest(String name, double value) {
        double[] all = runs.stream().mapToDouble(run -> run.values().getOrDefault(name, Double.NaN)).toArray();
        int best = CurveCharts.best(name, all);
        return isComparable(name) && Part.in(name) != Part.TRAINING && best >= 0 && value == all[best]
                && Arrays.stream(all).anyMatch(other -> Double.isFinite(other) && other != value);
    }

    private boolean isComparable(String name) {
        return hasOneData() && otherSplits(Part.in(name)).isEmpty() && (!Part.bare(name).equals(LOSS) || hasOneLoss());
    }

    /** Whether all runs use the same data, as far as known: metrics on different data cannot be compared. */
    public boolean hasOneData() {
        return runs.stream().map(Comparison::data).filter(hash -> hash != null).distinct().count() <= 1;
    }

    private static String data(RunRecord run) {
        return run.provenance().get(TableOrigin.DATA_HASH);
    }

    /** The settings by which not all runs that have numbers of a part hold out the same examples of the same data. */
    private List<String> otherSplits(Part part) {
        List<Map<String, String>> splits = runs.stream().filter(run -> data(run) != null
                && run.values().keySet().stream().anyMatch(name -> Part.in(name) == part))
                .map(run -> split(run, part)).toList();
        return SPLIT.stream().filter(setting -> splits.stream().map(split -> split.getOrDefault(setting, NONE)).distinct()
                .count() > 1).toList();
    }

    /** The settings that determine the examples of a part; empty for the test examples that come with the data. */
    private static Map<String, String> split(RunRecord run, Part part) {
        Map<String, String> split = new LinkedHashMap<>(run.provenance());
        split.keySet().retainAll(SPLIT);
        boolean isGiven = part == Part.TEST && split.getOrDefault(TEST_SPLIT, NO_SHARE).equals(NO_SHARE);
        return isGiven ? Map.of() : split;
    }

    /** Warnings to read before metrics are compared, in sentences; empty if there are none. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!hasOneData()) {
            warnings.add("These runs are of different data (data_sha256), so their numbers are not compared: none is marked as"
                    + " the best.");
        }
        for (Part part : List.of(Part.TEST, Part.VALIDATION)) {
            List<String> others = otherSplits(part);
            if (hasOneData() && !others.isEmpty()) {
                warnings.add("These runs hold out different examples (" + String.join(", ", others) + "), so their "
                        + part.words() + " numbers are not compared: none is marked as the best.");
            }
        }
        if (!hasOneLoss()) {
            warnings.add("These runs minimized different losses: compare them by other numbers.");
        }
        return warnings;
    }

    private boolean hasOneLoss() {
        return runs.stream().map(run -> run.recipe().get(LOSS)).distinct().count() == 1;
    }

    // ------------------------------------------------------------------------------------------------- differences

    /**
     * The settings that are not the same in all runs, by name, with the value of each run or {@link #NONE}. Settings of
     * different types are left out, as they have no counterpart; so are settings that a run does not record.
     */
    public Map<String, List<String>> differences() {
        boolean recipes = runs.stream().noneMatch(run -> run.recipe().isEmpty());
        Map<String, List<String>> differences = new LinkedHashMap<>();
        add(differences, RunRecord::recipe, Set.of(), recipes);
        differences.keySet().removeIf(name -> name.startsWith(LAYERS)); // the options have them in a line
        add(differences, RunRecord::options, recipes ? TOLD : Set.of(), true);
        add(differences, RunRecord::provenance, OUTCOMES, runs.stream().noneMatch(run -> run.provenance().isEmpty()));
        add(differences, RunRecord::facts, RESULTS, false);
        return differences;
    }

    /** @param known whether a setting that a run does not record is absent, rather than unknown */
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
        String title = "Comparison of " + runs.size() + " trainings";
        html.add("h1", title);
        html.add("p", "The numbers are those of the weights that each training kept." + BEST
                + " marks the best of a column, where it was measured on examples that were not trained on; below each number is"
                + " how far it is from that of the first run.", "class", "lead");
        warnings().forEach(warning -> html.add("p", warning, "class", "warning"));
        writeResults(html);
        writeDifferences(html);
        writeCurves(html);
        html.add("h2", "Outcomes");
        Map<String, String> outcomes = new LinkedHashMap<>();
        runs.forEach(run -> outcomes.put(run.name(), run.outcome()));
        html.table("Each run", outcomes);
        return Page.of(title, version, html, false);
    }

    private void writeResults(Html html) {
        List<List<Cell>> rows = results();
        html.add("h2", "Results").openTable("Each run", rows.get(0).stream().map(Cell::name).toList());
        for (List<Cell> row : rows) {
            html.open("tr").add("th", row.get(0).value, "scope", "row");
            for (Cell cell : row.subList(1, row.size())) {
                html.open("td", "class", cell.best ? "number best" : "number").text(cell.toString());
                if (!cell.change.isEmpty()) {
                    html.add("small", cell.change);
                }
                html.close("td");
            }
            html.close("tr");
        }
        html.closeTable();
    }

    private void writeDifferences(Html html) {
        html.add("h2", "Differences");
        List<List<String>> rows = new ArrayList<>();
        differences().forEach((setting, values) -> {
            List<String> row = new ArrayList<>(List.of(setting));
            values.forEach(value -> row.add(Excerpt.within(value, LONGEST_VALUE)));
            rows.add(row);
        });
        if (rows.isEmpty()) {
            html.add("p", "Nothing in the recipes, the options, the data and the machine.");
            return;
        }
        List<String> header = new ArrayList<>(List.of("setting"));
        runs.forEach(run -> header.add(run.name()));
        html.table("Settings that are not the same in all runs", header, rows);
    }

    private void writeCurves(Html html) {
        Map<String, EpochNumbers> numbers = new LinkedHashMap<>();
        List<String> labels = Labels.distinct(runs.stream().map(RunRecord::name).toList(), LONGEST_NAME);
        Set<String> names = new LinkedHashSet<>();
        for (int run = 0; run < runs.size(); run++) {
            numbers.put(labels.get(run), runs.get(run).epochs());
            names.addAll(runs.get(run).epochs().values().keySet());
        }
        List<String> shown = new ArrayList<>(Part.inOrder(names));
        shown.removeIf(name -> numbers.values().stream().filter(each -> each.values().containsKey(name)).count() < 2);
        if (numbers.values().stream().anyMatch(EpochNumbers::rateChanges)) {
            shown.add(Training.LEARNING_RATE);
        }
        if (shown.isEmpty()) {
            return;
        }
        html.add("h2", "Curves").plots(shown.stream().limit(MOST_PLOTS).flatMap(name -> CurveCharts.ofRuns(name, numbers).stream()).toList());
        if (shown.size() > MOST_PLOTS) {
            List<String> others = shown.subList(MOST_PLOTS, shown.size()).stream().map(Part::words).toList();
            html.add("p", "Not drawn: " + String.join(", ", others) + ".");
        }
    }
}
