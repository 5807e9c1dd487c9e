package beras.report;

import beras.runs.EpochNumbers;
import beras.runs.EpochNumbers.Part;
import beras.runs.RunRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The report of a training run: a page with its metrics by epoch, the quality of its model, and all that repeating it takes. */
public final class RunReport {

    /** The maximum of epochs in the table; longer runs are sampled at equal distances. */
    private static final int MOST_EPOCHS = 200;

    private final RunRecord run;
    private final Html html = new Html();
    private final Map<String, String> more = new LinkedHashMap<>(); // tiles of a run in progress

    private final Map<String, String> samples = new LinkedHashMap<>();
    private Optional<Svg> attention = Optional.empty();

    private RunReport(RunRecord run) {
        this.run = run;
    }

    /**
     * Makes a report.
     *
     * @param version   of BERAS
     * @param net       the layers in words; empty if the model is not there
     * @param judgement of the model; empty if it is not there, or the data are not
     * @param samples   texts that the model writes, by their captions
     * @param attention of a held-out window; empty if the model has none
     * @param remarks   the missing parts of this report, with the reasons
     * @return a page in UTF-8
     */
    public static byte[] of(RunRecord run, String version, Optional<String> net, Optional<Judgement> judgement,
            Map<String, String> samples, Optional<Svg> attention, List<String> remarks) {
        RunReport report = new RunReport(run);
        report.samples.putAll(samples);
        report.attention = attention;
        report.write(net, judgement, remarks);
        return Page.of(run.name() + ": training report", version, report.html, false);
    }

    /**
     * Makes the report of a training run in progress, a page that reloads itself.
     *
     * @param version of BERAS
     * @param done    epochs so far
     * @param epochs  that there will be, unless training stops before
     * @param left    the remaining time in seconds; empty if it is not known
     * @param rate    examples per second; empty if it is not known
     * @return a page in UTF-8
     */
    static byte[] running(RunRecord run, String version, int done, int epochs, OptionalDouble left, OptionalDouble rate) {
        RunReport report = new RunReport(run);
        String percent = 100L * done / epochs + " %";
        report.html.add("h1", run.name()).add("p", run.outcome() + " This page reloads itself.", "class", "lead")
                .open("p", "class", "answer").add("strong", percent).text(" Epoch " + done + " of " + epochs + " is done"
                        + (left.isEmpty() ? "." : ", about " + duration(left.getAsDouble()) + " left.")).close("p")
                .add("progress", "", "value", Integer.toString(done), "max", Integer.toString(epochs), "aria-label",
                        "epochs done");
        if (rate.isPresent()) {
            report.more.put("examples a second", Long.toString(Math.round(rate.getAsDouble())));
        }
        double[] losses = run.epochs().values().getOrDefault(Part.VALIDATION.of("loss"), new double[0]);
        int best = CurveCharts.best("loss", losses);
        if (best >= 0) {
            report.more.put("best epoch", run.epochs().epochs()[best] + ", validation loss " + Labels.number(losses[best]));
        }
        report.writeBody(Optional.empty(), Optional.empty());
        return Page.of(percent + " " + run.name(), version, report.html, true);
    }

