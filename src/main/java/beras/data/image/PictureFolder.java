package beras.data.image;

import beras.config.CheckReturnValue;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.image.PictureListing.Entry;
import beras.files.FileFailure;
import beras.files.Sha256;
import beras.kernels.Threads;
import beras.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A folder that has a folder of pictures for each class, or such folders below {@code train}, {@code test} and
 * {@code validation} (or {@code val}), which are then the parts of the data.
 *
 * <pre>{@code
 * PictureFolder pets = PictureFolder.open(Path.of("pets")); // pets/cat/1.jpg, pets/dog/1.jpg and so on
 * Images images = pets.images(PictureForm.SCALED, 64, 64, 3);
 * }</pre>
 *
 * <p>The classes are the names of their folders, in the order of their characters, and so are the pictures of a class. Names
 * that begin with a dot, and files of operating systems ({@code Thumbs.db}, {@code desktop.ini}, {@code __MACOSX}), are
 * ignored, and so are files beside the folders of classes. Every other file in the folder of a class must be a picture that
 * {@link Picture} reads; {@link #skipBroken} leaves out all others. Links are followed.
 *
 * <p>A folder in the folder of a class, such as {@code pets/cat/7}, is a <em>group</em>: all pictures in it and below it are of
 * that class, and stay together when the folder is {@linkplain #split split}. So pictures that show one thing, of one cat or one
 * film, do not stand on both sides. Names of files make no groups, since cameras number everything.
 */
public final class PictureFolder {

    /** The maximum of reasons listed for broken pictures, and of names for each. */
    private static final int MAX_REASONS = 3;
    private static final int MAX_NAMES = 3;
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** The part of the data that a picture belongs to, if its folder shows it. */
    public enum Part {
        TRAIN("train"), VALIDATION("validation", "val"), TEST("test");

        final List<String> names;

        Part(String... names) {
            this.names = List.of(names);
        }

        static Part of(String name) {
            return Arrays.stream(values()).filter(part -> part.names.contains(name)).findFirst().orElse(null);
        }
    }

    /**
     * Pictures that were read.
     *
     * @param which    their numbers
     * @param images   as many
     * @param problems the error of each of the others, by its number
     * @param summary  the same in few words; empty if there are no others
     */
    public record Read(int[] which, Images images, SortedMap<Integer, String> problems, Optional<String> summary) {

        /** Pictures that are the same when they are made into images: the numbers of each such set, two at least. */
        public List<int[]> twins() {
            return images.twins().stream().map(set -> Arrays.stream(set).map(i -> which[i]).toArray()).toList();
        }
    }

    private final Path folder;
    private final PictureListing listing;
    private final boolean skipsBroken;

    private PictureFolder(Path folder, PictureListing listing, boolean skipsBroken) {
        this.folder = folder;
        this.listing = listing;
        this.skipsBroken = skipsBroken;
    }

    /** The same folder; pictures that cannot be read are left out instead of rejected. */
    @CheckReturnValue
    public PictureFolder skipBroken() {
        return new PictureFolder(folder, listing, true);
    }

    /** Whether this is a folder with folders in it, which may be classes. */
    public static boolean isOne(Path folder) {
        return PictureListing.hasFolders(folder);
    }

    /** The first file in a folder, or in folders in it; empty if there is none, or it cannot be read. */
    public static Optional<Path> first(Path folder) {
        return PictureListing.first(folder);
    }

    /**
     * Lists the pictures; none is read.
     *
     * @throws DataException if there is no such folder, it cannot be read, or it is not as described above
     */
    public static PictureFolder open(Path folder) throws DataException {
        return new PictureFolder(folder, PictureListing.ofClasses(folder), false);
    }

    /**
     * Lists the pictures that are in a folder and below it, all of one class, which has its name.
     *
     * @throws DataException if there is no such folder, or it cannot be read
     */
    public static PictureFolder ofOneClass(Path folder) throws DataException {
        return new PictureFolder(folder, PictureListing.ofOneClass(folder), false);
    }

    /** The names of the classes, in the order of their numbers. */
    public List<String> classes() {
        return listing.classes();
    }

    /** How many pictures there are. */
    public int count() {
        return listing.entries().size();
    }

    /** How many files beside the folders of classes are ignored, hidden ones not counted. */
    public int ignored() {
        return listing.ignored();
    }

    private Entry entry(int i) {
        return listing.entries().get(i);
    }

    /** The file of picture {@code i}. */
    public Path file(int i) {
        return entry(i).file();
    }

    /** The name of picture {@code i} below the folder, with slashes. */
    public String name(int i) {
        return entry(i).name();
    }

    /** The number of the class of picture {@code i}. */
    public int label(int i) {
        return entry(i).label();
    }

    /** The numbers of all pictures. */
    public int[] all() {
        return IntStream.range(0, count()).toArray();
    }

    /** Whether there are folders of this part. */
    public boolean hasPart(Part part) {
        return listing.entries().stream().anyMatch(entry -> entry.part() == part);
    }

    /** The pictures of a part by their numbers; none if the folder has no parts. */
    public int[] part(Part part) {
        return Arrays.stream(all()).filter(i -> entry(i).part() == part).toArray();
    }

    // -------------------------------------------------------------------------------------------------------- splitting

    /**
     * Splits the pictures. Parts that have folders are these; the pictures to train on, or all of them, are split at random,
     * each class in proportion, see {@link Splits#stratified}, and if there are groups, these whole, see
     * {@link Splits#grouped}. A class that would have none to train on keeps its first picture, or the group of it.
     *
     * @param validationShare the share for validation; 0 if there is a folder for it
     * @param testShare       the share for the test; 0 if there is a folder for it
     * @throws IllegalArgumentException if a share is not as described, or too large or small
     */
    public Splits.Split split(double validationShare, double testShare, long seed) {
        requireNoShare(Part.VALIDATION, validationShare);
        requireNoShare(Part.TEST, testShare);
        int[] whole = hasPart(Part.TRAIN) ? part(Part.TRAIN) : all();
        int[] labels = Arrays.stream(whole).map(this::label).toArray();
        int[] groups = groups(whole);
        boolean grouped = Arrays.stream(whole).anyMatch(i -> !entry(i).group().isEmpty());
        Splits.Split split = withAllClasses(grouped ? grouped(labels, groups, validationShare, testShare, seed)
                : Splits.stratified(labels, validationShare, testShare, seed), labels, groups);
        return new Splits.Split(chosen(whole, split.train()),
                hasPart(Part.VALIDATION) ? part(Part.VALIDATION) : chosen(whole, split.validation()),
                hasPart(Part.TEST) ? part(Part.TEST) : chosen(whole, split.test()));
    }

    private Splits.Split grouped(int[] labels, int[] groups, double validationShare, double testShare, long seed) {
        try {
            return Splits.grouped(labels, groups, validationShare, testShare, seed);
        } catch (IllegalArgumentException e) {
            Splits.stratified(labels, validationShare, testShare, seed); // refuses shares that are wrong without groups, too
            int[] counts = new int[classes().size()];
            Set<Integer> counted = new TreeSet<>();
            for (int i = 0; i < labels.length; i++) {
                counts[labels[i]] += counted.add(groups[i]) ? 1 : 0;
            }
            int fewest = IntStream.range(0, counts.length).filter(label -> counts[label] > 0)
                    .reduce((a, b) -> counts[b] < counts[a] ? b : a).orElseThrow();
            throw new IllegalArgumentException("pictures in one folder of a class stay together, so that there are too few"
                    + " folders for each part to get some. Received: " + counts[fewest]
                    + (counts[fewest] == 1 ? " folder" : " folders") + " in " + classes().get(fewest)
                    + ". Put its pictures directly into " + classes().get(fewest)
                    + " or into more folders, take 0, or make a folder for this part", e);
        }
    }

    /** How many groups there are. */
    public int groups() {
        return (int) listing.entries().stream().map(Entry::group).filter(group -> !group.isEmpty()).distinct().count();
    }

    /** A number for each picture, the same for all pictures of a group. */
    private int[] groups(int[] which) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] groups = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            Entry entry = entry(which[i]);
            groups[i] = numbers.computeIfAbsent(entry.group().isEmpty() ? entry.name() : entry.group() + "/", any -> numbers.size());
        }
        return groups;
    }

    private void requireNoShare(Part part, double share) {
        if (share != 0 && hasPart(part)) {
            throw new IllegalArgumentException(folder + " has a folder for it. Remove it");
        }
    }

    private static int[] chosen(int[] whole, int[] places) {
        return Arrays.stream(places).map(place -> whole[place]).toArray();
    }

    private static boolean isIn(int[] ascending, int number) {
        return Arrays.binarySearch(ascending, number) >= 0;
    }

    private static Splits.Split withAllClasses(Splits.Split split, int[] labels, int[] groups) {
        Set<Integer> trained = new TreeSet<>();
        for (int i : split.train()) {
            trained.add(labels[i]);
        }
        Set<Integer> kept = new TreeSet<>(); // the groups of the first of each missing class
        for (int i = 0; i < labels.length; i++) {
            if (trained.add(labels[i])) {
                kept.add(groups[i]);
            }
        }
        return kept.isEmpty() ? split : new Splits.Split(
                IntStream.range(0, labels.length).filter(i -> kept.contains(groups[i]) || isIn(split.train(), i)).toArray(),
                Arrays.stream(split.validation()).filter(i -> !kept.contains(groups[i])).toArray(),
                Arrays.stream(split.test()).filter(i -> !kept.contains(groups[i])).toArray());
    }

    // ---------------------------------------------------------------------------------------------------------- reading

    /**
     * The size of each picture, {@code (rows, columns)} when it is upright; of {@linkplain #skipBroken skipped} ones none.
     * Reads the beginning of each file, on all threads.
     *
     * @throws DataException if some are broken and not skipped
     */
    public List<Shape> sizes() throws DataException {
        Shape[] sizes = new Shape[count()];
        each(all(), (place, entry) -> {
            sizes[place] = Picture.size(entry.file());
        }, done -> {});
        return Arrays.stream(sizes).filter(Objects::nonNull).toList();
    }

    /**
     * All pictures with their labels, without {@linkplain #skipBroken skipped} ones.
     *
     * @param channels 1 for grey, 3 for red, green and blue
     * @throws DataException if they are too many for the memory, or some cannot be read
     */
    public Images images(PictureForm form, int height, int width, int channels) throws DataException {
        return read(all(), form, height, width, channels, done -> {}).images;
    }

    /**
     * Some pictures with their labels, in this order. They are decoded on all threads, to the same bytes on any number of them.
     *
     * @param which    their numbers
     * @param channels 1 for grey, 3 for red, green and blue
     * @param progress takes from time to time how many are done, by one thread at once
     * @throws DataException if they are too many for the memory, or some cannot be read and are not
     *         {@linkplain #skipBroken skipped}
     */
    public Read read(int[] which, PictureForm form, int height, int width, int channels, IntConsumer progress)
            throws DataException {
        Images.requireSides(height, width, channels);
        int size = height * width * channels;
        requireMemory((long) which.length * size, which.length, Images.sides(height, width, channels));
        byte[] pixels = new byte[which.length * size];
        SortedMap<Integer, String> problems = each(which, (place, entry) -> {
            byte[] image = PictureForms.pixels(form, Picture.read(entry.file()), height, width, channels, entry.file().toString());
            System.arraycopy(image, 0, pixels, place * size, size);
        }, progress);
        int[] kept = new int[which.length];
        int count = 0;
        for (int place = 0; place < which.length; place++) {
            if (!problems.containsKey(which[place])) {
                System.arraycopy(pixels, place * size, pixels, count * size, size);
                kept[count++] = which[place];
            }
        }
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) label(kept[i]);
        }
        byte[] ofKept = count == which.length ? pixels : Arrays.copyOf(pixels, count * size);
        return new Read(Arrays.copyOf(kept, count), new Images(ofKept, height, width, channels, labels, classes().size()),
                problems,
                problems.isEmpty() ? Optional.empty() : Optional.of(summary(problems, which.length)));
    }

    /** Half of the heap is left to the network, and to the pictures that are being decoded. */
    private void requireMemory(long bytes, int pictures, String size) throws DataException {
        long most = Math.min(MAX_ARRAY, Runtime.getRuntime().maxMemory() / 2);
        if (bytes > most) {
            throw new DataException(folder + ": " + pictures + " pictures of " + size + " take " + (bytes >> 20)
                    + " MB. Expected: at most " + (most >> 20) + " MB, as Java has a heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB. Take a smaller size, grey instead of colours, or a larger heap (-Xmx)");
        }
    }

    /** Work on each picture. */
    private interface Work {
        void run(int place, Entry entry) throws DataException;
    }

    /**
     * Works on some pictures.
     *
     * @return the errors of the skipped pictures, by their numbers
     * @throws DataException if a picture has an error, and none is to be skipped
     */
    private SortedMap<Integer, String> each(int[] which, Work work, IntConsumer progress) throws DataException {
        String[] problems = new String[which.length];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        int threads = Math.min(Threads.count(), which.length);
        // Each thread takes the next picture when it is done with one, for some take much longer than others.
        Threads.split(threads, 1, (from, to) -> {
            for (int place = next.getAndIncrement(); place < which.length; place = next.getAndIncrement()) {
                try {
                    work.run(place, entry(which[place]));
                } catch (DataException e) {
                    problems[place] = e.getMessage();
                }
                synchronized (done) {
                    progress.accept(done.incrementAndGet());
                }
            }
        });
        SortedMap<Integer, String> all = new TreeMap<>();
        for (int place = 0; place < which.length; place++) {
            if (problems[place] != null) {
                all.put(which[place], problems[place]);
            }
        }
        if (!all.isEmpty() && !skipsBroken) {
            throw new DataException(summary(all, which.length) + " (`skipBroken` leaves out such files)");
        }
        return all;
    }

    /**
     * The errors of pictures, in few words: equal reasons are counted, with some of the names.
     *
     * @param problems by the numbers of the pictures, at least one
     * @param of       how many pictures there are
     */
    private String summary(SortedMap<Integer, String> problems, int of) {
        if (problems.size() == 1) {
            return problems.get(problems.firstKey());
        }
        Map<String, List<String>> names = new TreeMap<>(); // by reason
        problems.forEach((i, problem) ->
                names.computeIfAbsent(reason(i, problem), any -> new ArrayList<>()).add(entry(i).name()));
        List<String> reasons = new ArrayList<>(names.keySet());
        reasons.sort(Comparator.comparing(reason -> -names.get(reason).size()));
        StringBuilder text = new StringBuilder(folder + ": " + problems.size() + " of " + of + " pictures cannot be used");
        for (String reason : reasons.subList(0, Math.min(MAX_REASONS, reasons.size()))) {
            List<String> with = names.get(reason);
            text.append(". ").append(with.size() > MAX_NAMES ? with.size() + ", such as " : "")
                    .append(String.join(", ", with.subList(0, Math.min(MAX_NAMES, with.size())))).append(": ").append(reason);
        }
        return text.append(reasons.size() > MAX_REASONS ? ". Others for other reasons" : "").toString();
    }

    /** A problem without the name of the picture, and without details that differ from picture to picture. */
    private String reason(int i, String problem) {
        String name = file(i) + ": ";
        return (problem.startsWith(name) ? problem.substring(name.length()) : problem).replaceFirst(" \\(.*\\)(?=\\. )", "");
    }

    // ---------------------------------------------------------------------------------------------------------- hashing

    /**
     * The SHA-256 of all pictures, in hexadecimal: of each, in the order of their numbers, the name below the folder in UTF-8
     * (such as {@code cat/1.jpg}), a zero byte, the length of the file in eight bytes, the highest first, and the file. A file
     * that cannot be opened and is {@linkplain #skipBroken skipped} has the length -1.
     *
     * @throws DataException if a file cannot be read
     */
    public String sha256() throws DataException {
        MessageDigest digest = Sha256.begin();
        byte[] chunk = new byte[1 << 16];
        for (Entry entry : listing.entries()) {
            digest.update(entry.name().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            if (skipsBroken && !Files.isReadable(entry.file())) {
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, -1));
                continue;
            }
            try (InputStream in = Files.newInputStream(entry.file())) {
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, Files.size(entry.file())));
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                    digest.update(chunk, 0, count);
                }
            } catch (IOException e) {
                throw new DataException(entry.file() + ": cannot be read: " + FileFailure.reason(e), e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
