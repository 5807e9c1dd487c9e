package beras.cli;

import beras.data.image.Images;
import beras.data.image.WrittenImages;
import beras.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in the form of MNIST that is learnt in a moment: the digit is the place of a bright band. */
final class TinyDigits {

    static final int TRAIN = 600;
    static final int TEST = 100;
    private static final int SIDE = 28;

    static Path write(Path folder) throws IOException {
        return write(folder, images("train", TRAIN), images("t10k", TEST));
    }

    /** A folder of these images. */
    static Path write(Path folder, Images train, Images test) throws IOException {
        Files.createDirectories(folder);
        write(folder, "train", train);
        write(folder, "t10k", test);
        return folder;
    }

    private static void write(Path folder, String set, Images images) throws IOException {
        WrittenImages.idx(folder.resolve(set + "-images-idx3-ubyte.gz"), images);
        byte[] labels = new byte[images.count()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) images.label(i);
        }
        WrittenImages.idx(folder.resolve(set + "-labels-idx1-ubyte"), labels);
    }

    static Images images(String set, int count) {
        Rng rng = new Rng(1, set, 0);
        byte[] pixels = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        for (int at = 0; at < pixels.length; at++) {
            int image = at / (SIDE * SIDE);
            int row = at / SIDE % SIDE;
            labels[image] = (byte) (image % 10);
            boolean band = row / 2 == image % 10;
            pixels[at] = (byte) ((band ? 150 : 0) + (rng.bits(at) >>> 1) % 100);
        }
        return new Images(pixels, SIDE, SIDE, labels, 10);
    }

    private TinyDigits() {}
}
