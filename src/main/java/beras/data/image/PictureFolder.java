package beras.data.image;

import beras.config.CheckReturnValue;
import beras.data.DataException;
import beras.data.Splits;
import beras.files.FileFailure;
import beras.files.Sha256;
import beras.kernels.Threads;
import beras.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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
 * <p>The classes are the names of their folders, in the order of their characters, and so are the pictures of a class. Names that
 * begin with a dot, and what systems leave in folders ({@code Thumbs.db}, {@code desktop.ini}, {@code __MACOSX}), are
 * ignored, and so are files beside the folders of classes. All else in the folder of a class must be a picture that
 * {@link Picture} reads; {@link #skipBroken} leaves out what is none. Links are followed.
 *
 * <p>A folder in the folder of a class, such as {@code pets/cat/7}, is a <em>group</em>: all pictures in it and below it are of
 * that class, and stay together when the folder is {@linkplain #split split}. So pictures that show one thing, of one cat or one
 * film, do not stand on both sides. Names of files make no groups, since cameras number everything.
 */
public final class PictureFolder {

    /** Of what is wrong with some pictures, so many reasons are listed, each with so many names. */
    private static final int MAX_REASONS = 3;
    private static final int MAX_NAMES = 3;
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of("thumbs.db", "desktop.ini", "__macosx");
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** What a picture is for, if its folder says. */
    public enum Part {
        TRAIN("train"), VALIDATION("validation", "val"), TEST("test");

        private final List<String> names;

        Part(String... names) {
            this.names = List.of(names);
        }

        private static Part of(String name) {
            for (Part part : values()) {
                if (part.names.contains(name)) {
                    return part;
                }
            }
            return null;
        }
    }

    /**
     * A picture.
     *
     * @param name  below the folder, with slashes
     * @param label the number of its class
     * @param part  null if the folder does not say
     * @param group the folder within the class that it is in, below the whole folder; empty: it is in none
     */
    private record Entry(Path file, String name, int label, Part part, String group) {}

    /**
     * Pictures that were read.
     *
     * @param which    their numbers
     * @param images   as many
     * @param problems what is wrong with each of the others, by its number
     * @param summary  the same in few words; empty if there are no others
     */
    public record Read(int[] which, Images images, SortedMap<Integer, String> problems, Optional<String> summary) {

        /** Pictures that are the same when they are made into images: the numbers of each such set, two at least. */
        public List<int[]> twins() {
            return images.twins().stream().map(set -> Arrays.stream(set).map(i -> which[i]).toArray()).toList();
        }
    }

    /**
     * What a picture is like.
     *
     * @param size          {@code (rows, columns)} when it is upright
     * @param isColored     whether any pixel has a colour
     * @param isTransparent whether any pixel is more transparent than not
     */
    public record Facts(Shape size, boolean isColored, boolean isTransparent) {}

    /**
     * All pictures that can be read, as images in colours, and what they are like.
     *
     * @param facts of each that was read
     */
    public record Survey(Read read, List<Facts> facts) {}

    private final Path folder;
    private final List<String> classes;
    private final List<Entry> entries;
    private final int ignored;
    private final boolean skipsBroken;

    private PictureFolder(Path folder, List<String> classes, List<Entry> entries, int ignored, boolean skipsBroken) {
        this.folder = folder;
        this.classes = List.copyOf(classes);
        this.entries = List.copyOf(entries);
        this.ignored = ignored;
        this.skipsBroken = skipsBroken;
    }

    /** The same folder; what of it cannot be read is left out instead of refused. */
    @CheckReturnValue
    public PictureFolder skipBroken() {
        return new PictureFolder(folder, classes, entries, ignored, true);
    }

    // ---------------------------------------------------------------------------------------------------------- listing

    /** Whether this is a folder with folders in it, which may be those of classes. */
    public static boolean isOne(Path folder) {
        try {
            return Files.isDirectory(folder) && Listing.of(folder).folders.size() > 0;
        } catch (IOException e) {
            return false; // which its reader will say better
        }
    }

    /**
     * Lists the pictures; none is read.
     *
     * @throws DataException if there is no such folder, it cannot be read, or it is not as described above
     */
    public static PictureFolder open(Path folder) throws DataException {
        try {
            Listing top = Listing.of(folder);
            TreeMap<Part, Path> parts = parts(folder, top);
            TreeSet<String> classes = new TreeSet<>();
            TreeMap<Part, Listing> listings = new TreeMap<>();
            for (Part part : parts.keySet()) {
                listings.put(part, Listing.of(parts.get(part)));
                classes.addAll(listings.get(part).folders.keySet());
            }
            classes.addAll(parts.isEmpty() ? top.folders.keySet() : Set.of());
            if (classes.isEmpty()) {
                throw new DataException(folder + ": expected a folder for each class, with its pictures. Received: a folder"
                        + " without folders. Make them, or name the folder that holds them");
            }
            if (classes.size() > Images.MAX_CLASSES) {
                throw new DataException(folder + ": expected folders of at most " + Images.MAX_CLASSES + " classes. Received: "
                        + classes.size());
            }
            List<String> names = List.copyOf(classes);
            List<Entry> entries = new ArrayList<>();
            if (parts.isEmpty()) {
                add(top, folder, null, "", names, entries);
            }
            for (Part part : parts.keySet()) {
                add(listings.get(part), folder, part, Listing.name(parts.get(part)) + "/", names, entries);
            }
            return new PictureFolder(folder, names, entries, top.files.size(), false);
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(FileFailure.message(e), e);
        }
    }

    /**
     * Lists the pictures that are in a folder and below it, all of one class, which has its name.
     *
     * @throws DataException if there is no such folder, or it cannot be read
     */
    public static PictureFolder ofOneClass(Path folder) throws DataException {
        try {
            List<Entry> entries = new ArrayList<>();
            add(folder, new Entry(folder, "", 0, null, ""), Set.of(folder.toRealPath()), entries);
            return new PictureFolder(folder, List.of(Listing.name(folder)), entries, 0, false);
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(FileFailure.message(e), e);
        }
    }

    /** The folders of parts; none if these are folders of classes. */
    private static TreeMap<Part, Path> parts(Path folder, Listing top) throws IOException {
        TreeMap<Part, Path> parts = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (String name : top.folders.keySet()) {
            Path each = top.folders.get(name);
            boolean holdsFolders = Part.of(name) != null && !Listing.of(each).folders.isEmpty();
            if (!holdsFolders) {
                others.add(name);
            } else if (parts.put(Part.of(name), each) != null) {
                throw new DataException(folder + ": expected one folder for validation. Received: both "
                        + String.join(" and ", Part.of(name).names) + ". Remove one of them");
            }
        }
        if (parts.isEmpty()) {
            return parts;
        }
        if (!parts.containsKey(Part.TRAIN) || !others.isEmpty()) {
            throw new DataException(folder + ": expected a folder for each class, or train, and beside it test and validation if"
                    + " there are such, with a folder for each class in them. Received: " + top.folders.keySet());
        }
        return parts;
    }

    private static void add(Listing listing, Path top, Part part, String above, List<String> classes, List<Entry> entries)
            throws IOException {
        for (String name : listing.folders.keySet()) {
            add(listing.folders.get(name), new Entry(top, above + name + "/", classes.indexOf(name), part, ""),
                    Set.of(top.toRealPath()), entries);
        }
    }

    /**
     * Adds all pictures in a folder and below it.
     *
     * @param like  what they are like, with the beginning of their names
     * @param above the folders that it is in, without links
     */
    private static void add(Path folder, Entry like, Set<Path> above, List<Entry> entries) throws IOException {
        Listing in = Listing.of(folder);
        in.files.forEach((name, file) -> entries.add(new Entry(file, like.name + name, like.label, like.part, like.group)));
        Set<Path> all = new HashSet<>(above);
        if (!all.add(folder.toRealPath()) && !like.name.isEmpty()) {
            throw new DataException(folder
                    + ": expected pictures, or folders of such. Received: a link to a folder that it is in."
                    + " Remove it");
        }
        for (Map.Entry<String, Path> each : in.folders.entrySet()) {
            String name = like.name + each.getKey();
            add(each.getValue(), new Entry(folder, name + "/", like.label, like.part, like.group.isEmpty() ? name : like.group),
                    all, entries);
        }
    }

    /** What is in a folder, by name, without what is ignored. */
    private static final class Listing {

        private final TreeMap<String, Path> folders = new TreeMap<>();
        private final TreeMap<String, Path> files = new TreeMap<>();

        static Listing of(Path folder) throws IOException {
            Listing listing = new Listing();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
                for (Path each : all) {
                    String name = name(each);
                    if (!name.startsWith(".") && !LEFT_BY_SYSTEMS.contains(name.toLowerCase(Locale.ROOT))) {
                        boolean isFolder = Files.isDirectory(each);
                        if (!isFolder && !Files.isRegularFile(each) && Files.exists(each)) { // to read a pipe may never end
                            throw new DataException(each + ": expected a file or a folder. Received: a pipe, socket or device."
                                    + " Remove it");
                        }
                        Path other = (isFolder ? listing.folders : listing.files).put(name, each);
                        if (other != null) {
                            throw new DataException(folder + ": expected names that are UTF-8. Received: two that read " + name
                                    + ". Rename one of them");
                        }
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return listing;
        }

        /** A name as UTF-8, whatever encoding the JVM takes names for: a URI has their bytes. */
        static String name(Path path) {
            String all = path.toUri().getPath();
            String name = all.endsWith("/") ? all.substring(0, all.length() - 1) : all;
            return name.substring(name.lastIndexOf('/') + 1);
        }
    }

    /** The names of the classes, in the order of their numbers. */
    public List<String> classes() {
        return classes;
    }

    /** How many pictures there are. */
    public int count() {
        return entries.size();
    }

    /** How many files beside the folders of classes are ignored, hidden ones not counted. */
    public int ignored() {
        return ignored;
    }

    /** The file of picture {@code i}. */
    public Path file(int i) {
        return entries.get(i).file;
    }

    /** The name of picture {@code i} below the folder, with slashes. */
    public String name(int i) {
        return entries.get(i).name;
    }

    /** The number of the class of picture {@code i}. */
    public int label(int i) {
        return entries.get(i).label;
    }

    /** The numbers of all pictures. */
    public int[] all() {
        return IntStream.range(0, count()).toArray();
    }

    /** Whether there are folders of this part. */
    public boolean hasPart(Part part) {
        return entries.stream().anyMatch(entry -> entry.part == part);
    }

    /** The pictures of a part by their numbers; none if the folder has no parts. */
    public int[] part(Part part) {
        return Arrays.stream(all()).filter(i -> entries.get(i).part == part).toArray();
    }

    // -------------------------------------------------------------------------------------------------------- splitting

    /**
     * Which pictures are for what. Parts that have folders are these; the pictures to train on, or all of them, are split at
     * random, each class in proportion, see {@link Splits#stratified}, and if there are groups, these whole, see
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
        boolean grouped = Arrays.stream(whole).anyMatch(i -> !entries.get(i).group.isEmpty());
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
            int[] counts = new int[classes.size()];
            Set<Integer> counted = new TreeSet<>();
            for (int i = 0; i < labels.length; i++) {
                counts[labels[i]] += counted.add(groups[i]) ? 1 : 0;
            }
            int fewest = IntStream.range(0, counts.length).filter(label -> counts[label] > 0)
                    .reduce((a, b) -> counts[b] < counts[a] ? b : a).orElseThrow();
            throw new IllegalArgumentException("pictures in one folder of a class stay together, so that there are too few"
                    + " folders for each part to get some. Received: " + counts[fewest]
                    + (counts[fewest] == 1 ? " folder" : " folders") + " in " + classes.get(fewest)
                    + ". Put its pictures directly into " + classes.get(fewest)
                    + " or into more folders, take 0, or make a folder for this part", e);
        }
    }

    /** How many groups there are. */
    public int groups() {
        return (int) entries.stream().map(Entry::group).filter(group -> !group.isEmpty()).distinct().count();
    }

    /** A number for each picture, the same for those of a group. */
    private int[] groups(int[] which) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] groups = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            Entry entry = entries.get(which[i]);
            groups[i] = numbers.computeIfAbsent(entry.group.isEmpty() ? entry.name : entry.group + "/", any -> numbers.size());
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
     * The size of each picture, {@code (rows, columns)} when it is upright; of what is {@linkplain #skipBroken skipped} none.
     * Reads the beginning of each file, on all threads.
     *
     * @throws DataException if some are broken and not skipped
     */
    public List<Shape> sizes() throws DataException {
        Shape[] sizes = new Shape[count()];
        each(all(), (place, entry) -> {
            Picture.Sides sides = Picture.sides(entry.file);
            sizes[place] = Shape.of(sides.height(), sides.width());
        }, done -> {});
        return Arrays.stream(sizes).filter(Objects::nonNull).toList();
    }

    /**
     * All pictures with their labels, without those that are {@linkplain #skipBroken skipped}.
     *
     * @param channels 1 for grey, 3 for red, green and blue
     * @throws DataException if they are too many for the memory, or some cannot be read
     */
    public Images images(PictureForm form, int height, int width, int channels) throws DataException {
        return images(all(), form, height, width, channels, done -> {});
    }

    /**
     * As {@link #read}, the images alone.
     *
     * @throws DataException as {@link #read}
     */
    public Images images(int[] which, PictureForm form, int height, int width, int channels, IntConsumer progress)
            throws DataException {
        return read(which, form, height, width, channels, progress).images;
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
        return read(which, form, height, width, channels, (place, picture) -> {}, progress);
    }

    /**
     * All pictures as {@link #read} gives them, and what they are like. What is broken is among the problems.
     *
     * @throws DataException if they are too many for the memory
     */
    public Survey survey(PictureForm form, int height, int width, IntConsumer progress) throws DataException {
        Facts[] facts = new Facts[count()];
        Read read = skipBroken().read(all(), form, height, width, Picture.RGB, (place, picture) -> {
            Picture.Sides sides = Picture.sides(file(place));
            facts[place] = new Facts(Shape.of(sides.height(), sides.width()), picture.isColored(), picture.isTransparent());
        }, progress);
        return new Survey(read, Arrays.stream(read.which()).mapToObj(i -> facts[i]).toList());
    }

    private Read read(int[] which, PictureForm form, int height, int width, int channels, Look look, IntConsumer progress)
            throws DataException {
        Images.requireSides(height, width, channels);
        int size = height * width * channels;
        requireMemory((long) which.length * size, which.length, Images.sides(height, width, channels));
        byte[] pixels = new byte[which.length * size];
        SortedMap<Integer, String> problems = each(which, (place, entry) -> {
            Picture picture = Picture.read(entry.file);
            byte[] image = PictureForms.pixels(form, picture, height, width, channels, entry.file.toString());
            look.at(place, picture);
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
        return new Read(Arrays.copyOf(kept, count), new Images(ofKept, height, width, channels, labels, classes.size()), problems,
                problems.isEmpty() ? Optional.empty() : Optional.of(summary(problems, which.length)));
    }

    /** Half of the heap is left to the net, and to the pictures that are being decoded. */
    private void requireMemory(long bytes, int pictures, String size) throws DataException {
        long most = Math.min(MAX_ARRAY, Runtime.getRuntime().maxMemory() / 2);
        if (bytes > most) {
            throw new DataException(folder + ": " + pictures + " pictures of " + size + " take " + (bytes >> 20)
                    + " MB. Expected: at most " + (most >> 20) + " MB, as Java has a heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MB. Take a smaller size, grey instead of colours, or a larger heap (-Xmx)");
        }
    }

    /** What is done with each picture besides. */
    private interface Look {
        void at(int place, Picture picture) throws DataException;
    }

    /** What is done with each picture. */
    private interface Work {
        void run(int place, Entry entry) throws DataException;
    }

    /**
     * Works on some pictures.
     *
     * @return what is wrong with those that are skipped, by their numbers
     * @throws DataException if something is wrong with one, and none is to be skipped
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
                    work.run(place, entries.get(which[place]));
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
            throw new DataException(summary(all, which.length) + " (--skip-broken leaves out such files)");
        }
        return all;
    }

    /**
     * What is wrong with pictures, in few words: those for which the reason is the same are counted, and some are named.
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
                names.computeIfAbsent(reason(i, problem), any -> new ArrayList<>()).add(entries.get(i).name));
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
        for (Entry entry : entries) {
            digest.update(entry.name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            if (skipsBroken && !Files.isReadable(entry.file)) {
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, -1));
                continue;
            }
            try (InputStream in = Files.newInputStream(entry.file)) {
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, Files.size(entry.file)));
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                    digest.update(chunk, 0, count);
                }
            } catch (IOException e) {
                throw new DataException(entry.file + ": cannot be read: " + FileFailure.reason(e), e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
