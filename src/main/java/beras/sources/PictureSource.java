package beras.sources;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.Splits.Split;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.PictureFolder;
import beras.data.image.PictureFolder.Part;
import beras.data.image.PictureForm;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.models.TrainingData;
import beras.sources.ImageOptions.Color;
import beras.sources.ImageOptions.Size;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.training.PartialRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A folder of pictures for each class, to train on and to test on. */
public final class PictureSource implements DataSource {

    private static final PictureForm FORM = PictureForm.SCALED;
    private static final int MOST_CLASSES = 20;

    // Of the provenance.
    private static final String TEST_SPLIT = "test_split";

    private final Path path;
    private final PictureFolder folder;
    private final ImageOptions options;
    private final double testShare;
    private final Split split;

    private PictureSource(Path path, ImageOptions options) throws DataException {
        this.path = path;
        this.folder = PictureFolder.open(path);
        this.options = options;
        testShare = options.testSplit.orElse(folder.tells(Part.TEST) ? 0 : ImageOptions.TEST_SPLIT);
        requireClasses();
        split("testSplit", 0);
        split = split("validationSplit", options.validationSplit);
        requireSome("a validation split of ", options.validationSplit, split.validation());
        requireSome("a test split of ", testShare, split.test());
    }

    /**
     * Lists the pictures of a folder.
     *
     * @throws DataException if the folder is not as a {@link PictureFolder} must be, or there are too few pictures
     * @throws SettingException if it cannot be split so
     */
    public static PictureSource of(Path path, ImageOptions options) throws DataException {
        return new PictureSource(path, options);
    }

