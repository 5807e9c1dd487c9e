package beras.saving;

import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.activations.Activations;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The weights of {@link NumpyFile}. */
final class NumpyFormat implements PortableFormat {

    private static final String KERNEL = "/kernel";

    @Override
    public String suffix() {
        return ".npz";
    }

    @Override
    public boolean tellsNet() {
        return false;
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        Map<String, Variable> weights = BerasFile.weights(saved.model());
        NumpyFile.writeAll(weights, out);
        return WeightsAlone.written(saved, WeightsAlone.same(weights.keySet()));
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        if (hints.net().isEmpty() && (hints.activation().isEmpty() || hints.output().isEmpty())) {
            throw WeightsAlone.needNet();
        }
        Model net = hints.net().isPresent() ? hints.net().get()
                : chain(file, NumpyFile.readAll(file), hints.activation().get(), hints.output().get());
        NumpyFile.loadWeights(net, file);
        return new Imported(new SavedModel(net), WeightsAlone.read(WeightsAlone.same(BerasFile.weights(net).keySet())));
    }

    /** The net of dense layers alone, in the order of the file, each a kernel and maybe a bias. */
    private static Model chain(Path file, Map<String, Tensor> arrays, String activation, String output) throws IOException {
        Activations.of(activation); // what is wrong here is not the file's fault
        Activations.of(output);
        return FileReading.of(file, bytes -> {
            List<String> kernels = arrays.keySet().stream().filter(name -> name.endsWith(KERNEL)).toList();
            List<Layer> layers = new ArrayList<>();
            int width = 0;
            for (String kernel : kernels) {
                Tensor weights = arrays.get(kernel);
                if (weights.rank() != 2 || weights.size() == 0) {
                    throw new IllegalArgumentException("expected that " + kernel + " has a shape (inputs, outputs). Received: "
                            + weights.shape() + ". Tell the layers of the net");
                }
                if (layers.isEmpty()) {
                    layers.add(new Input(weights.dim(0)));
                } else if (weights.dim(0) != width) {
                    throw new IllegalArgumentException("expected dense layers one behind the other. Received: " + kernel
                            + " of shape " + weights.shape() + " after " + width + " outputs. Tell the layers of the net");
                }
                width = weights.dim(1);
                boolean bias = arrays.containsKey(kernel.substring(0, kernel.length() - KERNEL.length()) + "/bias");
                layers.add(new Dense(weights.dim(1), layers.size() == kernels.size() ? output : activation).useBias(bias));
            }
            if (layers.isEmpty()) {
                throw new IllegalArgumentException("a net follows from the shapes of dense layers alone, such as dense" + KERNEL
                        + " and dense/bias. Received: " + arrays.keySet() + ". Tell the layers of the net");
            }
            return new Sequential(layers.toArray(Layer[]::new));
        });
    }
}
