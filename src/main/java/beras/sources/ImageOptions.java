package beras.sources;

import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.config.SettingException;
import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.Images;
import beras.data.image.PictureForm;
import beras.feed.Examples;
import beras.tables.TableDefaults;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How training images are split and augmented, and for which network. Immutable: each method returns a changed copy, and
 * rejects a value out of its range with a {@link SettingException}.
 */
@CheckReturnValue
public final class ImageOptions extends Options<ImageOptions> {

    /** The entry of a model's provenance with the share of images that were held out. */
    public static final String VALIDATION_ORIGIN = "validation_split";
    /** The share of a set of images that is held out to validate if nothing is given. */
    public static final double VALIDATION_SPLIT = 0;
    /** The share of a folder of pictures that is held out to validate if nothing is given, unless it is of too few. */
    public static final double VALIDATION_SPLIT_OF_PICTURES = 0.15;
    /**
     * With fewer held-out images neither an epoch nor a temperature is chosen, as the standard error of their accuracy is up to
     * 5 points; and so few pictures are not held out by default, as they are worth more in training.
     */
    public static final int FEWEST_VALIDATED = 100;
    /** The share of a folder of pictures that is held out as a test if nothing is given. */
    public static final double TEST_SPLIT = 0.2;
    /** Rows and columns that pictures of different sizes are made into if nothing is given. */
    public static final int SIDE = 32;
    /** The longest side that pictures of one size are made into if nothing is given. */
    public static final int LONGEST_SIDE = 64;

    /** Rows and columns of an image. */
    public record Size(int rows, int columns) {

        private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,3})x([1-9]\\d{0,3})");

        /**
         * Parses a text such as {@code 28x28}.
         *
         * @throws SettingException if it is not a size, or a side is not from 1 to 9999
         */
        public static Size parse(String text) {
            Matcher sides = TEXT.matcher(text.strip());
            if (!sides.matches()) {
                throw new SettingException("size", "it must be rows and columns from 1 to 9999, such as 28x28. Received: " + text);
            }
            return new Size(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
        }

        /** This one, or one of the same proportions whose longer side is this long. */
        Size within(int longest) {
            int longer = Math.max(rows, columns);
            return longer <= longest ? this : new Size(Math.max(1, Math.round((float) rows * longest / longer)),
                    Math.max(1, Math.round((float) columns * longest / longer)));
        }
    }

    /** The channels of images. */
    public enum Color {
        /** One channel. */
        GREY(1),
        /** Red, green and blue. */
        RGB(3);

        final int channels;

        Color(int channels) {
            this.channels = channels;
        }
    }

    // Others in this package read them, but only the methods below set them, of a copy.
    Optional<Double> validationSplit = Optional.empty();
    Optional<Double> testSplit = Optional.empty();
    long splitSeed = TableDefaults.SEED;
    ImageNet net = ImageNet.of(ImageNet.DENSE);
    Optional<Size> size = Optional.empty();
    Optional<Color> color = Optional.empty();
    boolean skipsBroken;
    private long seed = TableDefaults.SEED;
    private ImageAugmentation augmentation; // null: none
    private double outliers; // 0: none

    /** For a set of images no validation split and no augmentation; for pictures of a folder as they suggest. */
    public ImageOptions() {}

    /**
     * The share of the images to train on, at least 0 and below 1, that is held out to validate, each class in proportion; default
     * {@value #VALIDATION_SPLIT}, for a folder of pictures {@value #VALIDATION_SPLIT_OF_PICTURES} if that is
     * {@value #FEWEST_VALIDATED} pictures or more.
     */
    public ImageOptions validationSplit(double share) {
        return with(copy -> copy.validationSplit = Optional.of(requireShare("validationSplit", share)));
    }

    /**
     * The share of each class, at least 0 and below 1, that is held out as a test, of a folder of pictures without a folder test;
     * default {@value #TEST_SPLIT}.
     */
    public ImageOptions testSplit(double share) {
        return with(copy -> copy.testSplit = Optional.of(requireShare("testSplit", share)));
    }

    private static double requireShare(String setting, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new SettingException(setting, "it must be a share of the examples, at least 0 and below 1, such as 0.2. Received: "
                    + share);
        }
        return share;
    }

    /** The seed of the choice of held-out images; default 1. */
    public ImageOptions splitSeed(long newSeed) {
        return with(copy -> copy.splitSeed = newSeed);
    }

    /** The seed of augmentation; default 1. */
    public ImageOptions seed(long newSeed) {
        return with(copy -> copy.seed = newSeed);
    }

    /** The network whose layers, epochs and schedule are the defaults of a recipe; default {@link ImageNet#DENSE}. */
    public ImageOptions net(ImageNet newNet) {
        return with(copy -> copy.net = newNet);
    }

    /** How images to train on are changed, differently in each epoch; default not at all. */
    public ImageOptions augmentation(ImageAugmentation newAugmentation) {
        return with(copy -> copy.augmentation = newAugmentation);
    }

    /**
     * How many pictures that are of no class are trained on for each image, at most 1, see {@link PictureForm#withOutliers};
     * default none.
     */
    public ImageOptions outliers(double share) {
        try {
            return with(copy -> copy.outliers = PictureForm.requireOutlierShare(share));
        } catch (IllegalArgumentException e) {
            throw new SettingException("outliers", e.getMessage(), e);
        }
    }

    /**
     * The size that pictures of a folder are scaled to; default their size if it is the same, within {@link #LONGEST_SIDE}.
     *
     * @throws SettingException if a side is not from 1 to 9999
     */
    public ImageOptions size(Size newSize) {
        Size made = Size.parse(newSize.rows + "x" + newSize.columns);
        return with(copy -> copy.size = Optional.of(made));
    }

    /** The channels that pictures of a folder are made into; default three if any has colors. */
    public ImageOptions color(Color newColor) {
        return with(copy -> copy.color = Optional.of(newColor));
    }

    /** Skips broken files of a folder, and those that are not pictures; by default they are rejected. */
    public ImageOptions skipBroken() {
        return with(copy -> copy.skipsBroken = true);
    }

    /** The share that is held out to validate. */
    double validationShare() {
        return validationSplit.orElse(VALIDATION_SPLIT);
    }

    /**
     * The examples to train on that are made of these images.
     *
     * @throws SettingException if there are no outliers for such images
     */
    Examples shown(Images train) {
        return withOutliers(augmentation == null ? train : new AugmentedImages(train, augmentation, seed), train);
    }

    /** These examples, and as many outliers for each as are trained on. */
    Examples withOutliers(Examples examples, Images images) {
        try {
            return outliers == 0 ? examples : PictureForm.ofGrey().withOutliers(examples, images, outliers, seed);
        } catch (IllegalArgumentException e) {
            throw new SettingException("outliers", e.getMessage(), e);
        }
    }
}
