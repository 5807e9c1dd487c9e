package beras.sources;

import beras.config.SettingException;
import beras.data.text.TextPreprocessor;
import beras.data.text.TextWindows;
import beras.data.text.Vocabulary;
import beras.feed.Examples;
import beras.files.Background;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.models.ReadListener;
import beras.models.Sampling;
import beras.models.TokenGenerator;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The text of a {@link TextSource} as windows of tokens. */
public final class TextData implements TrainingData {

    private final TextSource source;
    private final Background<String> hash;
    private final TextPreprocessor preprocessor;
    private final Examples training;
    private final Examples held;

    /** @param count how many of the tokens are to train on; the others are held out */
    TextData(TextSource source, Vocabulary vocabulary, TextWindows windows, long count) {
        this.source = source;
        this.hash = Background.startLater("beras-hash", () -> DataHash.of(source.path()).orElseThrow());
        this.preprocessor = new TextPreprocessor(vocabulary, source.context());
        this.training = windows.part(0, count).seed(source.seed());
        this.held = count == windows.tokens() ? training.select() : windows.part(count, windows.tokens()).forValidation();
    }

    /** Layers that are given get an embedding before and an output behind them, unless they have these. */
    @Override
    public Recipe complete(Recipe given) {
        int size = vocabulary().size();
        String output = size + ":linear";
        Recipe defaults = new Recipe().batchSize(TextNet.BATCH_SIZE).optimizer(TextNet.OPTIMIZER)
                .layers(source.net().layers(size, source.context()));
        defaults = defaults.epochs(TextNet.epochs(examples(), given.or(defaults).batchSize()));
        defaults = given.gives("optimizer") ? defaults : defaults.schedule(TextNet.SCHEDULE);
        return given.output(output).input(TextNet.input(size)).complete(defaults, this).validationSplit(source.validationSplit());
    }

    private Vocabulary vocabulary() {
        return preprocessor.vocabulary();
    }

    /** All epochs are made, as the schedule expects. */
    @Override
    public int patience(Recipe recipe) {
        return Integer.MAX_VALUE;
    }

    /** Rejects a network that sees the tokens that it is to predict, or cannot write a text. */
    @Override
    public void prepare(Model model) {
        try {
            new TokenGenerator(model).generate(new int[] {Vocabulary.UNKNOWN}, 1, Sampling.DEFAULT, any -> true);
        } catch (IllegalArgumentException e) {
            throw new SettingException("layers", "a net that writes a text sees no later tokens. " + e.getMessage(), e);
        }
    }

    @Override
    public Shape inputShape() {
        return preprocessor.inputShape();
    }

    @Override
    public Shape targetShape() {
        return preprocessor.inputShape();
    }

    @Override
    public String neededOutputs() {
        return " needs outputs of shape " + preprocessor.outputShape() + ", for each token numbers for the one that follows: recurrent layers"
                + " have return_sequences=true, and the last layer has " + vocabulary().size() + " units";
    }

    @Override
    public long examples() {
        return training.count();
    }

    @Override
    public TrainingSet open(ReadListener listener) {
        return TrainingSet.of(inputShape(), targetShape(), training, held, metrics());
    }

    @Override
    public Optional<Examples> test() {
        return Optional.empty();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metrics.of("perplexity"));
    }

    @Override
    public List<String> labels() {
        return IntStream.range(0, vocabulary().size()).mapToObj(vocabulary()::token).toList();
    }

    @Override
    public boolean areLabelNumbers() {
        return true;
    }

    @Override
    public double[] balancedClassWeights() {
        throw new IllegalStateException("The tokens of a text are not weighted");
    }

    @Override
    public TextPreprocessor preprocessor() {
        return preprocessor;
    }

    @Override
    public Map<String, String> provenance() throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", source.path().toString());
        provenance.put(TableOrigin.DATA_HASH, hash.getOrRetry());
        provenance.put("examples", Long.toString(examples()));
        provenance.put(ImageData.VALIDATION_SPLIT, Double.toString(source.validationSplit()));
        return provenance;
    }
}
