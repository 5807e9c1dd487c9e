package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.image.PictureFolder.Part;
import beras.files.Sha256;
import beras.kernels.Threads;
import beras.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of pictures, as people have them. */
@Tag("data")
class PictureFolderTest {

    @TempDir
    private Path temp;
    private Path folder;

    @BeforeEach
    void name() {
        folder = temp.resolve("pets");
    }

    private Path picture(String name, int level) throws IOException {
        return PictureFiles.write(PictureFiles.plain(4, 3, level, level, level), folder.resolve(name));
    }

    private void pictures(String where, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            picture(where + "/" + i + ".png", i);
        }
    }

    private static List<String> names(PictureFolder pictures, int... which) {
        return Arrays.stream(which).mapToObj(i -> pictures.classes().get(pictures.label(i)) + "/"
                + pictures.file(i).getFileName())
                .toList();
    }

    // ---------------------------------------------------------------------------------------------------------- listing

    @Test
    void classesAndPicturesAreInTheOrderOfTheirNames() throws IOException {
        picture("dog/b.png", 1);
        picture("dog/B.PNG", 2);
        picture("cat/10.jpg", 3);
        picture("cat/9.gif", 4);
        picture("Cat/x.bmp", 5);
        PictureFolder pets = PictureFolder.open(folder);
        assertEquals(List.of("Cat", "cat", "dog"), pets.classes());
        assertEquals(List.of("Cat/x.bmp", "cat/10.jpg", "cat/9.gif", "dog/B.PNG", "dog/b.png"), names(pets, pets.all()));
        Images images = pets.images(PictureForm.SCALED, 3, 4, 1);
        assertEquals(3, images.classes());
        for (int i = 0; i < 5; i++) {
            assertEquals(pets.label(i), images.label(i));
            assertEquals(new int[] {5, 3, 4, 2, 1}[i], images.pixels(i)[0]);
        }
        assertEquals(0, pets.ignored());
    }

    @Test
    void whatSystemsLeaveIsIgnored() throws IOException {
        pictures("a", 2);
        pictures("b", 1);
        for (String name : new String[] {"a/Thumbs.db", "a/.DS_Store", "b/desktop.ini", "b/._0.png", "README.txt",
            ".hidden/x.png", "__MACOSX/a/._0.png", "a/.cache/thumb.png"}) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "no picture");
        }
        PictureFolder pictures = PictureFolder.open(folder);
        assertEquals(List.of("a", "b"), pictures.classes());
        assertEquals(3, pictures.count());
        assertEquals(1, pictures.ignored(), "README.txt");
    }

    @Test
    void partsAreTakenAsTheyAre() throws IOException {
        pictures("train/a", 3);
        pictures("train/b", 2);
        pictures("test/b", 1);
        pictures("val/a", 1);
        PictureFolder parts = PictureFolder.open(folder);
        assertEquals(List.of("a", "b"), parts.classes());
        assertEquals(List.of("a/0.png", "a/1.png", "a/2.png", "b/0.png", "b/1.png"), names(parts, parts.part(Part.TRAIN)));
        assertEquals(List.of("a/0.png"), names(parts, parts.part(Part.VALIDATION)));
        assertEquals(List.of("b/0.png"), names(parts, parts.part(Part.TEST)));
        Splits.Split split = parts.split(0, 0, 1);
        assertArrayEquals(parts.part(Part.TRAIN), split.train());
        assertArrayEquals(parts.part(Part.TEST), split.test());
        assertRefused(IllegalArgumentException.class, () -> parts.split(0, 0.1, 1), "has a folder for it");
        assertRefused(IllegalArgumentException.class, () -> parts.split(0.1, 0, 1), "has a folder for it");
    }

    @Test
    void aClassMayBeCalledTrain() throws IOException {
        pictures("train", 2);
        pictures("ship", 2);
        PictureFolder vehicles = PictureFolder.open(folder);
        assertEquals(List.of("ship", "train"), vehicles.classes());
        assertFalse(vehicles.hasPart(Part.TRAIN));
    }

    @Test
    void foldersThatMixPartsAndClassesAreRefused() throws IOException {
        pictures("train/a", 1);
        pictures("more", 1);
        assertBadData(() -> PictureFolder.open(folder), "Received: [more, train]");
        pictures("x/test/a", 1);
        folder = folder.resolve("x");
        assertBadData(() -> PictureFolder.open(folder), "Received: [test]");
        pictures("train/a", 1);
        pictures("val/a", 1);
        pictures("validation/a", 1);
        assertBadData(() -> PictureFolder.open(folder), "both validation and val");
    }

    @Test
    void whatIsNoSuchFolderIsRefused() throws IOException {
        assertFalse(PictureFolder.isOne(folder));
        assertBadData(() -> PictureFolder.open(folder), "pets: there is no such file or folder");
        Files.createDirectories(folder);
        assertFalse(PictureFolder.isOne(folder));
        assertBadData(() -> PictureFolder.open(folder), "a folder without folders");
    }

    @Test
    void picturesInFoldersBelowAClassAreOfThatClass() throws IOException {
        pictures("cat", 1);
        pictures("cat/7", 2);
        pictures("cat/7/more", 1);
        pictures("cat/9", 1);
        pictures("dog/7", 1);
        PictureFolder pets = PictureFolder.open(folder);
        assertEquals(List.of("cat", "dog"), pets.classes());
        assertEquals(List.of("cat/0.png", "cat/7/0.png", "cat/7/1.png", "cat/7/more/0.png", "cat/9/0.png", "dog/7/0.png"),
                Arrays.stream(pets.all()).mapToObj(pets::name).toList());
        assertEquals(3, pets.groups());
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 1}, Arrays.stream(pets.all()).map(pets::label).toArray());
    }

    @Test
    void moreClassesThanLabelsAreRefused() throws IOException {
        for (int i = 0; i <= Images.MAX_CLASSES; i++) {
            Files.createDirectories(folder.resolve("class" + i));
        }
        assertBadData(() -> PictureFolder.open(folder), "at most 256 classes. Received: 257");
    }

    @Test
    void linksAreFollowedAndLoopsEnd() throws IOException {
        pictures("a", 1);
        Files.createDirectories(temp.resolve("elsewhere"));
        PictureFiles.write(PictureFiles.plain(2, 2, 9, 9, 9), temp.resolve("elsewhere/1.png"));
        Files.createSymbolicLink(folder.resolve("b"), temp.resolve("elsewhere"));
        assertEquals(2, PictureFolder.open(folder).count());
        Path self = Files.createSymbolicLink(folder.resolve("a/self.png"), Path.of("self.png"));
        assertBadData(() -> PictureFolder.open(folder).images(PictureForm.SCALED, 2, 2, 1), self + ": ");
        Files.delete(self);
        Path none = Files.createSymbolicLink(folder.resolve("a/none.png"), Path.of("nothing"));
        assertBadData(() -> PictureFolder.open(folder).images(PictureForm.SCALED, 2, 2, 1), none + ": there is no such file");
        Files.delete(none);
        Files.createSymbolicLink(folder.resolve("a/up"), Path.of(".."));
        assertBadData(() -> PictureFolder.open(folder),
                "a/up: expected pictures, or folders of such. Received: a link to a folder that it is in");
        Files.delete(folder.resolve("a/up"));
        Files.createSymbolicLink(folder.resolve("here"), Path.of("."));
        assertBadData(() -> PictureFolder.open(folder), "here: expected pictures");
    }

    @Test
    void aPipeIsRefused() throws Exception {
        pictures("a", 1);
        assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve("a/pipe.png").toString()).start().waitFor());
        assertBadData(() -> PictureFolder.open(folder), "pipe.png: expected a file or a folder");
    }

    /** Names are bytes to the system, and UTF-8 here, in whatever locale the JVM runs. */
    @Test
    void namesMayBeInAnyEncoding() throws Exception {
        picture("a/0.png", 1);
        String script = "cd '" + folder + "' && d=$(printf 'k\\303\\244se') && mkdir \"$d\" && cp a/0.png \"$d/$(printf"
                + " '\\303\\251.png')\" && cp a/0.png \"$d/$(printf 'x\\377.png')\"";
        assertEquals(0, new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor());
        PictureFolder pictures = PictureFolder.open(folder);
        assertEquals(List.of("a", "k\u00e4se"), pictures.classes());
        assertEquals(3, pictures.images(PictureForm.SCALED, 3, 4, 1).count());
        MessageDigest digest = Sha256.begin();
        byte[] file = Files.readAllBytes(folder.resolve("a/0.png"));
        for (String name : new String[] {"a/0.png", "k\u00e4se/x\ufffd.png", "k\u00e4se/\u00e9.png"}) {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(ByteBuffer.allocate(8).putLong(0, file.length));
            digest.update(file);
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        assertEquals(hash, pictures.sha256());
        assertEquals(List.of("[97]", "[107, 228, 115, 101]", "3", hash),
                FreshJvm.run(Map.of("LC_ALL", "C"), List.of(), Lister.class, folder));
        assertEquals(0, new ProcessBuilder("sh", "-c", "cd '" + folder + "' && cp a/0.png \"a/$(printf 'x\\377.png')\""
                + " && cp a/0.png \"a/$(printf 'x\\376.png')\"").inheritIO().start().waitFor());
        assertBadData(() -> PictureFolder.open(folder), "a: expected names that are UTF-8. Received: two that read x\ufffd.png");
    }

    /** Prints the names of classes as numbers, the number of pictures that can be read, and the hash. */
    static final class Lister {

        public static void main(String[] args) throws IOException {
            PictureFolder pictures = PictureFolder.open(Path.of(args[0]));
            pictures.classes().forEach(name -> System.out.println(Arrays.toString(name.chars().toArray())));
            System.out.println(pictures.images(PictureForm.SCALED, 3, 4, 1).count());
            System.out.println(pictures.sha256());
        }
    }

    // -------------------------------------------------------------------------------------------------------- splitting

    @Test
    void eachClassIsInEachPartInProportion() throws IOException {
        pictures("a", 20);
        pictures("b", 10);
        pictures("c", 1);
        PictureFolder pictures = PictureFolder.open(folder);
        Splits.Split split = pictures.split(0.1, 0.2, 5);
        assertEquals(31, split.train().length + split.validation().length + split.test().length);
        assertEquals(31, IntStream.of(split.train()).distinct().count() + IntStream.of(split.validation()).distinct().count()
                + IntStream.of(split.test()).distinct().count());
        assertEquals(4, IntStream.of(split.test()).filter(i -> pictures.label(i) == 0).count());
        assertEquals(2, IntStream.of(split.test()).filter(i -> pictures.label(i) == 1).count());
        assertEquals(2, IntStream.of(split.validation()).filter(i -> pictures.label(i) == 0).count());
        assertArrayEquals(split.test(), pictures.split(0.1, 0.2, 5).test());
        assertFalse(Arrays.equals(split.test(), pictures.split(0.1, 0.2, 6).test()));
    }

    @Test
    void noClassIsLeftWithoutPicturesToTrainOn() throws IOException {
        pictures("a", 1);
        pictures("b", 1);
        pictures("c", 1);
        pictures("d", 2);
        PictureFolder pictures = PictureFolder.open(folder);
        for (long seed = 0; seed < 20; seed++) {
            Splits.Split split = pictures.split(0.2, 0.5, seed);
            assertEquals(4, IntStream.of(split.train()).map(pictures::label).distinct().count());
            int[] all = IntStream.concat(IntStream.of(split.train()), IntStream.concat(IntStream.of(split.validation()),
                    IntStream.of(split.test()))).sorted().toArray();
            assertArrayEquals(pictures.all(), all);
        }
        assertRefused(IllegalArgumentException.class, () -> pictures.split(0.5, 0.5, 1), "below 1");
    }

    /** Twenty groups of three and some pictures of none, of two classes. */
    @Test
    void aGroupStaysTogether() throws IOException {
        for (int i = 0; i < 20; i++) {
            pictures((i < 12 ? "a" : "b") + "/" + i, 3);
        }
        pictures("a", 24);
        PictureFolder pictures = PictureFolder.open(folder);
        for (long seed = 0; seed < 10; seed++) {
            Splits.Split split = pictures.split(0.15, 0.2, seed);
            int[][] parts = {split.train(), split.validation(), split.test()};
            Map<String, Integer> partOf = new HashMap<>();
            int count = 0;
            for (int part = 0; part < 3; part++) {
                for (int i : parts[part]) {
                    count++;
                    String name = pictures.name(i);
                    String group = name.substring(0, name.lastIndexOf('/'));
                    if (!group.equals("a")) {
                        assertEquals(part, partOf.computeIfAbsent(group, any -> partOf(parts, i)), name);
                    }
                }
            }
            assertEquals(84, count);
            assertEquals(12, IntStream.of(split.test()).filter(i -> pictures.label(i) == 0).count(), 1);
            assertEquals(4.8, IntStream.of(split.test()).filter(i -> pictures.label(i) == 1).count(), 3);
            assertTrue(IntStream.of(split.validation()).map(pictures::label).distinct().count() == 2);
        }
        assertFalse(Arrays.equals(pictures.split(0.15, 0.2, 1).test(), pictures.split(0.15, 0.2, 2).test()));
    }

    private static int partOf(int[][] parts, int picture) {
        return IntStream.range(0,
                3).filter(part -> IntStream.of(parts[part]).anyMatch(i -> i == picture)).findFirst().orElseThrow();
    }

    /** All of a class in one group, which would be for the test. */
    @Test
    void aClassOfOneGroupIsTrainedOn() throws IOException {
        pictures("a/1", 5);
        pictures("b", 30);
        PictureFolder pictures = PictureFolder.open(folder);
        Splits.Split split = pictures.split(0.1, 0.7, 1);
        assertEquals(5, IntStream.of(split.train()).filter(i -> pictures.label(i) == 0).count());
        assertEquals(21, split.test().length);
    }

    // ---------------------------------------------------------------------------------------------------------- reading

    @Test
    void theBytesAreTheSameOnAnyNumberOfThreads() throws IOException {
        PictureFiles.redAndBlue(folder, 30);
        PictureFolder pictures = PictureFolder.open(folder);
        int threads = Threads.count();
        byte[] expected = null;
        try {
            for (int count : new int[] {1, 2, 5}) {
                Threads.set(count);
                List<Integer> progress = new ArrayList<>();
                Images images = pictures.read(pictures.all(), PictureForm.SCALED, 9, 8, 3, progress::add).images();
                byte[] all = new byte[0];
                for (int i = 0; i < images.count(); i++) {
                    all = Arrays.copyOf(all, all.length + 9 * 8 * 3);
                    System.arraycopy(images.pixels(i), 0, all, i * 9 * 8 * 3, 9 * 8 * 3);
                }
                expected = expected == null ? all : expected;
                assertArrayEquals(expected, all, count + " threads");
                assertEquals(IntStream.rangeClosed(1, 60).boxed().toList(), progress);
            }
        } finally {
            Threads.set(threads);
        }
    }

    @Test
    void onlyWhatIsAskedForIsRead() throws IOException {
        pictures("a", 3);
        Files.writeString(folder.resolve("a/1.png"), "broken");
        PictureFolder pictures = PictureFolder.open(folder);
        Images images = pictures.read(new int[] {2, 0}, PictureForm.SCALED, 3, 4, 1, done -> {}).images();
        assertEquals(2, images.pixels(0)[0]);
        assertEquals(0, images.pixels(1)[0]);
        assertEquals(0, pictures.read(new int[0], PictureForm.SCALED, 3, 4, 1, done -> {}).images().count());
    }

    @Test
    void whatIsWrongWithManyPicturesIsToldInOneShortMessage() throws IOException {
        pictures("a", 200);
        byte[] whole = Files.readAllBytes(folder.resolve("a/0.png"));
        for (int i = 50; i < 150; i++) {
            Files.writeString(folder.resolve("a/" + i + ".png"), "broken");
        }
        PictureFolder one = PictureFolder.open(folder);
        int[] broken = IntStream.of(one.all()).filter(i -> one.name(i).equals("a/60.png")).toArray();
        assertBadData(() -> one.read(broken, PictureForm.SCALED, 3, 4, 1, done -> {}),
                folder.resolve("a/60.png") + ": expected a picture as PNG", " (`skipBroken` leaves out such files)");
        Files.write(folder.resolve("a/9.png"), Arrays.copyOf(whole, 45));
        Files.write(folder.resolve("a/8.png"), Arrays.copyOf(whole, 40));
        DataException many = assertThrows(DataException.class,
                () -> PictureFolder.open(folder).images(PictureForm.SCALED, 3, 4, 1));
        assertEquals(folder + ": 102 of 200 pictures cannot be used. 100, such as a/100.png, a/101.png, a/102.png: expected a"
                + " picture as PNG, JPEG, BMP or GIF. Received: text, which is no picture. Get the picture again; pixels are read as IDX, .npy or .npz. a/8.png, a/9.png: the picture is"
                + " broken or cut off. Get the file again (`skipBroken` leaves out such files)", many.getMessage());
        assertBadData(() -> PictureFolder.open(folder).sizes(), " of 200 pictures cannot be used");
    }

    @Test
    void whatIsBrokenIsSkippedIfAsked() throws IOException {
        pictures("a", 4);
        pictures("b", 2);
        Files.writeString(folder.resolve("a/1.png"), "broken");
        Files.createSymbolicLink(folder.resolve("b/9.png"), Path.of("nothing"));
        PictureFolder skipping = PictureFolder.open(folder).skipBroken();
        PictureFolder.Read read = skipping.read(new int[] {6, 5, 1, 0}, PictureForm.SCALED, 3, 4, 1, done -> {});
        assertArrayEquals(new int[] {5, 0}, read.which());
        assertEquals("1 1 0 0", read.images().label(0) + " " + read.images().pixels(0)[0] + " " + read.images().label(1) + " "
                + read.images().pixels(1)[0]);
        assertEquals(List.of(1, 6), List.copyOf(read.problems().keySet()));
        assertEquals(5, skipping.sizes().size());
        assertEquals(64, skipping.sha256().length());
        assertBadData(() -> PictureFolder.open(folder).sha256(), "9.png: cannot be read");
    }

    @Test
    void aDigitThatIsNotThereIsNamed() throws IOException {
        pictures("a", 1);
        assertBadData(() -> PictureFolder.open(folder).images(PictureForm.of("digit"), 28, 28, 1), "0.png", "nothing is written");
        assertBadData(() -> PictureFolder.open(folder).images(PictureForm.of("digit"), 32, 32, 1), "0.png", "images of 32 x 32");
    }

    @Test
    void sizesAreReadFromTheBeginnings() throws IOException {
        pictures("a", 2);
        PictureFiles.write(PictureFiles.plain(3, 5, 1, 1, 1), folder.resolve("a/other.png"));
        assertEquals(List.of(Shape.of(3, 4), Shape.of(3, 4), Shape.of(5, 3)), PictureFolder.open(folder).sizes());
    }

    @Test
    void morePicturesThanTheMemoryHoldsAreRefusedBeforeOneIsRead() throws IOException {
        pictures("a", 3);
        Files.writeString(folder.resolve("a/0.png"), "broken");
        DataException refused = assertThrows(DataException.class,
                () -> PictureFolder.open(folder).images(PictureForm.SCALED, 20_000, 20_000, 3));
        assertTrue(refused.getMessage().contains("3 pictures of 20000 x 20000 x 3 take 3433 MB. Expected: at most "),
                refused::getMessage);
        assertTrue(refused.getMessage().contains("-Xmx"), refused::getMessage);
    }

    @Test
    void oneFolderOfPicturesIsOneClass() throws IOException {
        pictures("a", 3);
        PictureFolder one = PictureFolder.ofOneClass(folder.resolve("a"));
        assertEquals(List.of("a"), one.classes());
        assertEquals(3, one.count());
        picture("a/b/x.png", 1);
        assertEquals(4, PictureFolder.ofOneClass(folder).count());
    }

    @Test
    void theHashIsOfNamesAndBytes() throws IOException {
        pictures("a", 2);
        String hash = PictureFolder.open(folder).sha256();
        Files.writeString(folder.resolve(".hidden"), "x");
        assertEquals(hash, PictureFolder.open(folder).sha256());
        Files.move(folder.resolve("a/1.png"), folder.resolve("a/2.png"));
        assertFalse(hash.equals(PictureFolder.open(folder).sha256()));
        Files.move(folder.resolve("a/2.png"), folder.resolve("a/1.png"));
        picture("a/1.png", 200);
        assertFalse(hash.equals(PictureFolder.open(folder).sha256()));
    }
}
