package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.ImageExplanation;
import beras.data.image.ImageFiles;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.WrittenImages;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.numpy.NumpyFile;
import beras.tables.TinyTable;
import beras.tensor.Tensor;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} of a model of images: pictures of what it looks for and of what decides. */
@Tag("cli")
@TestInstance(Lifecycle.PER_CLASS)
class ExplainImagesTest {

    private static final ImagePreprocessor MEANING = ImagePreprocessor.ofNumbers(28, 28, 10);

    private Path digits;
    private Path net;
    private Path dense;
    private Path filters;
    private Path maps;
    private Path saliency;

    @BeforeAll
    void train(@TempDir Path models) throws IOException {
        Path data = TinyDigits.write(models.resolve("digits"));
        digits = data.resolve("t10k-images-idx3-ubyte.gz");
        net = models.resolve("net.beras");
        dense = models.resolve("dense.beras");
        assertExit(Exit.DONE, run("train", "--data", data, "--layers", "conv:3x5,strides=3,batch_norm,relu,max_pool:2,10:softmax",
                "--epochs", 1, "--out", net));
        assertExit(Exit.DONE, run("train", "--data", data, "--layers", "16:relu,10:softmax", "--epochs", 1, "--out", dense));
    }

    @BeforeEach
    void name(@TempDir Path folder) {
        filters = folder.resolve("filters.png");
        maps = folder.resolve("maps.png");
        saliency = folder.resolve("saliency.png");
    }

    private ImageExplanation explanation(Path model) throws IOException {
        SavedModel saved = ModelFile.load(model);
        return new ImageExplanation(saved.model(), (ImagePreprocessor) saved.preprocessor().orElseThrow());
    }

    /** One image in the shape that the net takes. */
    private Tensor image(int i) throws IOException {
        return ImageFiles.open(digits, MEANING).slice(i, i + 1).inputs();
    }

    @Test
    void allPicturesOfANetOfConvolutions() throws IOException {
        Result result = run("explain", "--model", net, "--data", digits, "--filters", filters, "--feature-maps", maps, "--saliency",
                saliency, "--json");
        JsonObject fields = result.objects().get(0);
        ImageExplanation explanation = explanation(net);
        assertArrayEquals(explanation.drawFilters(), Files.readAllBytes(filters));
        assertArrayEquals(explanation.drawFeatureMaps(image(0)), Files.readAllBytes(maps));
        assertArrayEquals(explanation.drawSaliency(image(0)), Files.readAllBytes(saliency));
        assertEquals(run("predict", "--model", net, digits).out().lines().findFirst().orElseThrow(),
                fields.get("label").getAsString());
        assertEquals(maps.toString(), fields.get("feature_maps").getAsString());
        assertEquals("The picture of --filters is in " + filters + "\nThe picture of --feature-maps is in " + maps
                + "\nThe picture of --saliency is in " + saliency + "\n", result.err());
        assertRefused(Exit.USAGE, maps + " exists already", run("explain", "--model", net, "--data", digits, "--feature-maps", maps));
        assertExit(Exit.DONE, run("explain", "--model", net, "--data", digits, "--image", 3, "--feature-maps", maps, "--force"));
        assertArrayEquals(explanation.drawFeatureMaps(image(2)), Files.readAllBytes(maps));
    }

    @Test
    void aPhotoAndAnArrayAreImagesToo() throws IOException {
        Path photo = filters.resolveSibling("photo.png");
        BufferedImage ink = new BufferedImage(60, 80, BufferedImage.TYPE_BYTE_GRAY);
        for (int at = 0; at < 60 * 80; at++) {
            boolean stroke = at % 60 > 25 && at % 60 < 34 && at / 60 > 10 && at / 60 < 70;
            ink.getRaster().setSample(at % 60, at / 60, 0, stroke ? 20 : 230);
        }
        ImageIO.write(ink, "png", photo.toFile());
        assertExit(Exit.DONE, run("explain", "--model", dense, "--data", photo, "--saliency", saliency));
        assertArrayEquals(explanation(dense).drawSaliency(ImageFiles.open(photo, MEANING).inputs()), Files.readAllBytes(saliency));
        Path array = filters.resolveSibling("x.npy");
        NumpyFile.save(ImageFiles.open(digits, MEANING).inputs(), array);
        assertExit(Exit.DONE, run("explain", "--model", dense, "--data", array, "--image", 5, "--saliency", saliency, "--force"));
        assertArrayEquals(explanation(dense).drawSaliency(image(4)), Files.readAllBytes(saliency));
    }

    @Test
    void whatMakesNoSenseIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "Missing required option: '--data', the images of which --saliency shows one",
                run("explain", "--model", net, "--saliency", saliency));
        assertRefused(Exit.USAGE, "it chooses what --feature-maps and --saliency show",
                run("explain", "--model", net, "--data", digits, "--filters", filters, "--image", 2));
        assertRefused(Exit.USAGE, "counted from 1. Received: 0",
                run("explain", "--model", net, "--data", digits, "--saliency", saliency, "--image", 0));
        assertRefused(Exit.BAD_DATA, "expected at least 101 images for --image 101. Received: 100",
                run("explain", "--model", net, "--data", digits, "--saliency", saliency, "--image", 101));
        assertRefused(Exit.USAGE, "is the place of another file of this command",
                run("explain", "--model", net, "--data", digits, "--saliency", saliency, "--filters", saliency));
        assertRefused(Exit.USAGE, "option '--repeats': it applies to tables",
                run("explain", "--model", net, "--filters", filters, "--repeats", 5));
        assertRefused(Exit.USAGE, "option '--separator': it applies to tables",
                run("explain", "--model", net, "--filters", filters, "--separator", "tab"));
        Path table = TinyTable.kinds(filters.resolveSibling("kinds.csv"));
        Path ofTable = filters.resolveSibling("kinds.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--out", ofTable, "--epochs", 1));
        assertRefused(Exit.BAD_DATA, "expected a model of images", run("explain", "--model", ofTable, "--filters", filters));
        Path small = filters.resolveSibling("small.idx");
        WrittenImages.idx(small, new Images(new byte[9], 3, 3, null, 0));
        assertRefused(Exit.BAD_DATA, "takes images of 784 pixels",
                run("explain", "--model", net, "--data", small, "--saliency", saliency));
        assertFalse(Files.exists(filters) || Files.exists(saliency));
    }

    /** A file that says nothing of images may have layers that do, or the images tell. */
    @Test
    void theSidesOfImagesAreFoundOrAskedFor() throws IOException {
        Path plain = filters.resolveSibling("plain.beras");
        ModelFile.save(new SavedModel(new Sequential(new Input(784), new Dense(3), new Dense(10, "softmax"))), plain);
        assertRefused(Exit.BAD_DATA, "Give such images with --data", run("explain", "--model", plain, "--filters", filters));
        assertExit(Exit.DONE, run("explain", "--model", plain, "--data", digits, "--filters", filters));
        Path shaped = filters.resolveSibling("shaped.beras");
        ModelFile.save(new SavedModel(new Sequential(new Input(28, 28), new Flatten(), new Dense(10, "softmax"))), shaped);
        assertExit(Exit.DONE, run("explain", "--model", shaped, "--filters", filters, "--force"));
    }
}
