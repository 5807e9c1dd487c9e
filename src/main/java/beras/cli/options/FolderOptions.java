package beras.cli.options;

import beras.sources.ImageOptions;
import picocli.CommandLine.Option;

/** The options of a folder of pictures to train on; {@link beras.sources.PictureSource} reads it. */
@DataKind.For(DataKind.PICTURES)
@OptionRules.Sets(ImageOptions.class)
public final class FolderOptions {

    /** The folder that is read by default. */
    public static final String DATA = "data";

    public static final String SKIP_BROKEN = "--skip-broken";
    public static final String SKIPS = "leave out files that are no pictures, or broken ones, which by default end"
            + " the command.";

    @HelpPage.Begins("Folders of pictures")
    @OptionRules.Sets(value = ImageOptions.class, by = "size")
    @Option(names = "--size", paramLabel = "ROWSxCOLUMNS", description = "Folders of pictures: the size that pictures are made into,"
            + " such as 28x28: as large as fits without changing their proportions, in the middle of black. Default: that of all"
            + " pictures if it is the same, but no side longer than " + ImageOptions.LONGEST_SIDE + "; else "
            + ImageOptions.SIDE + "x" + ImageOptions.SIDE + ".")
    String size;

    @Option(names = "--color", paramLabel = "grey|rgb", description = "Folders of pictures: grey, or three channels for red, green"
            + " and blue. Default: rgb if any picture has colours.")
    String color;

    @Option(names = "--test-split", paramLabel = "SHARE", description = "Folders of pictures: the share of each class that is held"
            + " out as a test, if there is no folder test. Default: " + ImageOptions.TEST_SPLIT + ".")
    Double testSplit;

    @Option(names = SKIP_BROKEN, description = "Folders of pictures: " + SKIPS)
    boolean skipBroken;

    static ImageOptions.Size size(String text) {
        return ImageOptions.Size.parse(text);
    }
}
