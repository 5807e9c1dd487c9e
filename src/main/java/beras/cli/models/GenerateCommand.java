package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.data.text.TextPreprocessor;
import beras.data.text.Vocabulary;
import beras.files.Excerpt;
import beras.models.Model;
import beras.models.Sampling;
import beras.models.TokenGenerator;
import beras.saving.SavedModel;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code generate}: continues a text. */
@Command(name = "generate", header = "Continues a text.", sortOptions = false, showDefaultValues = true,
        description = {"Has a model that was trained on a text continue another, token by token as they are chosen. The same model, options"
                + " and seed give the same text on any machine."},
        footer = {"", "Examples:",
            "  beras generate book.beras --prompt 'In the beginning'",
            "  beras generate book.beras --length 2000 --temperature 0.5 --seed 7"})
public final class GenerateCommand extends BaseCommand {

    private static final String NEW_LINE = "\n";
    private static final Pattern WITHIN_LINES = Pattern.compile("[^\n\t]+");

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to continue, which is printed first. Default: an empty"
            + " line.")
    private String prompt;

    @Option(names = "--length", paramLabel = "N", defaultValue = "500", description = "How many tokens to add: characters, words or"
            + " byte pairs, as the model was trained.")
    private int length;

    @Option(names = "--temperature", paramLabel = "T", defaultValue = "" + Sampling.TEMPERATURE, description = "Below 1 likely tokens become likelier;"
            + " 0: always the likeliest.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", defaultValue = "0", description = "Choose among the K likeliest tokens only; 0: among"
            + " all.")
    private int topK;

    @Option(names = "--top-p", paramLabel = "SHARE", defaultValue = "1", description = "Choose among the likeliest tokens only, whose"
            + " probabilities reach this sum.")
    private double topP;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Decides which tokens are chosen.")
    private long seed;

    @Override
    public Integer call() throws Exception {
        if (length < 1) {
            throw Usage.invalid(spec, "--length", "it must be at least 1. Received: " + length);
        }
        Usage.check(spec, "--temperature", () -> new Sampling(temperature, 0, 1, seed));
        Usage.check(spec, "--top-k", () -> new Sampling(1, topK, 1, seed));
        Sampling sampling = Usage.check(spec, "--top-p", () -> new Sampling(temperature, topK, topP, seed));
        console.backend(); // refuses wrong system properties
        SavedModel saved = Predictions.load(modelFile.path);
        if (!(saved.preprocessor().orElse(null) instanceof TextPreprocessor text)) {
            throw new Failure(Exit.BAD_DATA, modelFile.path + ": expected a model that was trained on a text, as by train --data book.txt."
                    + " Received: one that predicts something else, or a file without its vocabulary");
        }
        int[] tokens = tokens(text.vocabulary());
        console.out().print(printable(prompt == null ? "" : prompt));
        return Failure.blaming(modelFile.path, () -> { // the network may not be of a kind that train makes
            write(saved.model(), text.vocabulary(), tokens, length, sampling, console.out());
            return Exit.DONE;
        });
    }

    /** Writes tokens that continue others, each as it is chosen, and ends the line; stops if nobody reads them any more. */
    public static void write(Model model, Vocabulary vocabulary, int[] prompt, int length, Sampling sampling, PrintStream out) {
        new TokenGenerator(model).without(Vocabulary.UNKNOWN).generate(prompt, length, sampling, token -> {
            out.print(printable(vocabulary.token(token)));
            return !out.checkError(); // which flushes
        });
        out.println();
    }

    private int[] tokens(Vocabulary vocabulary) {
        String begin = prompt == null ? NEW_LINE : prompt;
        if (begin.isEmpty()) {
            throw Usage.invalid(spec, "--prompt", "a text is continued from at least one token. Received: an empty text");
        }
        List<String> unknown = vocabulary.unknown(begin);
        if (!unknown.isEmpty()) {
            throw Usage.invalid(spec, "--prompt", prompt == null ? "the text that the model was trained on has no empty line to begin with."
                    + " Give a prompt" : "it must consist of what was in the text that the model was trained on. Received besides: "
                            + String.join(", ", unknown.stream().map(part -> "\"" + part + "\"").toList()));
        }
        return vocabulary.encode(begin);
    }

    /** Lines and tabs as they are, and nothing that a terminal would obey. */
    private static String printable(String token) {
        return WITHIN_LINES.matcher(token).replaceAll(part -> Matcher.quoteReplacement(Excerpt.printable(part.group())));
    }
}
