package org.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.image.ImageSets;
import beras.saving.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {

    @Test
    void aNetOfSixThousandImagesReadsNineOfTen(@TempDir Path folder) throws IOException {
        ImageSets mnist = ImageSets.load(Path.of("../../../data"));
        Path file = folder.resolve("digits.beras");
        ModelFile.save(Digits.train(mnist.train().slice(0, 6000), 3), file);
        double accuracy = Digits.accuracy(file, mnist.test().slice(0, 1000));
        assertTrue(accuracy > 0.9, () -> "accuracy " + accuracy);
    }
}
