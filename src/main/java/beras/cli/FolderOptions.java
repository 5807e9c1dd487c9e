package beras.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What becomes of a folder of pictures that is trained on. */
final class FolderOptions {

    private static final String SIZE = "--size";
    private static final String COLOR = "--color";
    static final String TEST_SPLIT = "--test-split";
    private static final Pattern SIDES = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

    @Option(names = SIZE, paramLabel = "ROWSxCOLUMNS", description = "Folders of pictures: the size that pictures are made into,"
            + " such as 28x28: as large as fits without changing their proportions, in the middle of black. Default: that of all"
            + " pictures if it is the same, but no side longer than " + TrainDefaults.LONGEST_SIDE + "; else "
            + TrainDefaults.SIDE + "x" + TrainDefaults.SIDE + ".")
    String size;

    @Option(names = COLOR, paramLabel = "grey|rgb", description = "Folders of pictures: grey, or three channels for red, green"
            + " and blue. Default: rgb if any picture has colours.")
    String color;

    @Option(names = TEST_SPLIT, paramLabel = "SHARE", description = "Folders of pictures: the share of each class that is kept"
            + " apart to be measured after each epoch, if there is no folder test. Default: " + TrainDefaults.TEST_SPLIT + ".")
    Double testSplit;

    /** Rows and columns. */
    record Size(int rows, int columns) {

        /** This one, or one of the same proportions whose longer side is this long. */
        Size within(int longest) {
            int longer = Math.max(rows, columns);
            return longer <= longest ? this : new Size(Math.max(1, Math.round((float) rows * longest / longer)),
                    Math.max(1, Math.round((float) columns * longest / longer)));
        }
    }

    /** What {@code --color} says. */
    enum Color {
        GREY(1), RGB(3);

        final int channels;

        Color(int channels) {
            this.channels = channels;
        }
    }

    /** Refuses all of these for other data. */
    void requireAbsent(CommandSpec spec, TrainOptions options) {
        options.requireAbsent(spec, SIZE, size, "folders of pictures");
        options.requireAbsent(spec, COLOR, color, "folders of pictures");
        options.requireAbsent(spec, TEST_SPLIT, testSplit, "folders of pictures");
    }

    /** The size that is asked for; null: none. */
    Size size(CommandSpec spec) {
        if (size == null) {
            return null;
        }
        Matcher sides = SIDES.matcher(size.strip().toLowerCase(Locale.ROOT));
        if (!sides.matches() || Integer.parseInt(sides.group(1)) == 0 || Integer.parseInt(sides.group(2)) == 0) {
            throw Usage.invalid(spec, SIZE, "it must be rows and columns, such as 28x28. Received: " + size);
        }
        return new Size(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }

    /** The colours that are asked for; null: what the pictures have. */
    Color color(CommandSpec spec) {
        return color == null ? null : Usage.check(spec, COLOR, () -> TableTypes.valueOf(Color.class, "it", color));
    }
}
