package beras.report;

import beras.data.drawing.Png;
import beras.data.image.ImagePreprocessor;
import beras.data.image.PredictionPicture;
import beras.feed.Prediction;
import beras.files.Excerpt;
import beras.metrics.ClassificationReport;
import beras.metrics.ClassificationReport.Scores;
import beras.report.Judgement.Amounts;
import beras.report.Judgement.Importance;
import beras.tables.PermutationImportance;
import beras.tables.TableExplanation;
import beras.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sections of a report that tell how good its model is. */
final class JudgementHtml {

    private static final int MOST_PAIRS = 20;
    private static final int MOST_SCORES = 50;
    private static final int MOST_COLUMNS = 40;
    private static final int IMAGES = 10;
    private static final int LONGEST_LABEL = 40;
    /** Grey images are shown as ink on light paper, as MNIST's digits were written. */
    private static final int PAPER = 240;

    private final Judgement judgement;
    private final Html html;

    JudgementHtml(Judgement judgement, Html html) {
        this.judgement = judgement;
        this.html = html;
    }

    void write() {
        html.add("h2", "On examples that it was not trained on");
        judgement.classes().ifPresent(this::writeClasses);
        judgement.amounts().ifPresent(this::writeAmounts);
        judgement.importance().ifPresent(this::writeImportance);
    }

    // ----------------------------------------------------------------------------------------------------- classes

    private void writeClasses(ClassificationReport report) {
        Map<String, String> numbers = new LinkedHashMap<>();
        put(numbers, "accuracy", report.accuracy());
        put(numbers, "balanced accuracy", report.balancedAccuracy());
        put(numbers, "accuracy of always " + cut(report.labels().get(report.frequent())), report.baselineAccuracy());
        put(numbers, "log loss", report.logLoss());
        put(numbers, "Brier score", report.brier());
        put(numbers, "AUC", report.auc());
        put(numbers, "average precision", report.averagePrecision());
        put(numbers, "calibration error", report.calibrationError());
        html.table("Measured on " + judgement.held().words(), numbers);
        if (report.labels().size() <= EvaluationCharts.MOST_CLASSES) {
            writeMatrix(report);
        } else {
            writePairs(report);
        }
        writeScores(report);
        judgement.images().ifPresent(images -> writeImages(report, images));
        html.open("div", "class", "plots");
        if (judgement.images().isEmpty()) {
            html.plot(ChartStyle.png(EvaluationCharts.roc(report)), "ROC curves: area " + Labels.number(report.auc())
                    + (report.labels().size() > 2 ? ", mean over the classes" : ""));
            html.plot(ChartStyle.png(EvaluationCharts.precisionAndRecall(report)), "Precision by recall: area "
                    + Labels.number(report.averagePrecision()) + (report.labels().size() > 2 ? ", mean over the classes" : ""));
        }
        if (!report.calibration().isEmpty()) {
            html.plot(ChartStyle.png(EvaluationCharts.calibration(report)),
                    "Calibration: how often predictions are right by how sure the model is; expected error "
                            + Labels.number(report.calibrationError()));
        }
        html.close("div");
    }

    private static void put(Map<String, String> numbers, String name, double value) {
        if (Double.isFinite(value)) {
            numbers.put(name, Labels.number(value));
        }
    }

    private static String cut(String label) {
        return Excerpt.within(label, LONGEST_LABEL);
    }

