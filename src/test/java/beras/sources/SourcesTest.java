package beras.sources;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.config.Config;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.image.ImageAugmentation;
import beras.data.image.Images;
import beras.data.image.PictureFiles;
import beras.data.image.WrittenImages;
import beras.data.table.TableTarget.Task;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.models.DataSource;
import beras.models.Model;
import beras.models.Models;
import beras.models.ReadListener;
import beras.models.RecipeTraining;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.saving.numpy.NumpyFile;
import beras.tables.TableTraining;
import beras.tables.TinyTable;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.History;
import beras.training.Recipe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where examples come from, and what each source holds out, says and chooses. */
@Tag("data")
class SourcesTest {

    private static final Recipe SEEDED = new Recipe().seed(3);
    private static final int SIDE = 6;

    @TempDir
    Path folder;
    private final List<String> remarks = new ArrayList<>();

    // ------------------------------------------------------------------------------------------------------- data

    private static Images images(int count) {
        byte[] pixels = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 3);
            for (int p = 0; p < SIDE * SIDE; p++) {
                pixels[i * SIDE * SIDE + p] = (byte) (p / SIDE == i % 3 ? 200 + i % 7 : i % 11);
            }
        }
        return new Images(pixels, SIDE, SIDE, labels, 3);
    }

    private Path set() throws IOException {
        Path set = folder.resolve("set");
        if (Files.exists(set)) {
            return set;
        }
        Files.createDirectories(set);
        for (Map.Entry<String, Integer> part : Map.of("train", 60, "t10k", 12).entrySet()) {
            Images of = images(part.getValue());
            WrittenImages.idx(set.resolve(part.getKey() + "-images-idx3-ubyte"), of);
            byte[] labels = new byte[of.count()];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (byte) of.label(i);
            }
            WrittenImages.idx(set.resolve(part.getKey() + "-labels-idx1-ubyte"), labels);
        }
        return set;
    }

    private Path pictures(int each) throws IOException {
        Path pictures = folder.resolve("pictures");
        for (String name : List.of("dark", "light")) {
            for (int i = 0; i < each; i++) {
                int level = (name.equals("dark") ? 20 : 200) + i;
                PictureFiles.write(PictureFiles.plain(8, 5, level, level, level), pictures.resolve(name + "/" + i + ".png"));
            }
        }
        return pictures;
    }

    private Path arrays(String name, boolean numbers) throws IOException {
        Tensor x = Tensor.generate(i -> i % 4 == 3 ? 5 : (i * 7 % 13) * 10f, 60, 4); // the last column has one value
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("x", x);
        arrays.put("y", numbers ? Tensor.generate(i -> i / 7f, 60, 2) : Tensor.generate(i -> i % 3 + 1, 60));
        Path file = folder.resolve(name);
        NumpyFile.saveAll(arrays, file);
        return file;
    }

    private TrainingData read(DataSource source) throws IOException {
        return source.read(remarks::add);
    }

    private History train(DataSource source, Recipe given) throws IOException {
        source.check(given);
        TrainingData data = read(source);
        Recipe recipe = data.complete(given);
        Model model = Models.of(recipe, data.inputShape());
        data.prepare(model);
        TrainingSet set = data.open(remarks::add);
        RecipeTraining training = new RecipeTraining(recipe, set, model);
        return training.fit(training.fitOptions());
    }

    private static int count(Batches batches) {
        int count = 0;
        try (Batches.Pass pass = batches.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                count += batch.inputs().get(0).dim(0);
            }
        }
        return count;
    }

    private static String settings(Recipe recipe) {
        return recipe.epochs() + " epochs of " + recipe.batchSize();
    }

    // ---------------------------------------------------------------------------------------------------- all kinds

    @Test
    void eachSourceLeadsToATraining() throws IOException {
        Recipe two = new Recipe().seed(1).epochs(2).ensemble(1);
        assertEquals(2, train(ImageSource.of(set(), new ImageOptions()), two).epochs().size());
        assertEquals(2, train(PictureSource.of(pictures(20), new ImageOptions()), two).epochs().size());
        assertEquals(2, train(new ArraySource(arrays("labels.npz", false), Optional.empty(), 0.2, 1), two).epochs().size());
        assertEquals(2, train(new ArraySource(arrays("numbers.npz", true), Optional.empty(), 0.2, 1), two).epochs().size());
        assertEquals(2, train(TableTraining.of(TinyTable.kinds(folder.resolve("kinds.csv")), "kind"), two).epochs().size());
    }

    @Test
    void dataThatAreOthersDiffer() throws IOException {
        Path file = arrays("a.npz", false);
        TrainingData before = read(new ArraySource(file, Optional.empty(), 0.2, 1));
        Map<String, String> known = before.provenance();
        assertEquals(Optional.empty(), before.difference(known, Optional.of(before.preprocessor())));
        assertEquals(Optional.of("split seed 1. Received: 2"),
                read(new ArraySource(file, Optional.empty(), 0.2, 2)).difference(known, Optional.empty()));
        Path moved = Files.move(file, folder.resolve("b.npz"));
        TrainingData same = read(new ArraySource(moved, Optional.empty(), 0.2, 1));
        assertEquals(Optional.empty(), same.difference(known, Optional.empty()), "they have another name alone");
        TrainingData other = read(new ArraySource(moved, Optional.of(Task.REGRESSION), 0.2, 1));
        assertTrue(other.difference(known, Optional.of(before.preprocessor())).orElseThrow().startsWith("the same features"));
        known.remove("split_seed");
        assertEquals(Optional.of("split seed unknown. Received: 1"), same.difference(known, Optional.empty()));
    }

    @Test
    void theHashOfDataIsThatOfTheirBytes() throws IOException {
        for (DataSource source : List.of(ImageSource.of(set(), new ImageOptions()),
                PictureSource.of(pictures(20), new ImageOptions()), new ArraySource(arrays("a.npz", false), Optional.empty(), 0, 1))) {
            Map<String, String> provenance = read(source).provenance();
            assertEquals(DataHash.of(Path.of(provenance.get("data"))), Optional.of(provenance.get("data_sha256")));
        }
        assertNotEquals(DataHash.of(folder.resolve("set")), DataHash.of(folder.resolve("pictures")));
        assertEquals(Optional.empty(), DataHash.of(folder.resolve("none")));
    }

    // ------------------------------------------------------------------------------------------------------- images

    @Test
    void aSetOfImagesHoldsOutEachClassInProportion() throws IOException {
        ImageSource source = ImageSource.of(set(), new ImageOptions().validationSplit(0.2).splitSeed(5));
        assertTrue(source.holdsOut());
        TrainingData data = read(source);
        TrainingSet opened = data.open(remarks::add);
        assertEquals(48, data.examples());
        assertEquals(48, count(opened.training(10, 1, 1)));
        assertEquals(12, count(opened.validation(10, 1).orElseThrow()));
        assertEquals(12, data.test().orElseThrow().count());
        assertEquals(Map.of("validation_split", "0.2", "split_seed", "5"), data.provenance().entrySet().stream()
                .filter(entry -> entry.getKey().contains("split")).collect(Collectors.toMap(Map.Entry::getKey,
                        Map.Entry::getValue)));
        double[] balanced = data.balancedClassWeights();
        assertEquals(10, balanced.length, "a set in the form of MNIST has ten classes");
        TrainingData whole = read(ImageSource.of(set(), new ImageOptions()));
        assertEquals(Optional.empty(), whole.open(remarks::add).validation(10, 1));
        assertFalse(whole.provenance().containsKey("validation_split"));
        assertEquals(60, whole.examples());
    }

    @Test
    void imagesHaveTheirOwnDefaultsAndThoseOfTheirNet() throws IOException {
        Recipe plain = read(ImageSource.of(set(), new ImageOptions())).complete(SEEDED);
        assertEquals(new Recipe().seed(3).layers("256:relu,10:softmax").loss("cross-entropy").optimizer("adam(0.002)").epochs(5)
                .batchSize(128), plain);
        ImageNet lenet = ImageNet.of("lenet");
        Recipe named = read(ImageSource.of(set(), new ImageOptions().net(lenet))).complete(SEEDED);
        assertEquals(10, named.epochs());
        assertEquals("cosine", ((Config) named.config().values().get("schedule")).type());
        assertEquals("Reshape", named.layerConfigs().get(0).type(), "rows of pixels become images");
        assertFalse(read(ImageSource.of(set(), new ImageOptions().net(lenet.unscheduled()))).complete(SEEDED).hasSchedule());
        assertThrows(SettingException.class, () -> ImageNet.of("alexnet"));
    }

    @Test
    void imagesToTrainOnAreChangedAndThoseToValidateAreNot() throws IOException {
        ImageOptions options = new ImageOptions().validationSplit(0.2).seed(9);
        TrainingData plain = read(ImageSource.of(set(), options));
        TrainingData shifted = read(ImageSource.of(set(), options.augmentation(new ImageAugmentation(2, 0, 0, 0))));
        assertEquals("outliers", assertThrows(SettingException.class, () -> read(ImageSource.of(set(), options.outliers(0.5))),
                "of images of 6x6").setting());
        assertEquals("outliers", assertThrows(SettingException.class, () -> options.outliers(0)).setting());
        assertNotEquals(first(plain.open(remarks::add).training(48, 1, 1)), first(shifted.open(remarks::add).training(48, 1, 1)));
        assertEquals(first(plain.open(remarks::add).validation(12, 1).orElseThrow()),
                first(shifted.open(remarks::add).validation(12, 1).orElseThrow()));
    }

    private static List<Float> first(Batches batches) {
        List<Float> numbers = new ArrayList<>();
        try (Batches.Pass pass = batches.open(0)) {
            for (float number : pass.next().inputs().get(0).toArray()) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    @Test
    void aShareThatLeavesNothingToValidateIsRefused() throws IOException {
        Path set = set();
        assertTrue(assertThrows(DataException.class, () -> read(ImageSource.of(set, new ImageOptions().validationSplit(1e-6))))
                .getMessage().contains("at least one image to validate is needed. Received: none of 60"));
        assertThrows(SettingException.class, () -> new ImageOptions().validationSplit(1));
        assertThrows(SettingException.class, () -> new ImageOptions().testSplit(-0.1));
    }

    // ----------------------------------------------------------------------------------------------------- pictures

    @Test
    void aFolderOfPicturesHoldsOutATestByItself() throws IOException {
        PictureSource source = PictureSource.of(pictures(20), new ImageOptions().validationSplit(0.1));
        assertTrue(source.holdsOut() && source.holdsTest() && source.readsInParallel());
        TrainingData data = read(source);
        assertEquals(28, data.examples());
        assertEquals(8, data.test().orElseThrow().count());
        assertEquals(4, count(data.open(remarks::add).validation(10, 1).orElseThrow()));
        assertEquals(List.of("dark", "light"), data.labels());
        assertEquals(Shape.of(40), data.inputShape(), "grey, in their own size");
        assertEquals("100 epochs of 32", settings(data.complete(SEEDED)), "as of a table");
        assertTrue(remarks.get(0).contains("40 pictures of 2 classes: dark (20), light (20); each made into 5 x 8, grey."
                + " 28 to train on, 4 to validate and 8 to test"), remarks::toString);
    }

    @Test
    void picturesBecomeWhatIsAskedFor() throws IOException {
        ImageOptions options = new ImageOptions().size(ImageOptions.Size.parse("3x4")).color(ImageOptions.Color.RGB).testSplit(0);
        PictureSource source = PictureSource.of(pictures(20), options);
        assertFalse(source.holdsTest());
        TrainingData data = read(source);
        assertEquals(Shape.of(36), data.inputShape());
        assertEquals(Optional.empty(), data.test());
        List<Integer> read = new ArrayList<>();
        source.read(new ReadListener() {

            @Override
            public void onRemark(String sentence) {}

            @Override
            public void onBegin(int examples) {
                read.add(examples);
            }

            @Override
            public void onEnd() {
                read.add(-1);
            }
        });
        assertEquals(List.of(40, -1), read);
        for (String size : List.of("28", "0x9", "axb", "10000x1")) {
            assertEquals("size", assertThrows(SettingException.class, () -> ImageOptions.Size.parse(size), size).setting());
        }
        assertThrows(SettingException.class, () -> new ImageOptions().size(new ImageOptions.Size(0, 1)));
    }

    @Test
    void picturesOfOneSizeAreMadeSmallerHoweverLongTheyAre() throws IOException {
        for (int i = 0; i < 5; i++) {
            for (String name : List.of("a", "b")) {
                PictureFiles.write(PictureFiles.plain(12_000, 2, 9, 9, 9), folder.resolve("long/" + name + "/" + i + ".png"));
            }
        }
        assertEquals(Shape.of(64), read(PictureSource.of(folder.resolve("long"), new ImageOptions())).inputShape());
    }

    @Test
    void tooFewPicturesToHoldOutAreRefused() throws IOException {
        Path few = pictures(1);
        assertTrue(assertThrows(DataException.class, () -> PictureSource.of(few, new ImageOptions().testSplit(0.3)))
                .getMessage().contains("expected enough pictures to hold some out"));
        assertEquals("validationSplit", assertThrows(SettingException.class, () -> PictureSource.of(few,
                new ImageOptions().testSplit(0.5).validationSplit(0.5))).setting());
    }

    // ------------------------------------------------------------------------------------------------------- arrays

    @Test
    void labelsOfArraysAreWholeNumbersUnlessATaskIsGiven() throws IOException {
        Path file = arrays("a.npz", false);
        ArrayData labels = new ArraySource(file, Optional.empty(), 0.2, 1).read(remarks::add);
        assertEquals(List.of("1", "2", "3"), labels.labels());
        assertEquals(Optional.of("y has few whole numbers"), labels.reason());
        assertFalse(labels.isRegression());
        ArrayData numbers = new ArraySource(file, Optional.of(Task.REGRESSION), 0.2, 1).read(remarks::add);
        assertTrue(numbers.isRegression());
        assertEquals(Optional.empty(), numbers.reason());
        assertEquals(Shape.of(1), numbers.targetShape());
        assertEquals(48, numbers.examples());
        assertEquals("validationSplit", assertThrows(SettingException.class,
                () -> new ArraySource(file, Optional.empty(), 0.999, 1).read(remarks::add)).setting());
    }

    @Test
    void aNetOfArraysStandardizesItsInputsFirst() throws IOException {
        ArrayData data = new ArraySource(arrays("a.npz", false), Optional.empty(), 0.2, 1).read(remarks::add);
        Recipe recipe = data.complete(SEEDED.layers("8:relu"));
        assertEquals(List.of("Normalization", "Dense", "Dense"), recipe.layerConfigs().stream().map(Config::type).toList());
        assertEquals(recipe.layerConfigs(), data.complete(SEEDED.layers("normalization,8:relu,3:softmax")).layerConfigs());
        assertEquals(0.2, recipe.validationSplit());
        Model model = Models.of(recipe, data.inputShape());
        data.prepare(model);
        float[] mean = model.weights().get(0).toArray();
        assertTrue(mean[0] > 10, "of numbers up to 120");
        assertEquals(5, mean[3]);
        assertEquals(1, model.weights().get(1).toArray()[3], "the variance of one value, which would make others huge");
        Model later = Models.of(data.complete(SEEDED.layers("8:linear,normalization")), data.inputShape());
        data.prepare(later);
        float[] second = later.weights().get(4).toArray();
        assertTrue(second.length == 8 && second[0] != 0, "one behind another layer learns of what comes to it");
    }

    // ------------------------------------------------------------------------------------------------------- texts

    /** Reads a text to train on it, and to evaluate on it. */
    static final class LargeText {

        public static void main(String[] args) throws IOException {
            Path text = Path.of(args[0]);
            TextSource source = new TextSource(text, TextSource.CHARACTERS, 64, TextNet.LSTM, 0.1, 1);
            TextData data = source.read(remark -> {});
            Examples tested = TextSource.tested(text, data.preprocessor(), Map.of(), remark -> {});
            Batch batch = new Batch(List.of(Tensor.zeros(1, 64)), List.of(Tensor.zeros(1, 64)), null);
            tested.read(0, new int[] {tested.count() - 1}, 0, 1, batch);
            String last = data.preprocessor().vocabulary().decode(IntStream.range(0, 64).map(i -> (int) batch.inputs().get(0).get(0, i)).toArray());
            System.out.println(data.examples() + "," + tested.count() + "," + last.strip());
        }
    }

    @Test
    void aTextMayBeLargerThanTheHeap() throws IOException, InterruptedException {
        Path text = folder.resolve("large.txt");
        byte[] line = "the quick brown fox jumps over the lazy dog\n".getBytes(StandardCharsets.UTF_8);
        byte[] lines = new byte[line.length << 15];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = line[i % line.length];
        }
        try (OutputStream out = Files.newOutputStream(text)) {
            for (int i = 0; i < 32; i++) {
                out.write(lines);
            }
        }
        long tokens = 32L * lines.length;
        long windows = (tokens - 1) / 64;
        String last = new String(lines, (int) (lines.length - (tokens - windows * 64)) - 64, 64, StandardCharsets.UTF_8).strip();
        assertEquals(((tokens - (long) (tokens * 0.1) - 1) / 64 - 1) + "," + windows + "," + last.replace("\n", "|"),
                String.join("|", FreshJvm.run(List.of("-Xmx24m", FreshJvm.VECTORS), LargeText.class, text)));
    }
}
