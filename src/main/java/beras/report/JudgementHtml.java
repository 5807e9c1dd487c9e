package beras.report;

import beras.evaluation.ClassificationReport;
import beras.evaluation.ClassificationReport.Scores;
import beras.evaluation.RegressionReport;
import beras.evaluation.WilsonInterval;
import beras.files.Excerpt;
import beras.report.Judgement.Importance;
import beras.tables.PermutationImportance;
import beras.tables.TableExplanation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The sections of a report about the quality of its model. */
record JudgementHtml(Judgement judgement, Html html) {

    private static final int MOST_PAIRS = 20;
    private static final int MOST_SCORES = 50;
    private static final int MOST_COLUMNS = 40;
    private static final int LONGEST_LABEL = 40;

    /** How often it is right, or how far off, next to the baseline. */
    void writeAnswer() {
        String on = judgement.held().words() + " that it was not trained on";
        judgement.classes().ifPresent(report -> {
            WilsonInterval range = report.accuracyInterval();
            String right = Labels.percent(report.accuracy()) + " right";
            String interval = "95 % interval " + Labels.percent(range.low()) + " to " + Labels.percent(range.high());
            String baseline = "Baseline, always " + cut(report.labels().get(report.frequent())) + ": "
                    + Labels.percent(report.baselineAccuracy());
            html.open("p", "class", "answer").add("strong", right)
                    .text(" " + Math.round(report.accuracy() * report.examples()) + " of " + on + "; " + interval).close("p");
            html.open("svg", "class", "scale", "viewBox", "0 0 1000 30", "preserveAspectRatio", "none", "role", "img",
                    "aria-label", right + "; " + interval + ". " + baseline);
            bar("share", 0, report.accuracy(), right);
            bar("range", range.low(), range.high(), interval);
            bar("base", report.baselineAccuracy() - 0.002, report.baselineAccuracy() + 0.002, baseline);
            html.close("svg").add("p", baseline);
        });
        judgement.regression().ifPresent(regression -> {
            RegressionReport report = regression.report();
            html.open("p", "class", "answer").add("strong", Labels.number(report.mae()) + " off")
                    .text(" is the mean absolute error of " + cut(regression.target()) + " on " + on
                            + "; half of the errors are below " + Labels.number(report.medianAbsoluteError()) + ", R2 is "
                            + Labels.number(report.r2())).close("p")
                    .add("p", "Baseline, always the mean, " + Labels.number(report.trainingMean()) + ": "
                            + Labels.number(report.baselineMae()) + " off");
        });
    }

    private void bar(String css, double from, double to, String words) {
        html.open("rect", "class", css, "x", Svg.at(1000 * from), "width", Svg.at(1000 * (to - from)), "height", "30")
                .add("title", words).close("rect");
    }

    /** The errors of the model. */
    void writeErrors() {
        html.add("h2", "Errors");
        judgement.classes().ifPresent(this::writeClasses);
        judgement.regression().ifPresent(regression -> html.plots(Charts.of(regression).values()).table("Measured on "
                + judgement.held().words() + ", in units of " + cut(regression.target()), numbers(regression.report().values())));
        judgement.worst().ifPresent(worst -> html.add("h3", "Worst rows")
                .table("The held-out rows with the " + (judgement.classes().isPresent() ? "lowest probability of what is true"
                        : "largest errors"), worst.header(), worst.rows()));
    }

    /** The curves over all thresholds, the calibration of the confidence, and the importance of columns. */
    void writeCurves() {
        judgement.classes().ifPresent(report -> {
            Map<String, Svg> charts = Charts.of(report);
            charts.remove("confusion"); // is a table here
            Map<String, String> numbers = numbers(report.values());
            numbers.keySet().removeIf(name -> name.startsWith("macro") || name.startsWith("weighted")); // in the table of classes
            html.add("h2", "Thresholds and calibration").open("div", "class", "plots");
            charts.values().forEach(html::plot);
            html.open("div").table("Measured on " + judgement.held().words() + "; the baseline is always "
                    + cut(report.labels().get(report.frequent())), numbers).close("div").close("div");
        });
        judgement.importance().ifPresent(this::writeImportance);
    }

    // ----------------------------------------------------------------------------------------------------- classes

    private void writeClasses(ClassificationReport report) {
        Confusion confusion = new Confusion(report);
        if (report.labels().size() <= Charts.MOST_CLASSES) {
            writeMatrix(report, confusion);
        } else {
            writePairs(report, confusion);
        }
        judgement.images().ifPresent(image -> new ExamplePictures(judgement.held(), report, image).writeTo(html));
        writeScores(report);
    }

