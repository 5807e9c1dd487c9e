package beras.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What becomes of a folder of pictures that is trained on. */
final class FolderOptions {

    private static final String SIZE = "--size";
    private static final String COLOR = "--color";
    static final String TEST_SPLIT = "--test-split";
    /** More is more than a net of this library can take. */
    private static final int MOST_SIDE = 10_000;

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
        int rows = 0;
        int columns = 0;
        int by = size.indexOf('x');
        if (by > 0) {
            try {
                rows = Integer.parseInt(size.substring(0, by).strip());
                columns = Integer.parseInt(size.substring(by + 1).strip());
            } catch (NumberFormatException e) {
                columns = 0; // reported below
            }
        }
        if (rows < 1 || columns < 1 || rows > MOST_SIDE || columns > MOST_SIDE) {
            throw Usage.invalid(spec, SIZE, "it must be rows and columns from 1 to " + MOST_SIDE + ", such as 28x28. Received: "
                    + size);
        }
        return new Size(rows, columns);
    }

    /** The colours that are asked for; null: what the pictures have. */
    Color color(CommandSpec spec) {
        return color == null ? null : Usage.check(spec, COLOR, () -> TableTypes.valueOf(Color.class, "it", color));
    }
}
