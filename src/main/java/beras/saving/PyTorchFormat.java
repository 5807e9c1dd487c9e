package beras.saving;

import beras.models.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/** {@link PyTorchFile}. */
final class PyTorchFormat implements PortableFormat {

    @Override
    public String suffix() {
        return ".safetensors";
    }

    @Override
    public boolean tellsNet() {
        return false;
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        return WeightsAlone.written(saved, PyTorchFile.write(saved.model(), out));
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        if (hints.net().isPresent()) {
            Model net = hints.net().get();
            return imported(net, PyTorchFile.load(net, file));
        }
        if (hints.activation().isEmpty() || hints.output().isEmpty()) {
            throw WeightsAlone.needNet();
        }
        PyTorchFile.Inferred inferred = PyTorchFile.inferred(file, hints.activation().get(), hints.output().get());
        return imported(inferred.model(), inferred.taken());
    }

    private static Imported imported(Model net, Map<String, String> taken) {
        return new Imported(new SavedModel(net), WeightsAlone.read(taken));
    }
}
