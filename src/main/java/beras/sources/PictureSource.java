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
import beras.files.Excerpt;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.models.TrainingData;
import beras.sources.ImageOptions.Color;
import beras.sources.ImageOptions.Size;
import beras.tables.TableOrigin;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A folder of pictures for each class, to train on and to test on. */
public final class PictureSource implements DataSource {

    private static final PictureForm FORM = PictureForm.SCALED;
    private static final int MOST_CLASSES = 20;
    /** A class of fewer pictures to train on has few. */
    private static final int FEW = 20;
    /** Classes are uneven if one has so many times the pictures of another. */
    private static final int UNEVEN = 2;

    // In the provenance.
    private static final String TEST_SPLIT = "test_split";
    private static final String SKIP_BROKEN = "skip_broken";

    private final Path path;
    private final PictureFolder folder;
    private final ImageOptions options;
    private final double validationShare;
    private final double testShare;
    private final Split split;
    private int example;
    private boolean isUnweighted = true; // classes of many pictures count more

    private PictureSource(Path path, ImageOptions options) throws DataException {
        this.path = path;
        this.options = options;
        PictureFolder opened = PictureFolder.open(path);
        folder = options.skipsBroken ? opened.skipBroken() : opened;
        testShare = options.testSplit.orElse(folder.hasPart(Part.TEST) ? 0 : ImageOptions.TEST_SPLIT);
        requireClasses(folder.hasPart(Part.TRAIN) ? folder.part(Part.TRAIN) : folder.all());
        split("testSplit", 0);
        validationShare = options.validationSplit.orElseGet(this::usualShare);
        split = split("validationSplit", validationShare);
        requireSome("a validation split of ", validationShare, split.validation());
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

    /** The share to validate if nothing is given: none if there is a folder for it, or it would be of too few pictures. */
    private double usualShare() {
        if (folder.hasPart(Part.VALIDATION) || testShare + ImageOptions.VALIDATION_SPLIT_OF_PICTURES >= 1) {
            return 0;
        }
        double share = ImageOptions.VALIDATION_SPLIT_OF_PICTURES;
        try {
            return folder.count() * share >= ImageOptions.FEWEST_VALIDATED
                    && split("validationSplit", share).validation().length >= ImageOptions.FEWEST_VALIDATED ? share : 0;
        } catch (SettingException e) {
            return 0; // there are too few groups
        }
    }

    private Split split(String setting, double share) {
        try {
            return folder.split(share, testShare, options.splitSeed);
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

    private void requireClasses(int[] trained) throws DataException {
        int[] counts = counts(trained);
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

    @Override
    public boolean stopsEarly() {
        return split.validation().length >= ImageOptions.FEWEST_VALIDATED;
    }

    /** A picture to demonstrate a model with: of the test, if there is one. */
    public Path example() {
        return folder.file(example);
    }

    @Override
    public boolean readsInParallel() {
        return true;
    }

    @Override
    public void check(Recipe given) {
        isUnweighted = !given.gives("classWeight");
        ImageData.check(given, options);
    }

    @Override
    public TrainingData read(ReadListener listener) throws IOException {
        sayIgnored(folder, listener);
        Size made = options.size.isPresent() ? options.size.get() : usualSize(folder.sizes());
        int[] which = Stream.of(split.train(), split.validation(), split.test()).flatMapToInt(IntStream::of).toArray();
        ImagePreprocessor reading = new ImagePreprocessor(made.rows(), made.columns(), options.color.orElse(Color.RGB).channels, FORM,
                folder.classes(), folder.classes().size());
        PictureFolder.Read read = read(folder, which, reading, listener);
        int train = kept(read, split.train());
        int learnt = train + kept(read, split.validation());
        requireClasses(Arrays.copyOf(read.which(), train));
        Images images = options.color.isPresent() ? read.images() : read.images().compact();
        int tested = images.count() - learnt;
        example = read.which()[tested > 0 ? learnt : 0];
        listener.onRemark(described(read.which(), images, train, learnt));
        new PictureTwins(folder, read.twins(), split).harm().forEach(listener::onRemark);
        advice(i -> !read.problems().containsKey(i)).forEach(listener::onRemark);
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put(ImageData.VALIDATION_SPLIT, Double.toString(validationShare));
        provenance.put(TEST_SPLIT, Double.toString(testShare));
        provenance.put(ImageData.SPLIT_SEED, Long.toString(options.splitSeed));
        if (options.skipsBroken) {
            provenance.put(SKIP_BROKEN, "true");
        }
        ImagePreprocessor preprocessor = new ImagePreprocessor(images.height(), images.width(), images.channels(), FORM,
                folder.classes(), images.classes());
        ImageData.Parts parts = new ImageData.Parts(images.slice(0, train), images.slice(train, learnt),
                tested > 0 ? Optional.of(images.slice(learnt, images.count())) : Optional.empty(), preprocessor);
        return new ImageData(path, options.validationSplit(validationShare), parts, false, folder::sha256, provenance);
    }

    /** How many pictures of a part were read. */
    private static int kept(PictureFolder.Read read, int[] part) {
        return (int) IntStream.of(part).filter(i -> !read.problems().containsKey(i)).count();
    }

    /**
     * Advice on few or uneven training pictures, and on classes without a held-out picture.
     *
     * @param isRead whether a picture, by its number, can be read
     */
    private List<String> advice(IntPredicate isRead) {
        int[] counts = counts(IntStream.of(split.train()).filter(isRead).toArray());
        int least = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] < counts[a] ? b : a);
        int most = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
        List<String> advice = new ArrayList<>();
        if (counts[least] < FEW) {
            advice.add("Few pictures to train on: " + counts[least] + " of " + folder.classes().get(least) + ". With fewer than "
                    + FEW + " of a class a net remembers these instead of learning what they have in common, and another `seed`"
                    + " may change its accuracy by a tenth. More pictures help, and `augment`");
        }
        if (isUnweighted && counts[most] >= UNEVEN * counts[least]) {
            advice.add("Uneven classes: " + counts[most] + " pictures of " + folder.classes().get(most) + " to train on, "
                    + counts[least] + " of " + folder.classes().get(least)
                    + ". A net prefers the frequent ones; `classWeight balanced` lets all count the same");
        }
        int validated = (int) IntStream.of(split.validation()).filter(isRead).count();
        if (validated > 0 && validated < ImageOptions.FEWEST_VALIDATED) {
            advice.add("Fewer than " + ImageOptions.FEWEST_VALIDATED + " pictures are held out for validation: without"
                    + " `earlyStopping` the weights of the last epoch are kept, and probabilities get no temperature");
        }
        addMissing("Validation", Part.VALIDATION, IntStream.of(split.validation()).filter(isRead).toArray(), advice);
        addMissing("The test", Part.TEST, IntStream.of(split.test()).filter(isRead).toArray(), advice);
        return advice;
    }

    /** Names the classes of which a part that holds out pictures has none. */
    private void addMissing(String name, Part part, int[] which, List<String> advice) {
        int[] counts = counts(which);
        List<String> missing = IntStream.range(0, counts.length).filter(label -> counts[label] == 0)
                .mapToObj(folder.classes()::get).toList();
        if (which.length > 0 && !missing.isEmpty()) {
            advice.add(name + " has no picture of " + Excerpt.list(missing, MOST_CLASSES) + ", so that its accuracy shows nothing about "
                    + (missing.size() == 1 ? "this class" : "these classes")
                    + (folder.hasPart(part) ? ". Put some into the folder of this part" : folder.groups() > 0
                            ? ". Pictures in one folder of a class stay together: more folders help, or pictures directly in"
                                    + " that of the class" : ". More pictures help, or a larger share"));
        }
    }

    /**
     * The default size of pictures: their size if it is the same, unless it is too large.
     *
     * @param sizes of all pictures, {@code (rows, columns)}
     */
    private static Size usualSize(List<Shape> sizes) {
        if (sizes.isEmpty()) {
            return new Size(ImageOptions.SIDE, ImageOptions.SIDE);
        }
        Shape first = sizes.get(0);
        return sizes.stream().allMatch(first::equals) ? new Size(first.dim(0), first.dim(1)).within(ImageOptions.LONGEST_SIDE)
                : new Size(ImageOptions.SIDE, ImageOptions.SIDE);
    }

    private String described(int[] which, Images images, int train, int learnt) {
        int tested = images.count() - learnt;
        int[] counts = counts(which);
        List<String> classes = IntStream.range(0, counts.length).mapToObj(label -> folder.classes().get(label) + " (" + counts[label] + ")")
                .toList();
        boolean isRandom = !folder.hasPart(Part.TEST) && tested > 0 || !folder.hasPart(Part.VALIDATION) && holdsOut();
        return count(images.count(), "picture") + " of " + counts.length + " classes: " + Excerpt.list(classes, MOST_CLASSES) + "; each made into " + images.sides()
                + (images.channels() == 1 ? ", grey. " : ". ") + train + " to train on, "
                + (learnt - train) + " to validate and " + tested + " to test"
                + (isRandom ? " (at random, each class in proportion" + (folder.groups() == 0 ? ""
                        : " as far as groups allow, " + count(folder.groups(), "group") + " whole") + ")" : "");
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    // ------------------------------------------------------------------------------------------------------- evaluation

    /**
     * The pictures of a folder to test a model on: those in the folder test; for the folder that it was trained on the held-out
     * ones; else all.
     *
     * @param meaning    of the model
     * @param provenance of the model
     * @param isNamed    whether the model has the names of its classes
     * @param skips      whether broken pictures are skipped; always for a folder that was trained on without them
     * @throws DataException if a class is not one of the model's
     */
    public static Images tested(Path data, ImagePreprocessor meaning, boolean isNamed, Map<String, String> provenance,
            boolean skips, ReadListener listener) throws IOException {
        PictureFolder opened = PictureFolder.open(data);
        PictureFolder folder = skips || provenance.containsKey(SKIP_BROKEN) ? opened.skipBroken() : opened;
        List<String> classes = folder.classes();
        if (isNamed ? !meaning.labels().containsAll(classes) : classes.size() != meaning.labels().size()) {
            throw new DataException(folder + ": expected folders of the classes of the model, "
                    + meaning.labels() + ". Received: " + classes);
        }
        if (!isNamed) {
            listener.onRemark(folder + ": The model does not name its classes: they are taken for these in their order");
        }
        int[] which = tested(folder, provenance, listener);
        Images images = read(folder, which, meaning, listener).images();
        byte[] labels = new byte[images.count()];
        for (int i = 0; i < labels.length; i++) {
            int label = images.label(i);
            labels[i] = (byte) (isNamed ? meaning.labels().indexOf(classes.get(label)) : label);
        }
        return images.withLabels(labels, meaning.labels().size());
    }

    private static int[] tested(PictureFolder folder, Map<String, String> provenance, ReadListener listener) throws IOException {
        if (folder.hasPart(Part.TEST)) {
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
            throw new DataException(folder + ": the model does not record which pictures were held out: "
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

    /**
     * All pictures of a folder, with or without folders of classes in it, as inputs of a model; also of groups below these.
     *
     * @param names receives the names of the pictures, with that of the folder before them
     * @return the images, and the errors of files that are not pictures
     */
    public static PictureFolder.Read all(Path data, ImagePreprocessor meaning, Consumer<String> names, ReadListener listener)
            throws IOException {
        PictureFolder folder = (PictureFolder.isOne(data) ? PictureFolder.open(data)
                : PictureFolder.ofOneClass(data)).skipBroken();
        sayIgnored(folder, listener);
        for (int i : folder.all()) {
            names.accept(data + "/" + folder.name(i));
        }
        return images(folder, folder.all(), meaning, listener);
    }

    private static void sayIgnored(PictureFolder folder, ReadListener listener) {
        if (folder.ignored() > 0) {
            listener.onRemark(folder + ": " + count(folder.ignored(), "file") + " beside the folders of the classes "
                    + (folder.ignored() == 1 ? "is" : "are") + " ignored");
        }
    }

    /** Reads pictures, and says which are skipped. */
    private static PictureFolder.Read read(PictureFolder folder, int[] which, ImagePreprocessor meaning, ReadListener listener)
            throws IOException {
        PictureFolder.Read read = images(folder, which, meaning, listener);
        read.summary().ifPresent(summary -> listener.onRemark("Skipped: " + summary));
        return read;
    }

    private static PictureFolder.Read images(PictureFolder folder, int[] which, ImagePreprocessor meaning, ReadListener listener)
            throws IOException {
        listener.onBegin(which.length);
        try {
            return folder.read(which, meaning.form(), meaning.height(), meaning.width(), meaning.channels(), listener::onRead);
        } finally {
            listener.onEnd();
        }
    }
}
