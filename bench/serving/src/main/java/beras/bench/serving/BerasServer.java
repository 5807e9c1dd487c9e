package beras.bench.serving;

import beras.models.Model;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** BERAS, from a file of any of its formats. */
final class BerasServer implements Server {

    private final Model model;

    BerasServer(Path file) throws IOException {
        model = ModelFile.load(file).model();
    }

    @Override
    public float[] predict(float[] rows, int count) {
        return model.predict(Tensor.wrap(rows, count, NetFiles.INPUTS)).toArray();
    }
}
