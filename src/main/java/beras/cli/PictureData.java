package beras.cli;

import beras.data.Splits.Split;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.PictureFolder;
import beras.data.image.PictureFolder.Part;
import beras.data.image.PictureForm;
import beras.files.WholeFile;
import beras.tables.TableDefaults;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** A folder of pictures for each class. */
final class PictureData extends ImageData {

    private static final PictureForm FORM = PictureForm.SCALED;
    private static final int MOST_CLASSES = 20;
    private static final Pattern SIDES = Pattern.compile("([1-9]\\d{0,3})x([1-9]\\d{0,3})");

    // Of the provenance.
    private static final String TEST_SPLIT = "test_split";

    /** Rows and columns. */
    private record Size(int rows, int columns) {

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

    private final Size size; // null: that of the pictures
    private final Color color; // null: that of the pictures
    private final PictureFolder folder;
    private final Split split;

    private PictureData(CommandSpec spec, TrainOptions options) throws IOException {
        super(spec, options, DataKind.PICTURES);
        size = size(spec, options.folder.size);
        color = color(spec, options.folder.color);
        folder = PictureFolder.open(options.data);
        requireClasses();
        requireOutside(spec, "--run", options.run, options.data);
        requireOutside(spec, "--out", options.out().toAbsolutePath().getParent(), options.data);
        Usage.check(spec, FolderOptions.TEST_SPLIT, () -> folder.split(0, testShare(), options.table.splitSeed()));
        split = Usage.check(spec, "--validation-split", () -> folder.split(validationShare(), testShare(), options.table.splitSeed()));
        requireSome("--validation-split", validationShare(), split.validation());
        requireSome(FolderOptions.TEST_SPLIT, testShare(), split.test());
        if (options.testEveryEpoch && split.test().length == 0) {
            throw Usage.invalid(spec, TrainOptions.TEST_EVERY_EPOCH, "there are no pictures to test on. Remove it");
        }
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

    private void requireSome(String option, double share, int[] part) {
        if (share > 0 && part.length == 0) {
            throw new Failure(Exit.BAD_DATA, folder + ": expected enough pictures to hold some out. Received: " + option + " "
                    + share + " of so few that each class needs all of its own to train on. Take a larger share, or more pictures");
        }
    }

    /**
     * Lists the pictures.
     *
     * @throws IOException if the folder is not as a {@link PictureFolder} must be
     */
    static TrainingData open(CommandSpec spec, TrainOptions options) throws IOException {
        return new PictureData(spec, options);
    }

    /** Whether this is a folder of folders, without the files of MNIST. */
    static boolean isOne(Path data) {
        return !ImageSets.isIn(data) && PictureFolder.isOne(data);
    }

    /** The size that is asked for; null: none. */
    private static Size size(CommandSpec spec, String size) {
        if (size == null) {
            return null;
        }
        Matcher sides = SIDES.matcher(size.strip());
        if (!sides.matches()) {
            throw Usage.invalid(spec, FolderOptions.SIZE, "it must be rows and columns from 1 to 9999, such as 28x28. Received: "
                    + size);
        }
        return new Size(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }

    /** The colours that are asked for; null: what the pictures have. */
    private static Color color(CommandSpec spec, String color) {
        return color == null ? null : Usage.check(spec, FolderOptions.COLOR, () -> TableTypes.valueOf(Color.class, "it", color));
    }

    private double testShare() {
        return options.folder.testSplit != null ? options.folder.testSplit
                : folder.tells(Part.TEST) ? 0 : TrainDefaults.TEST_SPLIT;
    }

    private void requireClasses() {
        int[] counts = counts(folder.tells(Part.TRAIN) ? folder.part(Part.TRAIN) : folder.all());
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw new Failure(Exit.BAD_DATA, folder + ": expected pictures of each class to train on. Received: none of "
                        + folder.classes().get(label) + ". Put some there, or remove the folder");
            }
        }
        if (counts.length < 2) {
            throw new Failure(Exit.BAD_DATA, folder + ": expected at least two classes, each a folder of pictures. Received: "
                    + folder.classes().get(0) + " alone");
        }
    }

