package beras.examples;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.text.TextPreprocessor;
import beras.data.text.TextWindows;
import beras.data.text.Vocabulary;
import beras.feed.Examples;
import beras.feed.SeriesWindows;
import beras.layers.Bidirectional;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.GRU;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.LayerNormalization;
import beras.layers.PositionEmbedding;
import beras.layers.TransformerBlock;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.models.Sampling;
import beras.models.Sequential;
import beras.models.TokenGenerator;
import beras.optimizers.Adam;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the page on sequences. */
@Tag("model")
class SequencesTest {

    @Test
    void forecast() {
        Tensor series = Tensor.generate(i -> Math.sin(i * 0.4) + 0.5 * Math.sin(i * 0.13), 1000, 1);
        int part = 800;
        Tensor past = series.slice(0, part);
        Tensor future = series.slice(part, series.dim(0));
        Examples training = new SeriesWindows(past, past.slice(24, past.dim(0)), 24);
        Examples validation = new SeriesWindows(future, future.slice(24, future.dim(0)), 24);
        Sequential forecast = new Sequential(1, new Input(24, 1), new GRU(16), new Dense(1));
        forecast.compile(new Adam(0.01), "mse");
        forecast.fit(training, new FitOptions().epochs(5).validationData(validation).seed(1));

        double variance = future.variance(0).item();
        double loss = forecast.evaluate(validation).loss();
        assertTrue(loss < 0.02 * variance, () -> loss + " of " + variance);
    }

    /** Sequences of 5 to 20 tokens, of class 1 if a 7 is in them, padded with zeros. */
    @Test
    void classify() {
        float[][] tokens = new float[600][20];
        int[] labels = new int[600];
        for (int i = 0; i < tokens.length; i++) {
            labels[i] = i % 2;
            int length = 5 + i * 7 % 16;
            for (int t = 0; t < length; t++) {
                tokens[i][t] = 8 + (i * 31 + t * 17) % 42;
            }
            tokens[i][i % length] = labels[i] == 1 ? 7 : tokens[i][i % length];
        }
        Sequential classifier = new Sequential(1, new Input(20), new Embedding(50, 8).maskZero(true),
                new Bidirectional(new LSTM(8)), new Dense(2, "softmax"));
        classifier.compile(new Adam(0.01), "sparse_categorical_crossentropy", "accuracy");
        classifier.fit(tokens, labels, new FitOptions().epochs(8).seed(1));

        assertTrue(classifier.evaluate(tokens, labels).get("accuracy") > 0.95);
    }

    @Test
    void write(@TempDir Path folder) throws IOException {
        String text = "the quick brown fox jumps over the lazy dog. ".repeat(30);
        Vocabulary vocabulary = Vocabulary.ofCharacters(text);
        int steps = 16;
        Sequential net = new Sequential(3, new Input(steps), new Embedding(vocabulary.size(), 16),
                new PositionEmbedding(steps).addsInput(true), new TransformerBlock(2, 32).causal(true),
                new LayerNormalization(), new Dense(vocabulary.size()));
        net.compile(new Adam(0.01), new SparseCategoricalCrossEntropy().fromLogits(true));
        net.fit(new TextWindows(vocabulary.encode(text), steps), new FitOptions().epochs(8).batchSize(8).seed(1));

        StringBuilder written = new StringBuilder("the quick");
        new TokenGenerator(net).generate(vocabulary.encode(written), 40, new Sampling(0.5, 5, 0.9, 1), token -> {
            written.append(vocabulary.token(token));
            return true;
        });
        assertTrue(written.toString().startsWith("the quick brown fox jumps over the "), written::toString);

        Path file = folder.resolve("text.beras");
        ModelFile.save(new SavedModel(net).preprocessor(new TextPreprocessor(vocabulary, steps)), file);
        SavedModel saved = ModelFile.load(file);
        Vocabulary loaded = ((TextPreprocessor) saved.preprocessor().orElseThrow()).vocabulary();
        assertEquals(vocabulary, loaded);
        Tensor x = Tensor.generate(i -> i % vocabulary.size(), 1, steps);
        assertArrayEquals(net.predict(x).toArray(), saved.model().predict(x).toArray());
    }
}