    private static String duration(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        return time.toHours() > 0 ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    private void write(Optional<String> net, Optional<Judgement> judgement, List<String> remarks) {
        html.add("h1", run.name()).add("p", run.outcome(), "class", run.well() ? "lead" : "warning");
        remarks.forEach(remark -> html.add("p", remark, "class", "warning"));
        if (!run.resume().isEmpty()) {
            html.add("p", "It can be resumed from where its state was kept last, in the folder in which it was begun:");
            writeCommand(run.resume());
        }
        writeBody(net, judgement);
    }

    private void writeBody(Optional<String> net, Optional<Judgement> judgement) {
        Optional<JudgementHtml> judged = judgement.map(made -> new JudgementHtml(made, html));
        judged.ifPresent(JudgementHtml::writeAnswer);
        judged.ifPresent(JudgementHtml::writeErrors);
        if (run.epochs().count() > 0) {
            html.add("h2", "Training curves");
        }
        writeTiles();
        if (run.epochs().count() > 0) {
            writeCurves();
        }
        judged.ifPresent(JudgementHtml::writeCurves);
        if (!samples.isEmpty()) {
            html.add("h2", "Samples of text");
            samples.forEach((caption, text) -> html.add("h3", caption).open("pre", "tabindex", "0").text(text).close("pre"));
        }
        attention.ifPresent(chart -> html.add("h2", "Attention").add("p", "By how much each token of a held-out window, in its row, attends"
                + " to the others: the mean over heads, the darker the nearer to the largest of the row.").plots(List.of(chart)));
        writeRecipe(net);
        if (run.columns().size() > 1) {
            html.add("h2", "Columns of the table");
            List<String> header = run.columns().get(0).stream().map(name -> name.replace('_', ' ')).toList();
            html.table("What each column is taken for", header, run.columns().subList(1, run.columns().size()));
        }
        writeOrigin();
    }

    private void writeTiles() {
        Map<String, String> tiles = new LinkedHashMap<>();
        for (String name : Part.inOrder(run.values().keySet())) {
            tiles.put(Part.words(name), Labels.number(run.values().get(name)));
        }
        if (run.epochs().count() > 0) {
            int[] made = run.epochs().epochs();
            tiles.put("epochs made", Integer.toString(made[made.length - 1]));
        }
        run.kept().ifPresent(epoch -> tiles.put("weights of epoch", Integer.toString(epoch)));
        tiles.putAll(more);
        html.open("dl", "class", "tiles");
        tiles.forEach((name, value) -> html.open("div").add("dt", name).add("dd", value).close("div"));
        html.close("dl");
    }

    // ------------------------------------------------------------------------------------------------------ curves

    private void writeCurves() {
        EpochNumbers numbers = run.epochs();
        html.plots(CurveCharts.of(numbers, run.kept()));
        double[] rates = numbers.rates();
        if (rates.length > 0 && !numbers.rateChanges()) {
            html.add("p", "The learning rate was " + Labels.number(rates[0]) + " in all epochs.");
        }
        writeEpochs();
    }

    private void writeEpochs() {
        EpochNumbers numbers = run.epochs();
        List<String> header = new ArrayList<>(List.of("epoch"));
        numbers.values().keySet().forEach(name -> header.add(name.replace('_', ' ')));
        int[] rows = Chart.thinned(IntStream.range(0, numbers.count()).toArray(), MOST_EPOCHS);
        html.open("details").add("summary", "All numbers by epoch");
        html.table(rows.length == numbers.count() ? "Each epoch" : rows.length + " of " + numbers.count() + " epochs", header,
                IntStream.of(rows).mapToObj(row -> {
                    List<String> cells = new ArrayList<>(List.of(Integer.toString(numbers.epochs()[row])));
                    numbers.values().values().forEach(values -> cells.add(Labels.number(values[row])));
                    return cells;
                }).toList());
        html.close("details");
    }

    // ------------------------------------------------------------------------------------------------------- facts

    private void writeRecipe(Optional<String> net) {
        html.add("h2", "Recipe");
        Map<String, String> settings = new LinkedHashMap<>(run.recipe());
        settings.keySet().removeIf(name -> name.startsWith(Comparison.LAYERS));
        Map<String, String> layers = new LinkedHashMap<>(run.recipe());
        layers.keySet().removeIf(name -> !name.startsWith(Comparison.LAYERS));
        net.ifPresent(text -> html.open("pre", "tabindex", "0").text(text).close("pre"));
        html.open("div", "class", "side").open("div");
        html.table("All settings, those that were not given included", settings);
        html.close("div").open("div");
        html.table("Options that were given", run.options());
        if (!layers.isEmpty()) {
            html.open("details").add("summary", "All settings of the layers").table("Layers, in their order", layers)
                    .close("details");
        }
        html.close("div").close("div");
    }

    private void writeOrigin() {
        if (!run.provenance().isEmpty() || !run.facts().isEmpty()) {
            html.add("h2", "Provenance").open("div", "class", "side").open("div");
            html.table("Provenance of the model", run.provenance());
            html.close("div").open("div");
            html.table("Model and machine", run.facts());
            html.close("div").close("div");
        }
        if (!run.command().isEmpty()) {
            String first = run.provenance().get(RunRecord.FIRST_EPOCHS);
            html.add("h2", "Reproduce").add("p", "In the folder in which this training was begun, with the same data, this "
                    + (first == null ? "makes the same weights, bit by bit, on any machine:"
                            : "trains all epochs at once. Here " + first + " were trained at first and more later, to which a"
                                    + " schedule of the learning rate is fitted again, so that other weights may come of it:"));
            writeCommand(run.command());
        }
        if (!run.verify().isEmpty()) {
            html.add("h2", "Verify").add("p", "In that folder, this repeats the training, and reports whether the model has the"
                    + " same bits, or in which epoch and in which weight the two part. It writes nothing:");
            writeCommand(run.verify());
        }
    }

    private void writeCommand(String command) {
        html.open("pre", "class", "command", "tabindex", "0").open("code").text(command).close("code").close("pre");
    }
}
