package beras.report;

import beras.evaluation.ClassificationReport;
import beras.files.Excerpt;
import beras.prediction.Prediction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Held-out rows of a table that a model is most wrong about, the worst first.
 *
 * @param header line, true and predicted value, and the most important columns
 */
public record WorstRows(List<String> header, List<List<String>> rows) {

    private static final int MOST = 10;
    private static final int MOST_COLUMNS = 8;
    private static final int LONGEST = 40;

    /** Finds the cells of held-out rows. */
    public interface Source {

        /**
         * The names of the columns, then the cells of each row.
         *
         * @param places the indices of the rows among the held-out ones
         * @return each row with its line first
         */
        List<List<String>> cells(List<Long> places) throws IOException;
    }

    static WorstRows of(Judgement judgement, Source source) throws IOException {
        HeldOut held = judgement.held();
        List<List<String>> words = new ArrayList<>();
        List<Integer> worst = judgement.classes().isPresent() ? ofClasses(judgement.classes().get(), held, words)
                : ofNumbers(judgement.regression().orElseThrow(), words);
        List<List<String>> cells = source.cells(worst.stream().map(held::place).toList());
        List<String> names = cells.get(0);
        List<Integer> shown = judgement.importance().flatMap(Judgement.Importance::columns)
                .map(found -> found.columns().stream().map(column -> names.indexOf(column.name())).filter(at -> at > 0))
                .orElseGet(() -> IntStream.range(1, names.size()).boxed()).limit(MOST_COLUMNS).toList();
        List<String> header = new ArrayList<>(List.of("line", "true", "predicted",
                judgement.classes().isPresent() ? "confidence" : "error"));
        shown.forEach(column -> header.add(Excerpt.within(names.get(column), LONGEST)));
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < worst.size(); row++) {
            List<String> found = cells.get(row + 1);
            rows.add(Stream.of(List.of(found.get(0)), words.get(row), shown.stream().map(found::get).toList())
                    .flatMap(List::stream).map(cell -> Excerpt.within(cell, LONGEST)).toList());
        }
        return new WorstRows(header, rows);
    }

    private static List<Integer> ofClasses(ClassificationReport report, HeldOut held, List<List<String>> words) {
        List<String> labels = report.labels();
        ToDoubleFunction<Integer> score = i -> held.prediction(i, labels).scores().get(held.truth(i, labels).label());
        List<Integer> worst = IntStream.range(0, held.count()).boxed().sorted(Comparator.comparingDouble(score)).limit(MOST).toList();
        for (int i : worst) {
            Prediction prediction = held.prediction(i, labels);
            words.add(List.of(held.truth(i, labels).label(), prediction.label(), Labels.number(prediction.score())));
        }
        return worst;
    }

    private static List<Integer> ofNumbers(Judgement.Regression numbers, List<List<String>> words) {
        List<Integer> worst = numbers.worst(MOST);
        worst.forEach(i -> words.add(List.of(Labels.number(numbers.actual()[i]), Labels.number(numbers.predicted()[i]),
                Labels.number(numbers.error(i)))));
        return worst;
    }
}
