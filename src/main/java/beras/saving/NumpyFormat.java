package beras.saving;

import beras.models.Model;
import beras.tensor.Variable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/** The weights of {@link NumpyFile}. */
final class NumpyFormat implements PortableFormat {

    @Override
    public String suffix() {
        return ".npz";
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        Map<String, Variable> weights = ThirdVersion.weights(saved.model());
        NumpyFile.writeAll(weights, out);
        return WeightsAlone.written(saved, WeightsAlone.same(weights.keySet()));
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        Model net = hints.net().orElseThrow(() -> new IllegalArgumentException("A file of weights does not say what is computed"
                + " between them: tell the layers"));
        NumpyFile.loadWeights(net, file);
        return new Imported(new SavedModel(net), WeightsAlone.read(WeightsAlone.same(ThirdVersion.weights(net).keySet())));
    }
}
