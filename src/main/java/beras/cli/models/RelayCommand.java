package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.OptionRules;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Text;
import beras.data.image.Picture;
import beras.digits.Box;
import beras.digits.PageReader;
import beras.digits.Reading;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relay}: the digits of a page of handwriting, and nothing else. */
@Command(name = "relay", header = "Reads the handwritten digits on pages.", sortOptions = false, showDefaultValues = true,
        description = {"Finds the handwritten digits on pages (photographs of paper, a whiteboard, a wall) and prints nothing but them, a"
                + " line for each line of writing.",
            "The picture shows an upright page and little else: cut off the desk beside it. Ruled lines, frames,"
                + " shadows, words and specks are ignored, digits that touch are split, lines may be turned by up to five degrees, and"
                + " the page a little tilted. What the network has little confidence in is no digit: train it with --outliers, or it is"
                + " confident of everything, and with --validation-split, so that its confidence is calibrated.",
            "All is printed or nothing: if a picture has no digits (exit code 3), does not look like an upright page of digits (5), or the"
                + " confidence of one is too low (5), the message reports it, and no digit is printed."},
        footer = {"", "Examples:",
            "  beras train --net lenet \\",
            "      --augment " + RelayCommand.AUGMENT + " --outliers 0.2 \\",
            "      --validation-split 0.1 --out digits.beras",
            "  beras relay digits.beras page.jpg",
            "  beras relay digits.beras page.jpg \\",
            "      --min-confidence 0.7"})
public final class RelayCommand extends BaseCommand {

    /** As outliers are sharp, some images must be, too. */
    static final String AUGMENT = "shift=2,rotate=12,zoom=0.1,shear=0.1,unchanged=0.33";
    private static final String MIN_CONFIDENCE = "--min-confidence";
    private static final String PLACEHOLDER = "--placeholder";
    /** A confidence is never shown as 1, which a softmax does not reach. */
    private static final double MOST_SHOWN = 0.9999;
    /** So many unsure digits of a picture are listed. */
    private static final int MOST_LISTED = 20;

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @Parameters(index = "1..*", paramLabel = "PICTURE", arity = "1..*", description = "Pages, as PNG, JPEG, BMP or GIF.")
    private List<Path> pictures;

    @Mixin
    private final RejectOption reject = new RejectOption();

    @Option(names = MIN_CONFIDENCE, paramLabel = "P", description = "Print nothing if the confidence of one of the digits is lower.")
    private Double minConfidence;

    @OptionRules.Needs(MIN_CONFIDENCE)
    @Option(names = PLACEHOLDER, paramLabel = "MARK", description = "With " + MIN_CONFIDENCE + ": print this mark instead of such a digit,"
            + " one character such as ?, and all others as they are.")
    private String placeholder;

    @Option(names = "--json", description = "Print one JSON object for each picture: lines, digits, confidence, and boxes in pixels.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        requireSense();
        console.backend(); // refuses wrong system properties
        SavedModel saved = Predictions.requireNoText(Predictions.load(modelFile.path), modelFile.path);
        PageReader reader = reader(saved);
        Predictions.sayScaling(saved, modelFile.path, console);
        List<Reading> readings = new ArrayList<>();
        int exit = Exit.DONE;
        for (Path file : pictures) {
            Picture picture = Picture.read(file);
            Reading reading = Failure.blaming(file, () -> reader.read(picture));
            readings.add(reading);
            saySteps(reading, file);
            int one = judge(reading, file);
            exit = exit == Exit.DONE ? one : exit; // of several, the first error
        }
        for (int i = 0; exit == Exit.DONE && i < readings.size(); i++) {
            print(pictures.get(i), readings.get(i));
        }
        return exit;
    }

    private void requireSense() {
        reject.bound(spec);
        if (minConfidence != null) {
            RejectOption.require(spec, MIN_CONFIDENCE, minConfidence);
        }
        if (placeholder != null && (placeholder.codePointCount(0, placeholder.length()) != 1
                || placeholder.codePoints().anyMatch(c -> Character.isDigit(c) || Character.isISOControl(c)))) {
            throw Usage.invalid(spec, PLACEHOLDER, "it must be one character, and no digit. Received: " + placeholder);
        }
    }

