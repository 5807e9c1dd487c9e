package beras.cli.training;

import beras.cli.options.DataKind;
import beras.cli.options.FolderOptions;
import beras.cli.options.TableDataOptions;
import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.cli.terminal.Text;
import beras.config.Names;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImageAugmentation.Flip;
import beras.data.image.ImageSets;
import beras.data.table.NamedValues;
import beras.data.table.Spellings;
import beras.data.table.Table;
import beras.data.table.TableOptions;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Task;
import beras.files.WholeFile;
import beras.models.DataSource;
import beras.sources.ArrayFiles;
import beras.sources.ArraySource;
import beras.sources.ImageNet;
import beras.sources.ImageOptions;
import beras.sources.ImageSource;
import beras.sources.PictureSource;
import beras.tables.TableDefaults;
import beras.tables.TableTraining;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** The source of the examples that the options of {@code train} name. */
public final class Sources {

    private static final String FLIP = "flip";
    private static final String ERASE = "erase";
    private static final String UNCHANGED = "unchanged";
    private static final List<String> AUGMENTATIONS = List.of("shift", "rotate", "zoom", "shear", FLIP, ERASE, UNCHANGED);

    public static DataSource of(CommandSpec spec, TrainOptions options) throws IOException {
        if (TrainCommand.isTable(options)) {
            return table(spec, options);
        }
        if (ArrayFiles.hasNumbers(options.data)) {
            return arrays(spec, options);
        }
        // Asked in this order, training on MNIST loads nothing that is for pictures.
        boolean pictures = !ImageSets.isIn(options.data) && PictureSource.isOne(options.data);
        return pictures ? pictures(spec, options) : images(spec, options);
    }

    // ---------------------------------------------------------------------------------------------------- tables

    static TableTraining table(CommandSpec spec, TrainOptions options) throws IOException {
        DataKind.TABLE.requireOptions(spec);
        if (options.table.target == null) {
            try (Table named = Table.open(options.table.file.of(spec, options.data))) {
                throw Usage.invalid(spec, "--target", options.data + " is a table, so a column to predict must be named,"
                        + " one of " + String.join(", ", named.columns()));
            }
        }
        TableTraining made = TableTraining.of(options.table.file.of(spec, options.data), options.table.target)
                .split(split(spec, options)).options(tableOptions(spec, options));
        if (options.table.validationData != null) {
            made = made.validationData(options.table.file.of(spec, options.table.validationData));
        }
        return options.table.shuffleBuffer == null ? made : made.shuffleBuffer(options.table.shuffleBuffer);
    }

