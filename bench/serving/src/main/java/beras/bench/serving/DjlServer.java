package beras.bench.serving;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** DJL on its PyTorch engine, with DJL's blocks and a predictor, as in its documentation. */
final class DjlServer implements Server {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final Predictor<NDList, NDList> predictor;

    /** @param weights the file of them */
    DjlServer(Path weights) throws IOException {
        float[] numbers = NetFiles.read(weights);
        SequentialBlock net = new SequentialBlock();
        Linear hidden = Linear.builder().setUnits(NetFiles.HIDDEN).build();
        Linear last = Linear.builder().setUnits(NetFiles.OUTPUTS).build();
        net.add(hidden).add(Activation.reluBlock()).add(last).add(LambdaBlock.singleton(logits -> logits.softmax(-1)));
        net.initialize(manager, DataType.FLOAT32, new Shape(1, NetFiles.INPUTS));
        int at = set(hidden, numbers, 0, NetFiles.INPUTS, NetFiles.HIDDEN);
        set(last, numbers, at, NetFiles.HIDDEN, NetFiles.OUTPUTS);
        Model model = Model.newInstance("net", Device.cpu());
        model.setBlock(net);
        predictor = model.newPredictor(new NoopTranslator(null));
    }

    /** PyTorch's weights are outputs by inputs. */
    private int set(Linear layer, float[] numbers, int from, int inputs, int outputs) {
        int bias = from + inputs * outputs;
        int end = bias + outputs;
        NDArray kernel = manager.create(Arrays.copyOfRange(numbers, from, bias), new Shape(inputs, outputs));
        layer.getParameters().get("weight").getArray().set(kernel.transpose().toByteBuffer());
        layer.getParameters().get("bias").getArray().set(Arrays.copyOfRange(numbers, bias, end));
        return end;
    }

    @Override
    public float[] predict(float[] rows, int count) throws TranslateException {
        try (NDManager own = manager.newSubManager()) {
            NDList outputs = predictor.predict(new NDList(own.create(rows, new Shape(count, NetFiles.INPUTS))));
            outputs.attach(own);
            return outputs.singletonOrThrow().toFloatArray();
        }
    }
}
