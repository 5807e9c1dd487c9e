package beras.bench.endtoend;

import beras.compute.Compute;
import beras.data.text.Vocabulary;
import beras.models.Sampling;
import beras.models.Sequential;
import beras.models.TokenGenerator;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * Trains the transformer of {@link SequenceWork} on a text, {@code FILE.txt STEPS SEED THREADS}: prints the loss per character of the
 * held-out tenth as CSV, and a sample before and after. {@code bench/rivals/text_pytorch.py} is the same in PyTorch.
 */
public final class SequenceText {

    private static final int WINDOWS = 12;
    private static final int VALIDATION = 2000;

    /** Trains. */
    public static void main(String[] arguments) throws IOException {
        String text = Files.readString(Path.of(arguments[0]));
        int steps = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        Compute.setThreads(Integer.parseInt(arguments[3]));
        Vocabulary vocabulary = Vocabulary.ofCharacters(text);
        int[] tokens = vocabulary.encode(text);
        int held = (int) (tokens.length * 9L / 10);
        int[] rest = Arrays.copyOfRange(tokens, held, tokens.length);
        Sequential net = SequenceWork.net("transformer", seed);
        int stride = (rest.length - SequenceWork.CONTEXT - 1) / VALIDATION;
        Tensor[] validation = windows(rest, VALIDATION, i -> i * stride);
        report(net, validation, seed, 0);
        sample(net, vocabulary);
        Rng rng = new Rng(seed, "windows", 0);
        for (int step = 1; step <= steps; step++) {
            long first = (long) step * WINDOWS;
            Tensor[] batch = windows(tokens, WINDOWS, i -> (int) (rng.uniform(first + i) * (held - SequenceWork.CONTEXT - 1)));
            net.trainOnBatch(batch[0], batch[1]);
            if (step % 500 == 0) {
                report(net, validation, seed, step);
            }
        }
        sample(net, vocabulary);
    }

    /** Tokens, and their successors. */
    private static Tensor[] windows(int[] tokens, int count, IntUnaryOperator start) {
        int context = SequenceWork.CONTEXT;
        int[] starts = new int[count];
        Arrays.setAll(starts, start);
        return new Tensor[] {Tensor.generate(i -> tokens[starts[i / context] + i % context], count, context),
            Tensor.generate(i -> tokens[starts[i / context] + i % context + 1], count, context)};
    }

    private static void report(Sequential net, Tensor[] validation, long seed, int step) {
        System.out.printf(Locale.ROOT, "beras,%d,%d,%.4f%n", seed, step, net.evaluate(validation[0], validation[1]).loss());
    }

    private static void sample(Sequential net, Vocabulary vocabulary) {
        StringBuilder written = new StringBuilder("And ");
        new TokenGenerator(net).generate(vocabulary.encode(written), 300, new Sampling(0.8, 0, 1, 1), token -> {
            written.append(token < vocabulary.size() ? vocabulary.token(token) : "?");
            return true;
        });
        System.out.println(written);
    }

    private SequenceText() {}
}