    private static TableSplit split(CommandSpec spec, TrainOptions options) {
        if (options.table.validationData != null) {
            requireNoSplit(spec, "--validation-split", options.validationSplit);
            requireNoSplit(spec, "--split", options.table.split);
            requireNoSplit(spec, TableDataOptions.SPLIT_SEED, options.table.splitSeed);
            if (isSame(options.table.validationData, options.data)) {
                throw Usage.invalid(spec, "--validation-data", "it is --data itself, of which all rows are trained on. Name a"
                        + " table of other rows, or remove it, and some rows are held out");
            }
        }
        double share = options.validationSplit == null ? TableDefaults.VALIDATION_SPLIT : options.validationSplit;
        String how = options.table.split == null ? TableDefaults.SPLIT : options.table.split;
        return TableSplit.parse(how, share).seed(options.table.splitSeed());
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return WholeFile.place(one).equals(WholeFile.place(other));
        } catch (FileSystemException e) {
            return false; // to open it will say what is wrong
        }
    }

    private static void requireNoSplit(CommandSpec spec, String option, Object value) {
        if (value != null) {
            throw Usage.invalid(spec, option, "it cannot be combined with --validation-data, for all rows of --data are trained on"
                    + " then. Remove one of them");
        }
    }

    static TableOptions tableOptions(CommandSpec spec, TrainOptions options) {
        TableOptions made = new TableOptions();
        Optional<Task> task = options.table.task(spec);
        made = task.isEmpty() ? made : made.task(task.get());
        made = options.table.distribution == null ? made : made.distribution(Usage.check(spec, "--distribution",
                () -> TableTypes.valueOf(Distribution.class, "it", options.table.distribution)));
        made = options.table.maxCategories == null ? made : made.maxCategories(options.table.maxCategories);
        made = options.table.spellings == null ? made : made.spellings(Usage.check(spec, "--spellings",
                () -> TableTypes.valueOf(Spellings.class, "it", options.table.spellings)));
        made = options.table.bins == null ? made : made.bins(options.table.bins);
        made = options.table.sampleWeight == null ? made : made.sampleWeight(options.table.sampleWeight);
        return options.table.types == null ? made
                : made.types(Usage.check(spec, "--types", () -> TableTypes.parse(options.table.types, options.table.target)));
    }

    // ---------------------------------------------------------------------------------------------------- arrays

    private static ArraySource arrays(CommandSpec spec, TrainOptions options) {
        DataKind.ARRAYS.requireOptions(spec);
        double share = options.validationSplit == null ? TableDefaults.VALIDATION_SPLIT_OF_ARRAYS : options.validationSplit;
        requireSplit(spec, options, share);
        return new ArraySource(options.data, options.table.task(spec), share, options.table.splitSeed());
    }

    /** Refuses a seed for a split of data of which nothing is held out. */
    private static void requireSplit(CommandSpec spec, TrainOptions options, double share) {
        if (options.table.splitSeed != null && share == 0) {
            throw Usage.invalid(spec, TableDataOptions.SPLIT_SEED, "nothing is held out that it could choose. Add"
                    + " --validation-split, such as 0.1, or remove it");
        }
    }

    // ---------------------------------------------------------------------------------------------------- images

    private static ImageSource images(CommandSpec spec, TrainOptions options) {
        ImageOptions made = imageOptions(spec, options, DataKind.IMAGES);
        requireSplit(spec, options, options.validationSplit == null ? ImageOptions.VALIDATION_SPLIT : options.validationSplit);
        return ImageSource.of(options.data, made);
    }

    private static ImageOptions imageOptions(CommandSpec spec, TrainOptions options, DataKind kind) {
        kind.requireOptions(spec);
        ImageOptions made = new ImageOptions().seed(options.seed).splitSeed(options.table.splitSeed());
        if (options.net != null) {
            if (options.layers != null) {
                throw Usage.invalid(spec, "--net", "it names a net, and --layers describes one. Remove one of them");
            }
            ImageNet net = ImageNet.of(options.net);
            made = made.net(options.reduceLr == null ? net : net.unscheduled());
        }
        made = options.validationSplit == null ? made : made.validationSplit(options.validationSplit);
        made = options.augment == null ? made
                : made.augmentation(Usage.check(spec, "--augment", () -> augmentation(options.augment)));
        if (options.outliers != null) {
            made = made.outliers(options.outliers);
            if (options.classWeight != null) {
                throw Usage.invalid(spec, "--class-weight", "with --outliers it cannot be: an outlier is of no class. Remove one of them");
            }
        }
        return made;
    }

    private static ImageAugmentation augmentation(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        AUGMENTATIONS.stream().filter(name -> !name.equals(FLIP)).forEach(name -> numbers.put(name, 0.0));
        Map<String, String> given = new LinkedHashMap<>(NamedValues.parse(text));
        String flip = given.remove(FLIP);
        given.forEach((name, value) -> {
            if (!numbers.containsKey(name)) {
                throw new IllegalArgumentException("there is no " + name + " here, only " + String.join(", ", AUGMENTATIONS)
                        + Names.didYouMean(name, AUGMENTATIONS));
            }
            numbers.put(name, Text.number(name, value));
        });
        double erase = numbers.get(ERASE);
        if (erase != Math.rint(erase)) {
            throw new IllegalArgumentException(ERASE + " is the side of a square in whole pixels. Received: " + given.get(ERASE));
        }
        if (given.keySet().equals(Set.of(UNCHANGED)) && flip == null) {
            throw new IllegalArgumentException(UNCHANGED + " leaves images as they are, and nothing changes the others. Add what does,"
                    + " such as shift=2,rotate=12");
        }
        return new ImageAugmentation(numbers.get("shift"), numbers.get("rotate"), numbers.get("zoom"), numbers.get("shear"),
                flip == null ? Flip.NONE : TableTypes.valueOf(Flip.class, FLIP, flip), (int) erase, numbers.get(UNCHANGED));
    }

    private static PictureSource pictures(CommandSpec spec, TrainOptions options) throws IOException {
        ImageOptions made = imageOptions(spec, options, DataKind.PICTURES);
        made = options.folder.size == null ? made : made.size(ImageOptions.Size.parse(options.folder.size));
        made = options.folder.color == null ? made : made.color(Usage.check(spec, FolderOptions.COLOR,
                () -> TableTypes.valueOf(ImageOptions.Color.class, "it", options.folder.color)));
        made = options.folder.testSplit == null ? made : made.testSplit(options.folder.testSplit);
        made = options.folder.skipBroken ? made.skipBroken() : made;
        PictureSource source = PictureSource.of(options.data, made);
        requireOutside(spec, "--run", options.run, options.data);
        requireOutside(spec, "--out", options.out().toAbsolutePath().getParent(), options.data);
        if (options.testEveryEpoch && !source.holdsTest()) {
            throw Usage.invalid(spec, TrainOptions.TEST_EVERY_EPOCH, "there are no pictures to test on. Remove it");
        }
        return source;
    }

    /** A folder in the folder of pictures would be one of its classes afterwards, and a file in a class no picture of it. */
    private static void requireOutside(CommandSpec spec, String option, Path place, Path data) throws IOException {
        if (place != null) {
            Path in = WholeFile.place(place);
            Path pictures = WholeFile.place(data);
            if (in.startsWith(pictures) && !in.equals(pictures)) {
                throw Usage.invalid(spec, option, "it may not lie among the folders of classes in " + data
                        + ", for it would be taken for pictures then. Take another place");
            }
        }
    }

    private Sources() {}
}
