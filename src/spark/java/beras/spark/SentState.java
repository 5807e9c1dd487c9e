package beras.spark;

import beras.saving.ConfigJson;
import beras.tensor.Tensor;
import beras.training.TrainingState;
import com.google.gson.JsonParser;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a training run on its way between driver and executors. */
final class SentState implements Serializable {

    private static final long serialVersionUID = 1;

    private final String config;
    private final String[] names;
    private final int[][] shapes;
    private final float[][] elements;

    SentState(TrainingState state) {
        config = ConfigJson.write(state.config()).toString();
        int count = state.tensors().size();
        names = new String[count];
        shapes = new int[count][];
        elements = new float[count][];
        int i = 0;
        for (Map.Entry<String, Tensor> tensor : state.tensors().entrySet()) {
            names[i] = tensor.getKey();
            shapes[i] = tensor.getValue().shape().toArray();
            elements[i++] = tensor.getValue().toArray();
        }
    }

    /** The state that was sent. */
    TrainingState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            tensors.put(names[i], Tensor.wrap(elements[i], shapes[i]));
        }
        return new TrainingState(ConfigJson.read(JsonParser.parseString(config).getAsJsonObject()), tensors);
    }
}
