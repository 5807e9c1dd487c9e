package beras.data.image;

import beras.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Images to train on and images to test on, of ten classes or more, in the order of their files: MNIST, or any set in its form such as
 * Fashion-MNIST or EMNIST.
 *
 * <pre>{@code
 * ImageSets mnist = ImageSets.load(Path.of("data"));       // the four IDX files
 * model.fit(mnist.train(), new FitOptions().epochs(5));
 * model.evaluate(mnist.test());
 * }</pre>
 */
public record ImageSets(Images train, Images test) {

    /** There are so many classes at least, even if some have no image. */
    private static final int CLASSES = 10;
    private static final String TRAIN = "train";
    private static final String TEST = "t10k";
    private static final String IMAGES = "-images";
    private static final String IMAGES_TYPE = "idx3-ubyte";
    private static final String LABELS = "-labels";
    private static final String LABELS_TYPE = "idx1-ubyte";

    /**
     * Loads the four files of a folder: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
     * {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}. A name may also have a dot before {@code idx}, and
     * end with {@code .gz}. There are ten classes, or as many as the labels to train on have, each of which has an image then.
     *
     * @throws DataException if a file is missing or damaged, or they do not fit each other
     */
    public static ImageSets load(Path folder) throws DataException {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": expected a folder with the four files of MNIST. Received: "
                    + (Files.exists(folder) ? "a file" : "a name that does not exist") + ". Name the folder they are in");
        }
        Pair trainFiles = Pair.find(folder, TRAIN);
        Pair testFiles = Pair.find(folder, TEST);
        CompletableFuture<Read> testing = CompletableFuture.supplyAsync(() -> {
            try {
                return testFiles.read();
            } catch (DataException e) {
                throw new CompletionException(e);
            }
        });
        Read toTrain = trainFiles.read();
        Read toTest = join(testing);
        int classes = trainFiles.classes(toTrain);
        testFiles.requireClasses(toTest, classes);
        Images train = toTrain.images.withLabels(toTrain.labels, classes);
        Images test = toTest.images.withLabels(toTest.labels, classes);
        if (test.height() != train.height() || test.width() != train.width()) {
            throw new DataException(testFiles.images + ": bytes 8 to 15: expected images of " + train.height() + " x "
                    + train.width() + ", as in " + trainFiles.images + ". Received: " + test.height() + " x " + test.width()
                    + ". Use files that belong together");
        }
        return new ImageSets(train, test);
    }

    /** Whether one of the four files is in a folder. */
    public static boolean isIn(Path folder) {
        return Stream.of(TRAIN, TEST).flatMap(set -> Stream.of(Pair.names(set + IMAGES, IMAGES_TYPE), Pair.names(set + LABELS, LABELS_TYPE)))
                .flatMap(List::stream).anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    /**
     * The four files that {@link #load} reads: images and labels of the training set, then of the test set.
     *
     * @throws DataException if one is missing
     */
    public static List<Path> files(Path folder) throws DataException {
        Pair train = Pair.find(folder, TRAIN);
        Pair test = Pair.find(folder, TEST);
        return List.of(train.images, train.labels, test.images, test.labels);
    }

    private static Read join(CompletableFuture<Read> future) throws DataException {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof DataException data) {
                throw data;
            }
            throw e;
        }
    }

    /** The contents of two files, as many labels as images. */
    private record Read(Images images, byte[] labels) {}

    /** The files of images and of their labels. */
    private record Pair(Path images, Path labels) {

        static Pair find(Path folder, String set) throws DataException {
            return new Pair(findOne(folder, names(set + IMAGES, IMAGES_TYPE)), findOne(folder, names(set + LABELS, LABELS_TYPE)));
        }

        /** The possible names of a file. */
        static List<String> names(String what, String type) {
            return List.of(what + "-" + type, what + "-" + type + ".gz", what + "." + type, what + "." + type + ".gz");
        }

        private static Path findOne(Path folder, List<String> names) throws DataException {
            for (String name : names) {
                if (Files.exists(folder.resolve(name))) {
                    return folder.resolve(name);
                }
            }
            throw new DataException(folder + ": expected one of the files " + String.join(", ", names)
                    + ". Received: a folder with none of them. Put it there, or name another folder, such as one that has a"
                    + " folder of pictures for each class");
        }

        Read read() throws DataException {
            Images unlabelled = Idx.images(images);
            byte[] digits = Idx.labels(labels);
            if (digits.length != unlabelled.count()) {
                throw new DataException(labels + ": bytes 4 to 7: expected " + unlabelled.count() + " labels, one for each image"
                        + " of " + images + ". Received: " + digits.length + ". Use files that belong together");
            }
            return new Read(unlabelled, digits);
        }

        /** The number of classes; a label beyond one that no image has is a mistake. */
        int classes(Read read) throws DataException {
            boolean[] used = new boolean[Images.MAX_CLASSES];
            for (byte label : read.labels) {
                used[label & 0xff] = true;
            }
            int classes = CLASSES;
            while (classes < used.length && used[classes]) {
                classes++;
            }
            requireClasses(read, classes);
            return classes;
        }

        void requireClasses(Read read, int classes) throws DataException {
            int wrong = Images.firstOutside(read.labels, classes);
            if (wrong >= 0) {
                throw new DataException(labels + ": byte " + Idx.labelOffset(wrong) + ": expected a label from 0 to "
                        + (classes - 1) + ", as no image to train on has " + classes + ". Received: " + (read.labels[wrong] & 0xff)
                        + " for image " + wrong + ". Correct the label or leave the image out");
            }
        }
    }
}
