package beras.report;

import beras.evaluation.ClassificationReport;
import beras.evaluation.ClassificationReport.Scores;
import beras.files.Excerpt;
import beras.report.Judgement.Importance;
import beras.report.Judgement.Regression;
import beras.tables.PermutationImportance;
import beras.tables.TableExplanation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sections of a report that say how good its model is. */
final class JudgementHtml {

    private static final int MOST_PAIRS = 20;
    private static final int MOST_SCORES = 50;
    private static final int MOST_COLUMNS = 40;
    private static final int LONGEST_LABEL = 40;
    private static final String OPENS = "; a number opens its images";

    private final Judgement judgement;
    private final Html html;

    JudgementHtml(Judgement judgement, Html html) {
        this.judgement = judgement;
        this.html = html;
    }

    void write() {
        html.add("h2", "On examples that it was not trained on");
        judgement.classes().ifPresent(this::writeClasses);
        judgement.regression().ifPresent(this::writeRegression);
        judgement.importance().ifPresent(this::writeImportance);
    }

    // ----------------------------------------------------------------------------------------------------- classes

    private void writeClasses(ClassificationReport report) {
        Map<String, String> numbers = numbers(report.values());
        numbers.keySet().removeIf(name -> name.startsWith("macro") || name.startsWith("weighted")); // in the table of classes
        Optional<ExamplePictures> pictures = judgement.images().map(image -> new ExamplePictures(judgement.held(), report, image));
        Confusion confusion = new Confusion(report);
        html.open("div", "class", "side").open("div");
        html.table("Measured on " + judgement.held().words() + "; the baseline is always "
                + cut(report.labels().get(report.frequent())), numbers);
        html.close("div").open("div");
        if (report.labels().size() <= Charts.MOST_CLASSES) {
            writeMatrix(report, confusion, pictures);
        } else {
            writePairs(report, confusion, pictures);
        }
        html.close("div").close("div");
        pictures.ifPresent(found -> found.writeTo(html));
        writeScores(report);
        Map<String, Svg> charts = Charts.of(report);
        charts.remove("confusion"); // is a table here
        html.plots(charts.values());
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

    private void writeMatrix(ClassificationReport report, Confusion confusion, Optional<ExamplePictures> pictures) {
        List<String> header = new ArrayList<>(List.of("true \\ predicted"));
        report.labels().forEach(label -> header.add(cut(label)));
        html.add("p", "Confusion matrix: a row for each true class, a column for each predicted one"
                + (pictures.isPresent() ? OPENS : ""), "class", "caption", "id", ExamplePictures.CONFUSION);
        html.openBody("Confusion matrix", header, "matrix");
        for (int row = 0; row < report.labels().size(); row++) {
            html.open("tr").add("th", cut(report.labels().get(row)), "scope", "row");
            for (int column = 0; column < report.labels().size(); column++) {
                html.open("td", "class", (row == column ? "right" : "wrong") + confusion.shade(row, column));
                addCount(row, column, confusion.count(row, column), pictures);
                html.close("td");
            }
            html.close("tr");
        }
        html.closeTable();
    }

    /** A count, which opens its pictures if there are some. */
    private void addCount(int truth, int predicted, double count, Optional<ExamplePictures> pictures) {
        String text = count == 0 ? "\u00b7" : Labels.number(count);
        if (pictures.isPresent() && pictures.get().has(truth, predicted)) {
            html.open("a", "href", "#" + ExamplePictures.id(truth, predicted)).text(text).close("a");
        } else {
            html.text(text);
        }
    }

    private void writePairs(ClassificationReport report, Confusion confusion, Optional<ExamplePictures> pictures) {
        List<Confusion.Pair> pairs = confusion.mistakes();
        html.open("div", "id", ExamplePictures.CONFUSION).close("div");
        html.openTable("The " + Math.min(MOST_PAIRS, pairs.size()) + " most frequent of " + pairs.size() + " confusions among "
                + report.labels().size() + " classes" + (pictures.isPresent() ? OPENS : ""),
                List.of("true", "predicted", "count", "share of the true class"));
        for (Confusion.Pair pair : pairs.subList(0, Math.min(MOST_PAIRS, pairs.size()))) {
            html.open("tr").add("th", cut(report.labels().get(pair.truth())), "scope", "row")
                    .add("td", cut(report.labels().get(pair.predicted()))).open("td", "class", "number");
            addCount(pair.truth(), pair.predicted(), pair.count(), pictures);
            html.close("td").cell(Labels.number(confusion.share(pair.truth(), pair.predicted()))).close("tr");
        }
        html.closeTable();
    }

    private record ClassScores(String label, Scores scores) {}

    private void writeScores(ClassificationReport report) {
        int classes = report.labels().size();
        List<ClassScores> shown = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            shown.add(new ClassScores(cut(report.labels().get(c)), report.scores(c)));
        }
        String caption = "Each class";
        if (classes > MOST_SCORES) {
            shown.removeIf(each -> each.scores.support() == 0);
            shown.sort(Comparator.comparingDouble(each -> each.scores.f1()));
            shown = shown.subList(0, Math.min(MOST_SCORES, shown.size()));
            caption = "The " + shown.size() + " classes of least F1 among " + classes;
        }
        html.open("details").add("summary", "Precision, recall and F1 of each class");
        html.table(caption, List.of("class", "precision", "recall", "F1", "examples"), shown.stream()
                .map(each -> List.of(each.label, Labels.number(each.scores.precision()), Labels.number(each.scores.recall()),
                        Labels.number(each.scores.f1()), Long.toString(each.scores.support()))).toList());
        html.close("details");
    }

    // ----------------------------------------------------------------------------------------------------- numbers

    private void writeRegression(Regression regression) {
        html.table("Measured on " + judgement.held().words() + ", in units of " + cut(regression.target()),
                numbers(regression.report().values()));
        html.plots(Charts.of(regression).values());
    }

    // -------------------------------------------------------------------------------------------------- importance

    private void writeImportance(Importance importance) {
        html.add("h2", "Which columns decide");
        if (importance.columns().isEmpty()) {
            html.add("p", "With so many columns it would take too long to find out here; the command explain does.");
            return;
        }
        PermutationImportance found = importance.columns().get();
        List<PermutationImportance.Column> columns = found.columns();
        double largest = columns.stream().mapToDouble(column -> Math.abs(column.mean())).max().orElse(0);
        html.add("p", "By how much the " + found.measure().replace('_', ' ') + ", which is " + Labels.number(found.value())
                + ", gets worse if a column is shuffled among " + importance.rows()
                + " of these rows: mean and deviation of " + TableExplanation.Options.REPEATS
                + " shuffles. Columns with the same information share their importance." + (judgement.held().byNet()
                        ? " This is of the average of all networks, most of which learned from these rows." : ""));
        html.openTable(columns.size() <= MOST_COLUMNS ? "All columns that the model takes" : "The " + MOST_COLUMNS
                + " most important of " + columns.size() + " columns", List.of("column", "gets worse by", "deviation", ""));
        for (PermutationImportance.Column column : columns.subList(0, Math.min(MOST_COLUMNS, columns.size()))) {
            html.open("tr").add("th", cut(column.name()), "scope", "row").cell(Labels.number(column.mean()))
                    .cell(Labels.number(column.deviation())).bar(largest == 0 ? 0 : column.mean() / largest).close("tr");
        }
        html.closeTable();
    }
}
