package beras.report;

import beras.config.InvalidDataException;
import beras.data.DataException;
import beras.data.text.TextPreprocessor;
import beras.data.text.Vocabulary;
import beras.feed.Batches;
import beras.files.WholeFile;
import beras.layers.MultiHeadAttention;
import beras.layers.Node;
import beras.layers.TransformerBlock;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sampling;
import beras.models.TokenGenerator;
import beras.runs.RunFolder;
import beras.runs.RunReader;
import beras.runs.RunReader.Commands;
import beras.saving.SavedModel;
import beras.saving.Version;
import beras.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Writes the report of a run: while its training runs, when it ends, and later on. */
public final class RunReports {

    private static final int SAMPLE = 300; // tokens that a model of texts writes

    /**
     * Examples that were held out from training, to judge the model by.
     *
     * @param what    they are called, such as {@code test examples}
     * @param batches of them; empty if none were held out
     * @param labels  of the classes; empty for a regression
     * @param rows    of a table
     */
    public record HeldOutData(String what, Optional<Batches> batches, List<String> labels, Optional<WorstRows.Source> rows) {}

    /**
     * Writes the report into the folder of the run.
     *
     * @param commands as of {@link RunReader}
     * @param saved   the model; empty if there is none, of which the remarks give the reason
     * @param data    to judge the model by; empty if they are not there, of which the remarks give the reason
     * @param remarks the missing parts of the report
     */
    public static void write(RunFolder folder, Commands commands, Optional<SavedModel> saved, Optional<HeldOutData> data,
            List<String> remarks) throws IOException {
        List<String> all = new ArrayList<>(remarks);
        Optional<Judgement> judgement = Optional.empty();
        boolean ofText = saved.isPresent() && saved.get().preprocessor().orElse(null) instanceof TextPreprocessor; // its perplexity suffices
        if (saved.isPresent() && data.isPresent() && !ofText) {
            try {
                judgement = judge(saved.get(), data.get());
                if (judgement.isEmpty()) {
                    all.add("No examples were held out from training, so there are none to judge the model by.");
                } else if (data.get().rows().isPresent()) {
                    judgement = Optional.of(judgement.get().worst(WorstRows.of(judgement.get(), data.get().rows().get())));
                }
            } catch (DataException e) {
                all.add("The rows that the model is most wrong about are missing here: " + e.getMessage() + ".");
            } catch (InvalidDataException e) {
                all.add("The model was not judged on examples that were held out: " + e.getMessage() + ".");
            }
        }
        Map<String, String> samples = new LinkedHashMap<>();
        try {
            saved.ifPresent(there -> addSamples(there, samples));
        } catch (InvalidDataException e) {
            all.add("A sample of what the model writes is missing: " + e.getMessage() + ".");
        }
        byte[] page = RunReport.of(reader(folder, commands).read(saved), Version.get(),
                saved.map(there -> there.model().summary()), judgement, samples,
                saved.flatMap(there -> data.flatMap(held -> attention(there, held))), all);
        WholeFile.write(folder.report(), true, out -> out.write(page));
    }

    static RunReader reader(RunFolder folder, Commands commands) throws IOException {
        return new RunReader(folder, WholeFile.place(folder.path()).getFileName().toString(), commands);
    }

    private static Optional<Judgement> judge(SavedModel saved, HeldOutData data) {
        Model model = saved.probabilities();
        return data.batches().map(batches -> Judgement.of(model, saved.preprocessor(), data.labels(),
                HeldOut.of(data.what(), batches, model)));
    }

    /** What a model of texts writes before and after training, by its captions; nothing of another model. */
    private static void addSamples(SavedModel saved, Map<String, String> samples) {
        if (saved.preprocessor().orElse(null) instanceof TextPreprocessor text && saved.recipe().isPresent()) {
            samples.put("Before training", sample(Models.of(saved.recipe().get(), text.inputShape()), text.vocabulary()));
            samples.put("After training", sample(saved.model(), text.vocabulary()));
        }
    }

    /** The attention of the last layer that has it, for the first held-out window of a text; empty without such. */
    private static Optional<Svg> attention(SavedModel saved, HeldOutData data) {
        Optional<Node> last = saved.model().nodes().stream()
                .filter(node -> node.layer() instanceof TransformerBlock || node.layer() instanceof MultiHeadAttention)
                .reduce((one, next) -> next);
        if (last.isEmpty() || data.batches().isEmpty() || !(saved.preprocessor().orElse(null) instanceof TextPreprocessor text)) {
            return Optional.empty();
        }
        Tensor window;
        try (Batches.Pass pass = data.batches().get().open(0)) {
            window = pass.next().inputs().get(0).slice(0, 1).copy();
        }
        Tensor[] inputs = last.get().inputs().stream()
                .map(input -> new Functional(saved.model().inputNodes(), List.of(input)).forward(window)).toArray(Tensor[]::new);
        Tensor weights = last.get().layer() instanceof TransformerBlock block ? block.attentionWeights(inputs[0])
                : ((MultiHeadAttention) last.get().layer()).attentionWeights(inputs);
        List<String> tokens = IntStream.range(0, window.size()).mapToObj(i -> text.vocabulary().token((int) window.get(0, i))).toList();
        boolean ofTokens = weights.dim(2) == tokens.size() && weights.dim(3) == tokens.size();
        return ofTokens ? Optional.of(Charts.attention(tokens, weights)) : Optional.empty();
    }

    private static String sample(Model model, Vocabulary vocabulary) {
        int[] line = vocabulary.encode("\n");
        StringBuilder written = new StringBuilder();
        new TokenGenerator(model).without(Vocabulary.UNKNOWN).generate(line.length == 0 ? new int[] {Vocabulary.UNKNOWN} : line, SAMPLE,
                Sampling.OF_TEXTS, token -> {
                    written.append(vocabulary.token(token));
                    return true;
                });
        return written.toString();
    }

    private RunReports() {}
}