    private int[] counts(int[] which) {
        int[] counts = new int[folder.classes().size()];
        for (int i : which) {
            counts[folder.label(i)]++;
        }
        return counts;
    }

    // ---------------------------------------------------------------------------------------------------------- reading

    @Override
    boolean keepsValidation() {
        return split.validation().length > 0;
    }

    @Override
    void begin() {} // to read is work for all threads, of which --threads tells the number

    @Override
    Parts read(Console console) throws IOException {
        if (folder.passedOver() > 0) {
            console.err().println(folder + ": " + Text.count(folder.passedOver(), "file") + " beside the folders of the classes "
                    + (folder.passedOver() == 1 ? "is" : "are") + " passed over");
        }
        Size made = size != null ? size : usualSize();
        int train = split.train().length;
        int learnt = train + split.validation().length;
        int[] which = Stream.of(split.train(), split.validation(), split.test()).flatMapToInt(IntStream::of).toArray();
        Images images;
        try (Reading progress = new Reading(console, which.length)) {
            images = folder.images(which, FORM, made.rows(), made.columns(), color == null ? Color.RGB.channels : color.channels,
                    progress);
        }
        images = color == null ? images.compact() : images;
        console.err().println(described(images, which.length - learnt));
        return new Parts(images.slice(0, train), images.slice(train, learnt),
                which.length == learnt ? null : images.slice(learnt, which.length));
    }

    /** That of all pictures if it is the same, unless it is too large. */
    private Size usualSize() throws IOException {
        List<Shape> sizes = folder.sizes();
        Shape first = sizes.get(0);
        return sizes.stream().allMatch(first::equals) ? new Size(first.dim(0), first.dim(1)).within(TrainDefaults.LONGEST_SIDE)
                : new Size(TrainDefaults.SIDE, TrainDefaults.SIDE);
    }

    private String described(Images images, int tested) {
        int[] counts = counts(folder.all());
        List<String> classes = new ArrayList<>();
        for (int label = 0; label < Math.min(MOST_CLASSES, counts.length); label++) {
            classes.add(folder.classes().get(label) + " (" + counts[label] + ")");
        }
        int more = counts.length - classes.size();
        boolean isRandom = !folder.tells(Part.TEST) && tested > 0 || !folder.tells(Part.VALIDATION) && keepsValidation();
        return Text.count(images.count(), "picture") + " of " + counts.length + " classes: " + String.join(", ", classes)
                + (more == 0 ? "" : " and " + more + " more") + "; each made into " + images.sides()
                + (images.channels() == 1 ? ", grey. " : ". ") + split.train().length + " to train on, "
                + split.validation().length + " to validate and " + tested + " to test"
                + (isRandom ? " (at random, each class in proportion)" : "");
    }

    @Override
    ImagePreprocessor preprocessor(Images train) {
        return new ImagePreprocessor(train.height(), train.width(), train.channels(), FORM, labels(), train.classes());
    }

    @Override
    List<String> labels() {
        return folder.classes();
    }

    /** As many as of a table: folders have few or many, too. */
    @Override
    int batchSize() {
        return TableDefaults.batchSize(images());
    }

    @Override
    int epochs(Nets.Net net, int batchSize) {
        return TableDefaults.epochs(images(), batchSize);
    }

    @Override
    String hash() throws IOException {
        return folder.sha256();
    }

    @Override
    Map<String, String> provenance() throws Exception {
        Map<String, String> provenance = super.provenance();
        provenance.put(VALIDATION_SPLIT, Double.toString(validationShare()));
        provenance.put(TEST_SPLIT, Double.toString(testShare()));
        provenance.put(SPLIT_SEED, Long.toString(options.table.splitSeed()));
        return provenance;
    }

