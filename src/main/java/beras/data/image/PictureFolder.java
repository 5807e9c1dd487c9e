package beras.data.image;

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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
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
 * begin with a dot, and what systems leave in folders ({@code Thumbs.db}, {@code desktop.ini}, {@code __MACOSX}), are passed
 * over, and so are files beside the folders of classes. All else in the folder of a class must be a picture that {@link Picture}
 * reads. Links are followed; a folder in the folder of a class is refused.
 */
public final class PictureFolder {

    /** Of what is wrong with some pictures, so many are named. */
    private static final int MAX_PROBLEMS = 10;
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of("thumbs.db", "desktop.ini", "__macosx");
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** What a picture is for, if its folder tells. */
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
     * @param part  null if the folder does not tell
     */
    private record Entry(Path file, String name, int label, Part part) {}

    private final Path folder;
    private final List<String> classes;
    private final List<Entry> entries;
    private final int passedOver;

    private PictureFolder(Path folder, List<String> classes, List<Entry> entries, int passedOver) {
        this.folder = folder;
        this.classes = List.copyOf(classes);
        this.entries = List.copyOf(entries);
        this.passedOver = passedOver;
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
                add(top, null, "", names, entries);
            }
            for (Part part : parts.keySet()) {
                add(listings.get(part), part, Listing.name(parts.get(part)) + "/", names, entries);
            }
            return new PictureFolder(folder, names, entries, top.files.size());
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(FileFailure.message(e), e);
        }
    }

    /**
     * Lists the pictures that are in a folder itself, all of one class, which has its name.
     *
     * @throws DataException if there is no such folder, it cannot be read, or there is a folder in it
     */
    public static PictureFolder ofOneClass(Path folder) throws DataException {
        try {
            List<Entry> entries = new ArrayList<>();
            add(folder, "", 0, null, entries);
            return new PictureFolder(folder, List.of(Listing.name(folder)), entries, 0);
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

    private static void add(Listing listing, Part part, String above, List<String> classes, List<Entry> entries)
            throws IOException {
        for (String name : listing.folders.keySet()) {
            add(listing.folders.get(name), above + name + "/", classes.indexOf(name), part, entries);
        }
    }

    private static void add(Path folder, String above, int label, Part part, List<Entry> entries) throws IOException {
        Listing in = Listing.of(folder);
        if (!in.folders.isEmpty()) {
            throw new DataException(folder + ": expected the pictures of a class. Received: the folder " + in.folders.firstKey()
                    + " in it. Move its pictures up, or name the folder that holds those of the classes");
        }
        in.files.forEach((name, file) -> entries.add(new Entry(file, above + name, label, part)));
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

    /** How many files beside the folders of classes are ignored, without hidden ones. */
    public int passedOver() {
        return passedOver;
    }

    /** The file of picture {@code i}. */
    public Path file(int i) {
        return entries.get(i).file;
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
    public boolean tells(Part part) {
        return entries.stream().anyMatch(entry -> entry.part == part);
    }

    /** The pictures of a part by their numbers; none if the folder does not tell parts. */
    public int[] part(Part part) {
        return Arrays.stream(all()).filter(i -> entries.get(i).part == part).toArray();
    }

    // -------------------------------------------------------------------------------------------------------- splitting

    /**
     * Which pictures are for what. Parts that have folders are these; the pictures to train on, or all of them, are split at
     * random, each class in proportion, see {@link Splits#stratified}. A class that would have none to train on keeps its first.
     *
     * @param validationShare the share for validation; 0 if there is a folder for it
     * @param testShare       the share for the test; 0 if there is a folder for it
     * @throws IllegalArgumentException if a share is not as described, or too large or small
     */
    public Splits.Split split(double validationShare, double testShare, long seed) {
        requireNoShare(Part.VALIDATION, validationShare);
        requireNoShare(Part.TEST, testShare);
        int[] whole = tells(Part.TRAIN) ? part(Part.TRAIN) : all();
        int[] labels = Arrays.stream(whole).map(this::label).toArray();
        Splits.Split split = withAllClasses(Splits.stratified(labels, validationShare, testShare, seed), labels);
        return new Splits.Split(chosen(whole, split.train()),
                tells(Part.VALIDATION) ? part(Part.VALIDATION) : chosen(whole, split.validation()),
                tells(Part.TEST) ? part(Part.TEST) : chosen(whole, split.test()));
    }

    private void requireNoShare(Part part, double share) {
        if (share != 0 && tells(part)) {
            throw new IllegalArgumentException(folder + " has a folder for it. Remove it");
        }
    }

    private static int[] chosen(int[] whole, int[] places) {
        return Arrays.stream(places).map(place -> whole[place]).toArray();
    }

    private static Splits.Split withAllClasses(Splits.Split split, int[] labels) {
        Set<Integer> trained = new TreeSet<>();
        for (int i : split.train()) {
            trained.add(labels[i]);
        }
        TreeSet<Integer> kept = new TreeSet<>(); // the first of each class that lacks
        for (int i = 0; i < labels.length; i++) {
            if (trained.add(labels[i])) {
                kept.add(i);
            }
        }
        return kept.isEmpty() ? split : new Splits.Split(
                IntStream.concat(Arrays.stream(split.train()), kept.stream().mapToInt(i -> i)).sorted().toArray(),
                Arrays.stream(split.validation()).filter(i -> !kept.contains(i)).toArray(),
                Arrays.stream(split.test()).filter(i -> !kept.contains(i)).toArray());
    }

    // ---------------------------------------------------------------------------------------------------------- reading

    /**
     * The size of each picture, {@code (rows, columns)} when it is upright. Reads the beginning of each file, on all threads.
     *
     * @throws DataException if some are broken, naming the first of them
     */
    public List<Shape> sizes() throws DataException {
        Shape[] sizes = new Shape[count()];
        each(all(), (place, entry) -> {
            Picture.Sides sides = Picture.sides(entry.file);
            sizes[place] = Shape.of(sides.height(), sides.width());
        }, done -> {});
        return List.of(sizes);
    }

    /**
     * All pictures with their labels.
     *
     * @param channels 1 for grey, 3 for red, green and blue
     * @throws DataException if they are too many for the memory, or some cannot be read, naming the first of them
     */
    public Images images(PictureForm form, int height, int width, int channels) throws DataException {
        return images(all(), form, height, width, channels, done -> {});
    }

    /**
     * Some pictures with their labels, in this order. They are decoded on all threads, to the same bytes on any number of them.
     *
     * @param which    their numbers
     * @param channels 1 for grey, 3 for red, green and blue
     * @param progress is told from time to time how many are done, by one thread at once
     * @throws DataException if they are too many for the memory, or some cannot be read, naming the first of them
     */
    public Images images(int[] which, PictureForm form, int height, int width, int channels, IntConsumer progress)
            throws DataException {
        Images.requireSides(height, width, channels);
        int size = height * width * channels;
        requireMemory((long) which.length * size, which.length, Images.sides(height, width, channels));
        byte[] pixels = new byte[which.length * size];
        byte[] labels = new byte[which.length];
        each(which, (place, entry) -> {
            byte[] image = PictureForms.pixels(form, Picture.read(entry.file), height, width, channels, entry.file.toString());
            System.arraycopy(image, 0, pixels, place * size, size);
            labels[place] = (byte) entry.label;
        }, progress);
        return new Images(pixels, height, width, channels, labels, classes.size());
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

    /** What is done with each picture. */
    private interface Work {
        void run(int place, Entry entry) throws DataException;
    }

    private void each(int[] which, Work work, IntConsumer progress) throws DataException {
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
        List<String> all = Arrays.stream(problems).filter(Objects::nonNull).toList();
        if (!all.isEmpty()) {
            String first = String.join("; ", all.subList(0, Math.min(MAX_PROBLEMS, all.size())));
            throw new DataException(all.size() == 1 ? first : folder + ": " + all.size() + " of " + which.length
                    + " pictures cannot be used" + (all.size() > MAX_PROBLEMS ? ", such as " : ": ") + first);
        }
    }

    // ---------------------------------------------------------------------------------------------------------- hashing

    /**
     * The SHA-256 of all pictures, in hexadecimal: of each, in the order of their numbers, the name below the folder in UTF-8
     * (such as {@code cat/1.jpg}), a zero byte, the length of the file in eight bytes, the highest first, and the file.
     *
     * @throws DataException if a file cannot be read
     */
    public String sha256() throws DataException {
        MessageDigest digest = Sha256.begin();
        byte[] chunk = new byte[1 << 16];
        for (Entry entry : entries) {
            try (InputStream in = Files.newInputStream(entry.file)) {
                digest.update(entry.name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
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