    private static Map<String, String> numbers(Map<String, Double> values) {
        Map<String, String> numbers = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                numbers.put(Labels.measure(name), Labels.number(value));
            }
        });
        return numbers;
    }

    private static String cut(String label) {
        return Excerpt.within(label, LONGEST_LABEL);
    }

    private void writeMatrix(ClassificationReport report, Confusion confusion) {
        List<String> header = new ArrayList<>(List.of("true \\ predicted"));
        report.labels().forEach(label -> header.add(cut(label)));
        html.add("p", "Confusion matrix: a row for each true class, a column for each predicted one", "class", "caption");
        html.openBody("Confusion matrix", header, "matrix");
        for (int row = 0; row < report.labels().size(); row++) {
            html.open("tr").add("th", cut(report.labels().get(row)), "scope", "row");
            for (int column = 0; column < report.labels().size(); column++) {
                html.open("td", "class", (row == column ? "right" : "wrong") + confusion.shade(row, column), "title",
                        Labels.percent(confusion.share(row, column)) + " of " + cut(report.labels().get(row)));
                double count = confusion.count(row, column);
                html.text(count == 0 ? "\u00b7" : Labels.number(count)).close("td");
            }
            html.close("tr");
        }
        html.closeTable();
    }

    private void writePairs(ClassificationReport report, Confusion confusion) {
        List<Confusion.Pair> pairs = confusion.mistakes();
        html.table("The " + Math.min(MOST_PAIRS, pairs.size()) + " most frequent of " + pairs.size() + " confusions among "
                + report.labels().size() + " classes", List.of("true", "predicted", "count", "share of the true class"),
                pairs.stream().limit(MOST_PAIRS).map(pair -> List.of(cut(report.labels().get(pair.truth())),
                        cut(report.labels().get(pair.predicted())), Labels.number(pair.count()),
                        Labels.number(confusion.share(pair.truth(), pair.predicted())))).toList());
    }

    private void writeScores(ClassificationReport report) {
        int classes = report.labels().size();
        boolean all = classes <= MOST_SCORES;
        List<Integer> shown = IntStream.range(0, classes).boxed().filter(c -> all || report.scores(c).support() > 0)
                .sorted(Comparator.comparingDouble(c -> all ? 0 : report.scores(c).f1())).limit(MOST_SCORES).toList();
        html.open("details").add("summary", "Precision, recall and F1 of each class");
        html.table(all ? "Each class" : "The " + shown.size() + " classes of least F1 among " + classes,
                List.of("class", "precision", "recall", "F1", "examples"), shown.stream().map(c -> {
                    Scores scores = report.scores(c);
                    return List.of(cut(report.labels().get(c)), Labels.number(scores.precision()), Labels.number(scores.recall()),
                            Labels.number(scores.f1()), Long.toString(scores.support()));
                }).toList());
        html.close("details");
    }

    // -------------------------------------------------------------------------------------------------- importance

    private void writeImportance(Importance importance) {
        html.add("h2", "Permutation importance of the columns");
        if (importance.columns().isEmpty()) {
            html.add("p", "With so many columns it would take too long to find out here; the command explain does.");
            return;
        }
        PermutationImportance found = importance.columns().get();
        List<PermutationImportance.Column> columns = found.columns();
        double largest = columns.stream().mapToDouble(column -> Math.abs(column.mean())).max().orElse(0);
        html.add("p", "How much worse the " + found.measure().replace('_', ' ') + ", which is " + Labels.number(found.value())
                + ", gets if a column is shuffled among " + importance.rows()
                + " of these rows: mean and standard deviation of " + TableExplanation.Options.REPEATS
                + " shuffles. Columns with the same information share their importance." + (judgement.held().byNet()
                        ? " This is measured with the average of all networks, most of which learned from these rows." : ""));
        html.openTable(columns.size() <= MOST_COLUMNS ? "All columns that the model takes" : "The " + MOST_COLUMNS
                + " most important of " + columns.size() + " columns", List.of("column", "gets worse by", "std. deviation", ""));
        for (PermutationImportance.Column column : columns.subList(0, Math.min(MOST_COLUMNS, columns.size()))) {
            html.open("tr").add("th", cut(column.name()), "scope", "row").cell(Labels.number(column.mean()))
                    .cell(Labels.number(column.deviation())).bar(largest == 0 ? 0 : column.mean() / largest).close("tr");
        }
        html.closeTable();
    }
}
