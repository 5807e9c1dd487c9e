package beras.cli;

import beras.data.Splits;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.files.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;

/** MNIST, or any set in its form. */
final class MnistData extends ImageData {

    private Background<ImageSets> loading;

    MnistData(CommandSpec spec, TrainOptions options) {
        super(spec, options, DataKind.IMAGES);
        requireSplit(spec, options, validationShare());
    }

    @Override
    void begin() {
        loading = Background.start("beras-data", () -> ArrayFiles.isNamedSo(options.data)
                ? ArrayFiles.images(options.data) : ImageSets.load(options.data));
    }

    @Override
    Parts read(Console console) throws Exception {
        ImageSets mnist = loading.get();
        Images train = mnist.train();
        if (!keepsValidation()) {
            return new Parts(train, train.slice(0, 0), mnist.test());
        }
        int[] held = Splits.share(classes(train), validationShare(), options.table.splitSeed());
        LongPredicate isHeld = Splits.rows(held);
        int[] kept = IntStream.range(0, train.count()).filter(image -> !isHeld.test(image)).toArray();
        return new Parts(train.select(kept), train.select(held), mnist.test());
    }

    @Override
    Map<String, String> provenance() throws Exception {
        Map<String, String> provenance = super.provenance();
        if (keepsValidation()) {
            provenance.put(VALIDATION_SPLIT, Double.toString(validationShare()));
            provenance.put(SPLIT_SEED, Long.toString(options.table.splitSeed()));
        }
        return provenance;
    }

    @Override
    int batchSize() {
        return TrainDefaults.BATCH_SIZE;
    }

    @Override
    int epochs(Nets.Net net, int batchSize) {
        return net.epochs();
    }

    @Override
    String hash() throws IOException {
        return Sha256.of(ArrayFiles.isNamedSo(options.data) ? List.of(options.data) : ImageSets.files(options.data));
    }

    @Override
    List<String> next(String model) throws IOException {
        if (ArrayFiles.isNamedSo(options.data)) {
            return List.of("evaluate " + model + " --data " + Text.quote(options.data),
                    "predict " + model + " --data " + Text.quote(options.data) + " --out outputs.npy");
        }
        String images = "IMAGES";
        try (DirectoryStream<Path> tests = Files.newDirectoryStream(options.data, "t10k-images*")) {
            for (Path file : tests) {
                images = Text.quote(file);
            }
        }
        return List.of("evaluate " + model + " --data " + Text.quote(options.data) + " --pictures digits.png",
                "predict " + model + " " + images);
    }
}