    @Override
    List<String> next(String model) {
        int[] shown = split.test().length > 0 ? split.test() : split.train();
        return List.of("evaluate " + model + " --data " + Text.quote(options.data) + " --pictures pictures.png",
                "predict " + model + " " + Text.quote(folder.file(shown[0])));
    }

    // ------------------------------------------------------------------------------------------------------- evaluation

    /**
     * The pictures of a folder that a model is tested on: those in the folder test; of the folder that it was trained on those
     * that were held out then; else all.
     *
     * @param meaning    of the model
     * @param provenance of the model
     * @param isNamed    whether the model knows the names of its classes
     * @throws Failure if a class is not one of the model's
     */
    static Images tested(Path data, ImagePreprocessor meaning, boolean isNamed, Map<String, String> provenance, Console console)
            throws IOException {
        PictureFolder folder = PictureFolder.open(data);
        List<String> classes = folder.classes();
        if (isNamed ? !meaning.labels().containsAll(classes) : classes.size() != meaning.labels().size()) {
            throw new Failure(Exit.BAD_DATA, folder + ": expected folders of the classes that the model knows, "
                    + meaning.labels() + ". Received: " + classes);
        }
        if (!isNamed) {
            console.err().println(folder + ": The model does not name its classes: they are taken for these in their order");
        }
        int[] which = tested(folder, provenance, console);
        Images images = read(folder, which, meaning, console);
        byte[] labels = new byte[which.length];
        for (int i = 0; i < labels.length; i++) {
            int label = folder.label(which[i]);
            labels[i] = (byte) (isNamed ? meaning.labels().indexOf(classes.get(label)) : label);
        }
        return images.withLabels(labels, meaning.labels().size());
    }

    private static int[] tested(PictureFolder folder, Map<String, String> provenance, Console console) throws IOException {
        if (folder.tells(Part.TEST)) {
            return folder.part(Part.TEST);
        }
        if (!provenance.containsKey(SPLIT_SEED) || !folder.sha256().equals(provenance.get(TableOrigin.DATA_HASH))) {
            return folder.all();
        }
        Split split;
        try {
            split = folder.split(Double.parseDouble(provenance.get(VALIDATION_SPLIT)),
                    Double.parseDouble(provenance.get(TEST_SPLIT)), Long.parseLong(provenance.get(SPLIT_SEED)));
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, folder + ": the model does not tell which pictures were held out: "
                    + e.getMessage());
        }
        String trained = folder + " is the folder that the model was trained on";
        if (split.test().length == 0) {
            console.err().println(trained + ", so that these numbers are better than those of new pictures");
            return folder.all();
        }
        console.err().println(trained + ": " + Text.count(split.test().length, "picture") + " that "
                + (split.test().length == 1 ? "was" : "were") + " held out then are taken");
        return split.test();
    }

    /** All pictures of a folder, with or without folders of classes in it, as a model takes them. */
    static Images all(Path data, ImagePreprocessor meaning, Console console) throws IOException {
        PictureFolder folder = PictureFolder.isOne(data) ? PictureFolder.open(data) : PictureFolder.ofOneClass(data);
        return read(folder, folder.all(), meaning, console);
    }

    private static Images read(PictureFolder folder, int[] which, ImagePreprocessor meaning, Console console) throws IOException {
        try (Reading progress = new Reading(console, which.length)) {
            return folder.images(which, meaning.form(), meaning.height(), meaning.width(), meaning.channels(), progress);
        }
    }

    /** Shows how many pictures are read, on a terminal. */
    private static final class Reading implements IntConsumer, AutoCloseable {

        private final ProgressLine line; // null: none is shown

        Reading(Console console, int pictures) {
            line = console.live() ? new ProgressLine(console.err(), Terminal.ofProcess()) : null;
            if (line != null) {
                line.begin("Pictures", pictures, 0);
            }
        }

        @Override
        public void accept(int done) {
            if (line != null) {
                line.step(done);
            }
        }

        @Override
        public void close() {
            if (line != null) {
                line.clear();
            }
        }
    }
}
