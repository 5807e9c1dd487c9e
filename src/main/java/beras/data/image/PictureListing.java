package beras.data.image;

import beras.data.DataException;
import beras.data.image.PictureFolder.Part;
import beras.files.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The pictures below a folder, of which none is opened; see {@link PictureFolder}.
 *
 * @param classes the names of the folders of classes
 * @param ignored how many files are beside these folders
 */
record PictureListing(List<String> classes, List<Entry> entries, int ignored) {

    private static final Set<String> LEFT_BY_SYSTEMS = Set.of("thumbs.db", "desktop.ini", "__macosx");

    /**
     * A picture.
     *
     * @param name  below the folder, with slashes
     * @param label the number of its class
     * @param part  null if the folder does not show it
     * @param group the folder within the class that it is in, below the whole folder; empty: it is in none
     */
    record Entry(Path file, String name, int label, Part part, String group) {}

    /** Lists the contents of a folder. */
    private interface Walk {
        PictureListing list() throws IOException;
    }

    private static PictureListing of(Walk walk) throws DataException {
        try {
            return walk.list();
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(FileFailure.message(e), e);
        }
    }

    /** Whether there are folders in a folder. */
    static boolean hasFolders(Path folder) {
        try {
            return Files.isDirectory(folder) && !Contents.of(folder).folders.isEmpty();
        } catch (IOException e) {
            return false; // whose reader reports the error better
        }
    }

    /** The first file in a folder, or in folders in it. */
    static Optional<Path> first(Path folder) {
        try {
            Contents in = Contents.of(folder);
            return in.files.isEmpty() ? in.folders.values().stream().flatMap(each -> first(each).stream()).findFirst()
                    : Optional.of(in.files.firstEntry().getValue());
        } catch (IOException e) {
            return Optional.empty(); // which its reader will say better
        }
    }

    /** A folder for each class, or such in folders of parts. */
    static PictureListing ofClasses(Path folder) throws DataException {
        return of(() -> {
            Contents top = Contents.of(folder);
            Map<Part, Path> parts = parts(folder, top);
            Map<Part, Contents> contents = new LinkedHashMap<>();
            Set<String> names = new TreeSet<>();
            for (Part part : parts.keySet()) {
                contents.put(part, part == null ? top : Contents.of(parts.get(part)));
                names.addAll(contents.get(part).folders.keySet());
            }
            if (names.isEmpty()) {
                throw new DataException(folder + ": expected a folder for each class, with its pictures. Received: a folder"
                        + " without folders. Make them, or name the folder that holds them");
            }
            if (names.size() > Images.MAX_CLASSES) {
                throw new DataException(folder + ": expected folders of at most " + Images.MAX_CLASSES + " classes. Received: "
                        + names.size());
            }
            List<String> classes = List.copyOf(names);
            List<Entry> entries = new ArrayList<>();
            for (Part part : parts.keySet()) {
                String start = part == null ? "" : Contents.name(parts.get(part)) + "/";
                for (Map.Entry<String, Path> each : contents.get(part).folders.entrySet()) {
                    add(each.getValue(), new Entry(folder, start + each.getKey() + "/", classes.indexOf(each.getKey()), part, ""),
                            Set.of(folder.toRealPath()), entries);
                }
            }
            return new PictureListing(classes, List.copyOf(entries), top.files.size());
        });
    }

    /** All pictures below a folder, whose class has its name. */
    static PictureListing ofOneClass(Path folder) throws DataException {
        return of(() -> {
            List<Entry> entries = new ArrayList<>();
            add(folder, new Entry(folder, "", 0, null, ""), Set.of(), entries);
            return new PictureListing(List.of(Contents.name(folder)), List.copyOf(entries), 0);
        });
    }

    /** The folders of parts; if these are folders of classes, the whole folder for no part. */
    private static Map<Part, Path> parts(Path folder, Contents top) throws IOException {
        Map<Part, Path> parts = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (String name : top.folders.keySet()) {
            Path each = top.folders.get(name);
            boolean holdsFolders = Part.of(name) != null && !Contents.of(each).folders.isEmpty();
            if (!holdsFolders) {
                others.add(name);
            } else if (parts.put(Part.of(name), each) != null) {
                throw new DataException(folder + ": expected one folder for validation. Received: both "
                        + String.join(" and ", Part.of(name).names) + ". Remove one of them");
            }
        }
        if (parts.isEmpty()) {
            return Collections.singletonMap(null, folder);
        }
        if (!parts.containsKey(Part.TRAIN) || !others.isEmpty()) {
            throw new DataException(folder + ": expected a folder for each class, or train, and beside it test and validation if"
                    + " there are such, with a folder for each class in them. Received: " + top.folders.keySet());
        }
        return parts;
    }

    /**
     * Adds all pictures in a folder and below it.
     *
     * @param like  their common properties, with the beginning of their names
     * @param above the folders that it is in, without links
     */
    private static void add(Path folder, Entry like, Set<Path> above, List<Entry> entries) throws IOException {
        Contents in = Contents.of(folder);
        in.files.forEach((name, file) -> entries.add(new Entry(file, like.name + name, like.label, like.part, like.group)));
        Set<Path> all = new HashSet<>(above);
        if (!all.add(folder.toRealPath())) {
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

    /** The contents of a folder, by name, without ignored ones. */
    private static final class Contents {

        private final TreeMap<String, Path> folders = new TreeMap<>();
        private final TreeMap<String, Path> files = new TreeMap<>();

        static Contents of(Path folder) throws IOException {
            Contents listing = new Contents();
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
}