    private PageReader reader(SavedModel saved) {
        PageReader reader = Failure.blaming(modelFile.path, ". Train one on MNIST: "
                + Text.command("train --net lenet --augment " + AUGMENT + " --outliers 0.2 --validation-split 0.1"), () -> PageReader.of(saved));
        OptionalDouble bound = reject.bound(spec);
        return bound.isPresent() ? reader.reject(bound.getAsDouble()) : reader;
    }

    /** Reports doubtful readings, and how much was left out. */
    private void saySteps(Reading reading, Path file) {
        int others = reading.others().size();
        List<String> all = new ArrayList<>();
        if (reading.mayBeUpsideDown()) {
            all.add("the page may be upside down: turn it by 180 degrees if it is");
        }
        if (others > 0 && !reading.lines().isEmpty()) { // without digits there is an error with this
            all.add(Text.count(others, "thing") + (others == 1 ? " was" : " were") + " taken for no digit"
                    + (reading.words() > 0 ? ", those of " + Text.count(reading.words(), "word") + " among them" : ""));
        }
        if (!all.isEmpty()) {
            console.err().println(file + ": " + String.join(", ", all));
        }
    }

    private double least() {
        return minConfidence == null ? 0 : minConfidence;
    }

    /** Whether the digits of a picture may be sent; reports it if not. */
    private int judge(Reading reading, Path file) {
        if (reading.lines().isEmpty()) {
            console.err().println("beras: " + file + ": expected a picture of handwritten digits. Received: " + (reading.others().isEmpty()
                    ? "one in which nothing is written. Take it with more light, or nearer"
                    : "one without any, though there " + (reading.others().size() == 1 ? "is one thing that is none"
                            : "are " + reading.others().size() + " things that are none") + ". Take it from nearer, or lower "
                            + RejectOption.NAME + "; the page of `serve` shows what was read"));
            return Exit.BAD_DATA;
        }
        if (reading.turn() != 0) {
            console.err().println("beras: " + file + ": nothing is printed: expected an upright page. Received: one that is "
                    + (reading.turn() == 180 ? "upside down" : "on its side") + ". Turn the picture clockwise by " + reading.turn()
                    + " degrees");
            return Exit.UNSURE;
        }
        if (!reading.isOfDigits()) {
            console.err().println("beras: " + file + ": nothing is printed: this does not look like a page of digits: the mean"
                    + " confidence of its marks is " + Text.decimals(reading.confidence(), 2) + ", that of digits is above "
                    + Reading.MIN_CONFIDENCE
                    + ". Cut out the digits, or take them from nearer; the page of `serve` shows what was read");
            return Exit.UNSURE;
        }
        if (placeholder != null) {
            return Exit.DONE;
        }
        int unsure = 0;
        for (int line = 0; line < reading.lines().size(); line++) {
            List<Reading.Digit> digits = reading.lines().get(line).digits();
            for (int place = 0; place < digits.size(); place++) {
                Reading.Digit digit = digits.get(place);
                if (digit.confidence() < least() && ++unsure <= MOST_LISTED) {
                    Box box = digit.box();
                    console.err().println("beras: " + file + ": line " + (line + 1) + ", digit " + (place + 1) + ", at " + box.left() + ","
                            + box.top() + " of " + box.width() + " x " + box.height() + " pixels: perhaps " + digit.value()
                            + ", with confidence " + Text.decimals(Math.min(digit.confidence(), MOST_SHOWN), 4));
                }
            }
        }
        if (unsure > 0) {
            console.err().println("beras: " + file + ": nothing is printed: the confidence of " + Text.count(unsure, "digit") + " is below "
                    + minConfidence + ". Write more clearly, lower " + MIN_CONFIDENCE + ", or add " + PLACEHOLDER + " ?");
        }
        return unsure > 0 ? Exit.UNSURE : Exit.DONE;
    }

    // ------------------------------------------------------------------------------------------------------- results

    private String sent(Reading.Digit digit) {
        return digit.confidence() < least() ? placeholder : Integer.toString(digit.value());
    }

    private String sent(Reading.Line line) {
        return line.digits().stream().map(this::sent).collect(Collectors.joining());
    }

    private void print(Path file, Reading reading) throws IOException {
        if (!json) {
            reading.lines().forEach(line -> console.out().println(sent(line)));
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("picture", file);
        fields.putAll(reading.fields(this::sent, this::sent));
        console.printJson(fields);
    }
}
