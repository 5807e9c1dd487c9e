import beras.data.text.Vocabulary;
import beras.layers.Bidirectional;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.GRU;
import beras.layers.Input;
import beras.models.Sequential;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The verses that verses.py writes, by an embedding of words and a bidirectional GRU: {@code java -cp beras.jar results/Verses.java FOLDER SEED}. */
public final class Verses {

    private static final int LENGTH = 64;
    private static final List<String> PARTS = List.of("law", "history", "wisdom", "prophets", "gospels", "acts", "letters", "revelation");

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int seed = Integer.parseInt(arguments[1]);
        List<String> training = new ArrayList<>();
        float[] y = read(folder.resolve("train.csv"), training);
        List<String> tests = new ArrayList<>();
        float[] truth = read(folder.resolve("test.csv"), tests);
        Vocabulary vocabulary = Vocabulary.ofWords(String.join(" ", training), 8000);
        Sequential net = new Sequential(seed, new Input(LENGTH), new Embedding(vocabulary.size() + 1, 64).maskZero(true), new Dropout(0.3),
                new Bidirectional(new GRU(64)), new Dropout(0.5), new Dense(PARTS.size(), "softmax"));
        net.compile("adam(0.002)", "sparse_categorical_crossentropy", "accuracy");
        Tensor x = tokens(vocabulary, training);
        Tensor held = tokens(vocabulary, tests);
        for (int epoch = 1; epoch <= 6; epoch++) {
            net.fit(x, Tensor.of(y), new FitOptions().epochs(1).batchSize(64).seed(seed * 100 + epoch));
            System.out.printf(Locale.ROOT, "beras,epoch %d seed %d,%.4f%n", epoch, seed, net.evaluate(held, Tensor.of(truth)).get("accuracy"));
        }
    }

    /** Labels; adds the texts. */
    private static float[] read(Path file, List<String> texts) throws IOException {
        List<String> lines = Files.readAllLines(file);
        float[] labels = new float[lines.size() - 1];
        for (int i = 0; i < labels.length; i++) {
            String line = lines.get(i + 1);
            int comma = line.indexOf(',');
            labels[i] = PARTS.indexOf(line.substring(0, comma));
            texts.add(line.substring(comma + 1).replaceAll("[^A-Za-z]+", " ").toLowerCase(Locale.ROOT).strip());
        }
        return labels;
    }

    /** Their first words by number, from 1, and zeros behind. */
    private static Tensor tokens(Vocabulary vocabulary, List<String> texts) {
        float[] tokens = new float[texts.size() * LENGTH];
        for (int i = 0; i < texts.size(); i++) {
            int[] words = vocabulary.encode(texts.get(i));
            for (int t = 0; t < Math.min(words.length, LENGTH); t++) {
                tokens[i * LENGTH + t] = words[t] + 1;
            }
        }
        return Tensor.of(tokens).reshape(texts.size(), LENGTH);
    }
}