    /** A row for each true class; what is right is shaded by its share of the row, what is wrong against the worst of that. */
    private void writeMatrix(ClassificationReport report) {
        double[][] counts = report.confusion().counts();
        double mostWrong = 0;
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts.length; column++) {
                mostWrong = row == column ? mostWrong : Math.max(mostWrong, share(counts, row, column));
            }
        }
        html.add("h3", "Confusion matrix");
        List<String> header = new ArrayList<>(List.of("true \\ predicted"));
        report.labels().forEach(label -> header.add(cut(label)));
        html.openTable("A row for each true class, a column for each predicted one", header, "matrix");
        for (int row = 0; row < counts.length; row++) {
            html.open("tr").add("th", cut(report.labels().get(row)), "scope", "row");
            for (int column = 0; column < counts.length; column++) {
                double share = share(counts, row, column);
                int shade = (int) Math.ceil(Page.SHADES * (row == column || mostWrong == 0 ? share : share / mostWrong));
                html.add("td", Labels.number(counts[row][column]), "class", (row == column ? "right" : "wrong") + shade);
            }
            html.close("tr");
        }
        html.closeTable();
    }

    /** How often a true class is taken for another; 0 if it does not occur. */
    private static double share(double[][] counts, int row, int column) {
        return counts[row][column] / Math.max(1, Arrays.stream(counts[row]).sum());
    }

    private record Pair(int truth, int predicted, double count) {}

    private void writePairs(ClassificationReport report) {
        double[][] counts = report.confusion().counts();
        List<Pair> pairs = new ArrayList<>();
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts.length; column++) {
                if (row != column && counts[row][column] > 0) {
                    pairs.add(new Pair(row, column, counts[row][column]));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::count).reversed());
        html.add("h3", "Most confused");
        html.table("The " + Math.min(MOST_PAIRS, pairs.size()) + " most frequent of " + pairs.size() + " confusions among "
                + counts.length + " classes", List.of("true", "predicted", "count", "share of the true class"),
                pairs.stream().limit(MOST_PAIRS).map(pair -> List.of(cut(report.labels().get(pair.truth)),
                        cut(report.labels().get(pair.predicted)), Labels.number(pair.count),
                        Labels.number(share(counts, pair.truth, pair.predicted)))).toList());
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

    // ------------------------------------------------------------------------------------------------------ images

    private void writeImages(ClassificationReport report, ImagePreprocessor images) {
        Tensor outputs = judgement.held().outputs();
        Tensor targets = judgement.held().targets();
        List<Integer> right = new ArrayList<>();
        List<Integer> wrong = new ArrayList<>();
        Prediction[] predictions = new Prediction[outputs.dim(0)];
        int[] truth = targets.argmax(1);
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = images.decode(outputs.data(), outputs.offset() + i * outputs.dim(1));
            (predictions[i].labelIndex() == truth[i] ? right : wrong).add(i);
        }
        wrong.sort(Comparator.comparingDouble(i -> -predictions[i].score()));
        String each = report.hasProbabilities() ? ", each with the confidence in it." : ", each with the score of that.";
        writeImages("Right", right.isEmpty() ? "None is right." : Math.min(IMAGES, right.size()) + " of "
                + right.size() + " that are right, of all classes in turn" + each, PredictionPicture.inTurn(right, i -> truth[i]),
                predictions, truth, report, images);
        writeImages("Wrong", wrong.isEmpty() ? "None is wrong." : "The " + Math.min(IMAGES, wrong.size()) + " of " + wrong.size()
                + " mistakes that the model was most sure of" + each, wrong, predictions, truth, report,
                images);
    }

    private void writeImages(String title, String caption, List<Integer> shown, Prediction[] predictions, int[] truth,
            ClassificationReport report, ImagePreprocessor images) {
        html.add("h3", title).add("p", caption).open("ul", "class", "images");
        for (int i : shown.subList(0, Math.min(IMAGES, shown.size()))) {
            String is = cut(report.labels().get(truth[i]));
            String taken = cut(predictions[i].label());
            String words = is.equals(taken) ? is : is + ", taken for " + taken;
            html.open("li").picture(png(i, images), "image", "Image of " + words);
            html.add("span", words).add("span", Labels.number(predictions[i].score())).close("li");
        }
        html.close("ul");
    }

    /** An example as an image: ink is dark on paper, others are as they are; of more channels than three the first is shown. */
    private byte[] png(int example, ImagePreprocessor images) {
        int width = images.width();
        int channels = images.channels();
        boolean ink = channels == 1 && images.form().showsInk();
        Tensor inputs = judgement.held().inputs();
        int from = inputs.offset() + example * inputs.dim(1);
        BufferedImage picture = new BufferedImage(width, images.height(), BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < width * images.height(); pixel++) {
            int rgb = 0;
            for (int part = 0; part < 3; part++) {
                float share = Math.max(0, Math.min(1, inputs.data()[from + pixel * channels + (channels == 3 ? part : 0)]));
                rgb = rgb << 8 | Math.round(ink ? PAPER - PAPER * share : 255 * share);
            }
            picture.setRGB(pixel % width, pixel / width, rgb);
        }
        return Png.of(picture);
    }

    // ----------------------------------------------------------------------------------------------------- amounts

    private void writeAmounts(Amounts amounts) {
        Map<String, String> numbers = new LinkedHashMap<>();
        amounts.report().values().forEach((name, value) -> put(numbers, name.replace('_', ' '), value));
        html.table("Measured on " + judgement.held().words() + ", in units of " + cut(amounts.target()), numbers);
        html.open("div", "class", "plots");
        html.plot(ChartStyle.png(EvaluationCharts.predicted(amounts.target(), amounts.predicted(), amounts.actual())),
                "Predicted against true: the nearer to the line, the better; r2 " + Labels.number(amounts.report().r2()));
        html.plot(ChartStyle.png(EvaluationCharts.residuals(amounts.target(), amounts.predicted(), amounts.actual())),
                "Residuals by what is predicted: half of them are within " + Labels.number(amounts.report().medianAbsoluteError())
                        + " of the truth");
        html.close("div");
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
                + " shuffles. Columns that tell the same share their importance." + (judgement.held().byNet()
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
