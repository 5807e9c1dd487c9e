package beras.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.text.TextWindows;
import beras.data.text.Vocabulary;
import beras.feed.Examples;
import beras.feed.SeriesWindows;
import beras.layers.BatchNormalization;
import beras.layers.Bidirectional;
import beras.layers.Conv1D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.GRU;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.GlobalMaxPooling1D;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.LayerNormalization;
import beras.layers.Masking;
import beras.layers.MaxPooling1D;
import beras.layers.PositionEmbedding;
import beras.layers.RepeatVector;
import beras.layers.SimpleRNN;
import beras.layers.TimeDistributed;
import beras.layers.TransformerBlock;
import beras.layers.activations.ReLU;
import beras.models.Model;
import beras.models.Sampling;
import beras.models.Sequential;
import beras.models.TokenGenerator;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keras's examples of sequences, with its layers on tiny data: each learns what it is made for. Comments have the names of Keras's files. */
@Tag("model")
class KerasSequencesTest {

    private static final int COUNT = 400;
    private static final int STEPS = 12;
    private static final int WORDS = 30;
    private static final Rng RNG = new Rng(1, "sequences", 0);

    /** Padded with zeros behind; the words of the two classes are others, but for one. */
    private static final Tensor TEXTS = Tensor.generate(i -> i % STEPS < length(i / STEPS) ? word(i) : 0, COUNT, STEPS);
    private static final Tensor OPINIONS = Tensor.generate(i -> i % 2, COUNT);
    /** A wave in noise, slow or fast. */
    private static final Tensor WAVES = Tensor.generate(i -> Math.sin((i / 24 % 2 == 0 ? 0.3 : 0.9) * (i % 24) + i / 24) + 0.3 * RNG.uniform(i),
            COUNT, 24, 1);
    private static final Tensor SPEEDS = Tensor.generate(i -> i % 2, COUNT);

    private static int length(int text) {
        return 6 + text % 7;
    }

    private static int word(int i) {
        return (i / STEPS % 2 == 0 ? 3 : 16) + (int) (14 * RNG.uniform(i));
    }

    private static void assertLearns(Model model, String optimizer, String loss, Tensor x, Tensor y, FitOptions options, double accuracy) {
        model.compile(optimizer, loss, "accuracy");
        model.fit(x, y, options);
        double reached = model.evaluate(x, y).get("accuracy");
        assertTrue(reached >= accuracy, () -> "accuracy " + reached);
    }

    private static FitOptions epochs(int epochs) {
        return new FitOptions().epochs(epochs).batchSize(32).seed(1);
    }

    /** bidirectional_lstm_imdb. */
    @Test
    void twoBidirectionalLstms() {
        Sequential model = new Sequential(1, new Input(STEPS), new Embedding(WORDS, 16), new Bidirectional(new LSTM(8).returnSequences(true)),
                new Bidirectional(new LSTM(8)), new Dense(1, "sigmoid"));
        assertLearns(model, "adam(0.01)", "binary_crossentropy", TEXTS, OPINIONS, epochs(4), 0.97);
    }

    /** text_classification_from_scratch. */
    @Test
    void convolutionsOverWords() {
        Sequential model = new Sequential(1, new Input(STEPS), new Embedding(WORDS, 16), new Dropout(0.5),
                new Conv1D(16, 3).activation("relu"), new Conv1D(16, 3).activation("relu"), new GlobalMaxPooling1D(), new Dense(16, "relu"),
                new Dropout(0.5), new Dense(1, "sigmoid"));
        assertLearns(model, "adam(0.01)", "binary_crossentropy", TEXTS, OPINIONS, epochs(8), 0.97);
    }

    /** text_classification_with_transformer. */
    @Test
    void aTransformerThatClassifies() {
        Sequential model = new Sequential(1, new Input(STEPS), new Embedding(WORDS, 16), new PositionEmbedding(STEPS).addsInput(true),
                new TransformerBlock(2, 32), new GlobalAveragePooling1D(), new Dropout(0.1), new Dense(20, "relu"), new Dense(2, "softmax"));
        assertLearns(model, "adam(0.01)", "sparse_categorical_crossentropy", TEXTS, OPINIONS, epochs(4), 0.97);
    }

    /** understanding_masking_and_padding: on which side the padding is changes no bit. */
    @Test
    void masksOfPaddedTexts() {
        Sequential model = new Sequential(1, new Input(STEPS), new Embedding(WORDS, 16).maskZero(true), new LSTM(16), new Dense(1, "sigmoid"));
        assertLearns(model, "adam(0.01)", "binary_crossentropy", TEXTS, OPINIONS, epochs(4), 0.97);
        Tensor left = Tensor.generate(i -> i < STEPS - length(0) ? 0 : TEXTS.get(0, i - STEPS + length(0)), 1, STEPS);
        assertArrayEquals(model.predict(TEXTS.slice(0, 1)).toArray(), model.predict(left).toArray());
    }

