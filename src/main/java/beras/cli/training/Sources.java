package beras.cli.training;

import beras.cli.options.DataKind;
import beras.cli.options.OptionRules;
import beras.cli.options.TableDataOptions;
import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.data.image.ImageSets;
import beras.data.rows.TextFolder;
import beras.data.table.Table;
import beras.data.table.TableOptions;
import beras.data.table.TableSplit;
import beras.files.WholeFile;
import beras.models.DataSource;
import beras.sources.ArrayFiles;
import beras.sources.ArraySource;
import beras.sources.ImageNet;
import beras.sources.ImageOptions;
import beras.sources.ImageSource;
import beras.sources.PictureSource;
import beras.sources.TextNet;
import beras.sources.TextSource;
import beras.tables.TableDefaults;
import beras.tables.TableTraining;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** The source of the examples that the options of {@code train} name. */
public final class Sources {

    public static DataSource of(CommandSpec spec, TrainOptions options) throws IOException {
        if (TrainCommand.isTable(options)) {
            return table(spec, options);
        }
        if (TrainCommand.isText(options)) {
            return text(spec, options);
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
        if (options.table.target == null && Files.isDirectory(options.data)) {
            options.table.target = TextFolder.CLASS;
        }
        if (options.table.target == null) {
            try (Table named = Table.open(options.table.file.of(spec, options.data))) {
                throw Usage.invalid(spec, "--target", options.data + " is a table, so a column to predict must be named,"
                        + " one of " + String.join(", ", named.columns()));
            }
        }
        TableTraining made = OptionRules.set(spec, TableTraining.of(options.table.file.of(spec, options.data), options.table.target))
                .split(split(spec, options)).options(tableOptions(spec, options));
        return options.table.validationData == null ? made
                : made.validationData(options.table.file.of(spec, options.table.validationData));
    }

    private static TableSplit split(CommandSpec spec, TrainOptions options) {
        if (options.table.validationData != null && isSame(options.table.validationData, options.data)) {
            throw Usage.invalid(spec, "--validation-data", "it is --data itself, of which all rows are trained on. Name a"
                    + " table of other rows, or remove it, and some rows are held out");
        }
        double share = heldOut(spec, options, TableDefaults.VALIDATION_SPLIT);
        String how = options.table.split == null ? TableDefaults.SPLIT : options.table.split;
        return TableSplit.parse(how, share).seed(options.table.splitSeed());
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return WholeFile.place(one).equals(WholeFile.place(other));
        } catch (FileSystemException e) {
            return false; // opening it will report the error
        }
    }

    static TableOptions tableOptions(CommandSpec spec, TrainOptions options) {
        TableOptions made = OptionRules.set(spec, new TableOptions());
        return options.table.types == null ? made
                : made.types(Usage.check(spec, "--types", () -> TableTypes.parse(options.table.types, options.table.target)));
    }

    // ---------------------------------------------------------------------------------------------------- arrays

    private static ArraySource arrays(CommandSpec spec, TrainOptions options) {
        DataKind.ARRAYS.requireOptions(spec);
        return new ArraySource(options.data, options.table.task(spec), heldOut(spec, options, TableDefaults.VALIDATION_SPLIT_OF_ARRAYS),
                options.table.splitSeed());
    }

    /** The share that is held out; refuses a seed of a split without any, except of a cross-validation, which splits in any case. */
    private static double heldOut(CommandSpec spec, TrainOptions options, double usual) {
        double share = options.validationSplit == null ? usual : options.validationSplit;
        if (options.table.splitSeed != null && share == 0 && options.crossValidate == null) {
            throw Usage.invalid(spec, TableDataOptions.SPLIT_SEED, "nothing is held out. Add --validation-split, such as 0.1, or"
                    + " remove it");
        }
        return share;
    }

    // ----------------------------------------------------------------------------------------------------- texts

    private static TextSource text(CommandSpec spec, TrainOptions options) {
        DataKind.TEXT.requireOptions(spec);
        return new TextSource(options.data, options.tokens == null ? TextSource.CHARACTERS : options.tokens,
                options.context == null ? TextSource.CONTEXT : options.context,
                options.net == null ? TextNet.TRANSFORMER : TextNet.of(options.net),
                options.validationSplit == null ? TextSource.VALIDATION_SPLIT : options.validationSplit, options.seed);
    }

    // ---------------------------------------------------------------------------------------------------- images

    private static ImageSource images(CommandSpec spec, TrainOptions options) {
        heldOut(spec, options, ImageOptions.VALIDATION_SPLIT);
        return ImageSource.of(options.data, imageOptions(spec, options, DataKind.IMAGES));
    }

    private static ImageOptions imageOptions(CommandSpec spec, TrainOptions options, DataKind kind) {
        kind.requireOptions(spec);
        ImageOptions made = OptionRules.set(spec, new ImageOptions());
        if (options.net == null) {
            return made;
        }
        ImageNet net = ImageNet.of(options.net);
        return made.net(options.reduceLr == null ? net : net.unscheduled());
    }

    private static PictureSource pictures(CommandSpec spec, TrainOptions options) throws IOException {
        PictureSource source = PictureSource.of(options.data, imageOptions(spec, options, DataKind.PICTURES));
        requireOutside(spec, "--run", options.place.run, options.data);
        requireOutside(spec, "--out", options.place.out().toAbsolutePath().getParent(), options.data);
        if (options.testEveryEpoch && !source.holdsTest()) {
            throw Usage.invalid(spec, "--test-every-epoch", "there are no pictures to test on. Remove it");
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