    private Split split(String setting, double validationShare) {
        try {
            return folder.split(validationShare, testShare, options.splitSeed);
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, e.getMessage(), e);
        }
    }

    private void requireSome(String share, double number, int[] part) throws DataException {
        if (number > 0 && part.length == 0) {
            throw new DataException(folder + ": expected enough pictures to hold some out. Received: " + share + number
                    + " of so few that each class needs all of its own to train on. Take a larger share, or more pictures");
        }
    }

    /** Whether this is a folder of folders, without the files of MNIST. */
    public static boolean isOne(Path data) {
        return !ImageSets.isIn(data) && PictureFolder.isOne(data);
    }

    private void requireClasses() throws DataException {
        int[] counts = counts(folder.tells(Part.TRAIN) ? folder.part(Part.TRAIN) : folder.all());
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw new DataException(folder + ": expected pictures of each class to train on. Received: none of "
                        + folder.classes().get(label) + ". Put some there, or remove the folder");
            }
        }
        if (counts.length < 2) {
            throw new DataException(folder + ": expected at least two classes, each a folder of pictures. Received: "
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
    public boolean holdsOut() {
        return split.validation().length > 0;
    }

    /** Whether pictures are held out as a test. */
    public boolean holdsTest() {
        return split.test().length > 0;
    }

    /** A picture to show what a model does: of the test, if there is one. */
    public Path example() {
        return folder.file((holdsTest() ? split.test() : split.train())[0]);
    }

    @Override
    public boolean readsInParallel() {
        return true;
    }

    @Override
    public void check(PartialRecipe given) {
        ImageData.check(given, options);
    }

    @Override
    public TrainingData read(ReadListener listener) throws IOException {
        if (folder.passedOver() > 0) {
            listener.onRemark(folder + ": " + count(folder.passedOver(), "file") + " beside the folders of the classes "
                    + (folder.passedOver() == 1 ? "is" : "are") + " ignored");
        }
        Size made = options.size.isPresent() ? options.size.get() : usualSize();
        int train = split.train().length;
        int learnt = train + split.validation().length;
        int[] which = Stream.of(split.train(), split.validation(), split.test()).flatMapToInt(IntStream::of).toArray();
        Images images = images(folder, which, FORM, made.rows(), made.columns(), options.color.orElse(Color.RGB).channels,
                listener);
        images = options.color.isPresent() ? images : images.compact();
        listener.onRemark(described(images, which.length - learnt));
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put(ImageData.VALIDATION_SPLIT, Double.toString(options.validationSplit));
        provenance.put(TEST_SPLIT, Double.toString(testShare));
        provenance.put(ImageData.SPLIT_SEED, Long.toString(options.splitSeed));
        ImagePreprocessor preprocessor = new ImagePreprocessor(images.height(), images.width(), images.channels(), FORM,
                folder.classes(), images.classes());
        return new ImageData(path, options, new ImageData.Parts(images.slice(0, train), images.slice(train, learnt),
                holdsTest() ? Optional.of(images.slice(learnt, which.length)) : Optional.empty(), preprocessor), false,
                folder::sha256, provenance);
    }

    /** That of all pictures if it is the same, unless it is too large. */
    private Size usualSize() throws IOException {
        List<Shape> sizes = folder.sizes();
        Shape first = sizes.get(0);
        return sizes.stream().allMatch(first::equals) ? new Size(first.dim(0), first.dim(1)).within(ImageOptions.LONGEST_SIDE)
                : new Size(ImageOptions.SIDE, ImageOptions.SIDE);
    }

    private String described(Images images, int tested) {
        int[] counts = counts(folder.all());
        List<String> classes = new ArrayList<>();
        for (int label = 0; label < Math.min(MOST_CLASSES, counts.length); label++) {
            classes.add(folder.classes().get(label) + " (" + counts[label] + ")");
        }
        int more = counts.length - classes.size();
        boolean isRandom = !folder.tells(Part.TEST) && tested > 0 || !folder.tells(Part.VALIDATION) && holdsOut();
        return count(images.count(), "picture") + " of " + counts.length + " classes: " + String.join(", ", classes)
                + (more == 0 ? "" : " and " + more + " more") + "; each made into " + images.sides()
                + (images.channels() == 1 ? ", grey. " : ". ") + split.train().length + " to train on, "
                + split.validation().length + " to validate and " + tested + " to test"
                + (isRandom ? " (at random, each class in proportion)" : "");
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    // ------------------------------------------------------------------------------------------------------- evaluation

    /**
     * The pictures of a folder that a model is tested on: those in the folder test; of the folder that it was trained on those
     * that were held out then; else all.
     *
     * @param meaning    of the model
     * @param provenance of the model
     * @param isNamed    whether the model knows the names of its classes
     * @throws DataException if a class is not one of the model's
     */
    public static Images tested(Path data, ImagePreprocessor meaning, boolean isNamed, Map<String, String> provenance,
            ReadListener listener) throws IOException {
        PictureFolder folder = PictureFolder.open(data);
        List<String> classes = folder.classes();
        if (isNamed ? !meaning.labels().containsAll(classes) : classes.size() != meaning.labels().size()) {
            throw new DataException(folder + ": expected folders of the classes that the model knows, "
                    + meaning.labels() + ". Received: " + classes);
        }
        if (!isNamed) {
            listener.onRemark(folder + ": The model does not name its classes: they are taken for these in their order");
        }
        int[] which = tested(folder, provenance, listener);
        Images images = read(folder, which, meaning, listener);
        byte[] labels = new byte[which.length];
        for (int i = 0; i < labels.length; i++) {
            int label = folder.label(which[i]);
            labels[i] = (byte) (isNamed ? meaning.labels().indexOf(classes.get(label)) : label);
        }
        return images.withLabels(labels, meaning.labels().size());
    }

    private static int[] tested(PictureFolder folder, Map<String, String> provenance, ReadListener listener) throws IOException {
        if (folder.tells(Part.TEST)) {
            return folder.part(Part.TEST);
        }
        if (!provenance.containsKey(ImageData.SPLIT_SEED) || !folder.sha256().equals(provenance.get(TableOrigin.DATA_HASH))) {
            return folder.all();
        }
        Split split;
        try {
            split = folder.split(Double.parseDouble(provenance.get(ImageData.VALIDATION_SPLIT)),
                    Double.parseDouble(provenance.get(TEST_SPLIT)), Long.parseLong(provenance.get(ImageData.SPLIT_SEED)));
        } catch (IllegalArgumentException e) {
            throw new DataException(folder + ": the model does not tell which pictures were held out: "
                    + e.getMessage());
        }
        String trained = folder + " is the folder that the model was trained on";
        if (split.test().length == 0) {
            listener.onRemark(trained + ", so that these numbers are better than those of new pictures");
            return folder.all();
        }
        listener.onRemark(trained + ": " + count(split.test().length, "picture") + " that "
                + (split.test().length == 1 ? "was" : "were") + " held out then are taken");
        return split.test();
    }

    /** All pictures of a folder, with or without folders of classes in it, as a model takes them. */
    public static Images all(Path data, ImagePreprocessor meaning, ReadListener listener) throws IOException {
        PictureFolder folder = PictureFolder.isOne(data) ? PictureFolder.open(data) : PictureFolder.ofOneClass(data);
        return read(folder, folder.all(), meaning, listener);
    }

    private static Images read(PictureFolder folder, int[] which, ImagePreprocessor meaning, ReadListener listener)
            throws IOException {
        return images(folder, which, meaning.form(), meaning.height(), meaning.width(), meaning.channels(), listener);
    }

    private static Images images(PictureFolder folder, int[] which, PictureForm form, int rows, int columns, int channels,
            ReadListener listener) throws IOException {
        listener.onBegin(which.length);
        try {
            return folder.images(which, form, rows, columns, channels, listener::onRead);
        } finally {
            listener.onEnd();
        }
    }
}