    /** addition_rnn: 2 digits plus 2 digits, as characters. */
    @Test
    void additionBySequenceToSequence() {
        int characters = 11; // + is the last
        Tensor questions = Tensor.generate(i -> i % characters == question(i / characters / 3, i / characters % 3) ? 1 : 0, 100, 3, characters);
        Tensor answers = Tensor.generate(i -> i % characters == answer(i / characters / 2, i / characters % 2) ? 1 : 0, 100, 2, characters);
        Sequential model = new Sequential(1, new Input(3, characters), new LSTM(64), new RepeatVector(2), new LSTM(64).returnSequences(true),
                new Dense(characters, "softmax"));
        assertLearns(model, "adam(0.01)", "categorical_crossentropy", questions, answers, epochs(60).batchSize(10), 0.95);
    }

    /** Of a plus b, the numbers of one digit that a sum is made of. */
    private static int question(int sum, int place) {
        return place == 1 ? 10 : place == 0 ? sum / 10 : sum % 10;
    }

    private static int answer(int sum, int place) {
        int value = sum / 10 + sum % 10;
        return place == 0 ? value / 10 : value % 10;
    }

    /** lstm_character_level_text_generation: the next character of one-hot rows. */
    @Test
    void theNextCharacterByAnLstm() {
        String text = "to be or not to be, that is the question. ".repeat(12);
        Vocabulary vocabulary = Vocabulary.ofCharacters(text);
        int[] tokens = vocabulary.encode(text);
        int size = vocabulary.size();
        int count = tokens.length - STEPS;
        Tensor x = Tensor.generate(i -> tokens[i / size / STEPS + i / size % STEPS] == i % size ? 1 : 0, count, STEPS, size);
        Tensor y = Tensor.generate(i -> tokens[i / size + STEPS] == i % size ? 1 : 0, count, size);
        Sequential model = new Sequential(1, new Input(STEPS, size), new LSTM(32), new Dense(size, "softmax"));
        assertLearns(model, "rmsprop(0.01)", "categorical_crossentropy", x, y, epochs(12), 0.97);
    }

    /** text_generation_with_miniature_gpt. */
    @Test
    void aMiniatureGpt() {
        String text = "to be or not to be, that is the question. ".repeat(12);
        Vocabulary vocabulary = Vocabulary.ofCharacters(text);
        Sequential model = new Sequential(1, new Input(STEPS), new Embedding(vocabulary.size(), 32), new PositionEmbedding(STEPS).addsInput(true),
                new TransformerBlock(2, 64).causal(true), new LayerNormalization(), new Dense(vocabulary.size()));
        model.compile("adam(0.01)", "sparse_categorical_crossentropy(from_logits=true)");
        model.fit(new TextWindows(vocabulary.encode(text), STEPS), epochs(25).batchSize(4));
        StringBuilder written = new StringBuilder("to be ");
        new TokenGenerator(model).generate(vocabulary.encode(written), 6, new Sampling(0, 0, 1, 1), token -> {
            written.append(vocabulary.token(token));
            return true;
        });
        assertTrue(List.of("to be or not", "to be, that ").contains(written.toString()), written::toString);
    }

    /** timeseries_weather_forecasting. */
    @Test
    void aForecastByAnLstm() {
        Tensor series = Tensor.generate(i -> Math.sin(i * 0.3) + 0.5 * Math.sin(i * 0.11), 600, 1);
        Examples training = new SeriesWindows(series, series.slice(24, 600), 24);
        Sequential model = new Sequential(1, new Input(24, 1), new LSTM(16), new Dense(1));
        model.compile("adam(0.01)", "mse");
        model.fit(training, epochs(6));
        double loss = model.evaluate(training).loss();
        assertTrue(loss < 0.02, () -> "loss " + loss);
    }

    /** timeseries_classification_from_scratch. */
    @Test
    void convolutionsOverASeries() {
        Sequential model = new Sequential(1, new Input(24, 1), new Conv1D(16, 3).padding("same"), new BatchNormalization().momentum(0.9),
                new ReLU(), new MaxPooling1D(2), new Conv1D(16, 3).padding("same").activation("relu"),
                new GlobalAveragePooling1D(), new Dense(2, "softmax"));
        assertLearns(model, "adam(0.01)", "sparse_categorical_crossentropy", WAVES, SPEEDS, epochs(6), 0.97);
    }

    /** timeseries_classification_transformer. */
    @Test
    void aTransformerOverASeries() {
        Sequential model = new Sequential(1, new Input(24, 1), new TimeDistributed(new Dense(16)), new PositionEmbedding(24).addsInput(true),
                new TransformerBlock(4, 16), new GlobalAveragePooling1D(), new Dense(16, "relu"), new Dense(2, "softmax"));
        assertLearns(model, "adam(0.005)", "sparse_categorical_crossentropy", WAVES, SPEEDS, epochs(20), 0.95);
    }

    /** working_with_rnns: every kind of cell over sequences of numbers, of which some steps are masked. */
    @Test
    void threeCellsOverMaskedSteps() {
        Tensor x = Tensor.generate(i -> i % 24 < 12 + i / 24 % 12 ? WAVES.get(i / 24, i % 24, 0) : -9, COUNT, 24, 1);
        Sequential model = new Sequential(1, new Input(24, 1), new Masking(-9), new GRU(16).returnSequences(true),
                new LSTM(16).returnSequences(true), new SimpleRNN(16), new Dense(2, "softmax"));
        assertLearns(model, "adam(0.01)", "sparse_categorical_crossentropy", x, SPEEDS, epochs(12), 0.97);
    }
}
