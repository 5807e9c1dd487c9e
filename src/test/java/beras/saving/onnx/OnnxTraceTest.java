package beras.saving.onnx;

import static beras.saving.onnx.OnnxWriterTest.assertNear;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Opaque;
import beras.layers.BatchNormalization;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import beras.saving.WeightReport;
import beras.saving.onnx.OnnxFormulas.Formula;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a graph could not compute for every batch is refused by name before a file is written. */
@Tag("once")
@Tag("saving")
class OnnxTraceTest {

    @TempDir
    Path folder;

    /** Which only it knows how to differentiate. */
    private static final class Own extends Layer {

        @Override
        protected Tensor compute(Call call) {
            return new Opaque(2).apply(call.input(0));
        }
    }

    private static final String REMEDY = ". A custom layer is written if it computes by operations of Tensor, or OnnxFile.register"
            + " describes it";

    private void assertRefused(String reasons, Model model) throws IOException {
        Path file = folder.resolve("m.onnx");
        String message = assertThrows(IllegalArgumentException.class, () -> OnnxFile.save(model, file)).getMessage();
        assertTrue(message.startsWith("ONNX cannot express " + reasons) && message.endsWith(REMEDY), message);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private void assertRefused(String reason, UnaryOperator<Tensor> function, Layer... inner) throws IOException {
        assertRefused(reason.isEmpty() ? reason : "layer \"formula\": " + reason, model(function, inner));
    }

    private static Model model(UnaryOperator<Tensor> function, Layer... inner) {
        return new Sequential(1, new Input(3, 4), new Formula(1, x -> function.apply(x.get(0)), inner));
    }

    /** Numbers of the batch in arrays, its size as a number or along another axis, and what is made of other examples. */
    @Test
    void whatDependsOnTheBatchIsRefused() throws IOException {
        Dense dense = new Dense(4);
        Tensor[] two = {Tensor.scalar(1), Tensor.scalar(2)};
        String other = "what depends on the size of the batch, or on its numbers, otherwise than by recorded operations whose first axis"
                + " is the batch. Received: formula/";
        for (UnaryOperator<Tensor> function : List.<UnaryOperator<Tensor>>of(
                x -> x.multiply(Tensor.wrap(x.toArray(), x.shape())),
                x -> x.gather(1, x.slice(1, 0, 1).slice(2, 0, 1).sum(0).reshape(1).multiply(0.02).floor().toInts()),
                x -> x.add(dense.forward(x)),
                x -> x.divide(x.max().item()),
                x -> x.sort(1),
                x -> x.add(x.min().item()),
                x -> x.oneHot(4).sum(3).add(x.sum().item()),
                x -> x.multiply(two[x.dim(0) / 8]),
                x -> x.subtract(x.mean(0)),
                x -> {
                    Tensor sum = x;
                    for (int i = 0; i < x.dim(0); i++) {
                        sum = sum.add(1);
                    }
                    return sum;
                },
                x -> Tensor.concatenate(1, Collections.nCopies(x.dim(0), x).toArray(Tensor[]::new)).max(1).expandDims(1).add(x),
                x -> x.slice(1, 0, Math.max(1, Math.min(3, x.dim(0) - 6))).sum(1).expandDims(1).add(x),
                x -> x.matmul(x.transpose(0, 2, 1)).expandDims(0).sum(0).reshape(1, x.dim(0), 9).sum(2).reshape(x.dim(0), 1, 1).add(x))) {
            assertRefused(other, model(function, dense));
        }
        assertRefused("its operation Solve[]: no operator computes it", x -> x.transpose(0, 2, 1).matmul(x).add(Tensor.eye(4)).inverse());
        assertRefused("it fails for a batch of 7: Shapes (7, 3, 4) and (2, 1, 1) do not broadcast", x -> x.add(Tensor.ones(2, 1, 1)));
        assertRefused("its operation Slice[axis=0, from=0, to=1]: it takes a part of the batch", x -> x.add(x.slice(0, 1)));
        assertRefused("its operation Gather[axis=0, indices=1]: it takes a part of the batch", x -> x.add(x.gather(0, 0)));
        assertRefused("its operation Reshape[shape=(7, 0)]: it makes a tensor without elements",
                x -> Tensor.concatenate(1, x.sum(1), x.slice(1, 0, 0).reshape(x.dim(0), 0)));
    }

    @Test
    void layersInsideAreNamed() throws IOException {
        Own own = new Own();
        assertRefused("its layer Own: it has no conversion, and does not compute by operations of Tensor", own::call, own);
        Layer named = new LayerNormalization().named("norm");
        assertRefused("its layer LayerNormalization \"norm\": it takes or gives a tensor in which the batch is not the first axis",
                x -> named.call(x.transpose(1, 0, 2)).transpose(1, 0, 2), named);
        Layer elsewhere = new Layer() {

            @Override
            protected Tensor compute(Call call) {
                return Tensor.wrap(call.input(0).toArray(), call.input(0).shape());
            }

            @Override
            public String toString() {
                return "elsewhere";
            }
        };
        assertRefused("its layer elsewhere: it has no conversion, and does not compute by operations of Tensor", elsewhere::call, elsewhere);
    }

    @Test
    void allReasonsOfAllLayersAreNamedAtOnce() throws IOException {
        Own own = new Own();
        Layer both = new Formula(1, x -> own.call(x.get(0)).add(x.get(0).slice(0, 1)), own);
        assertRefused("layer \"formula\": its layer Own: it has no conversion, and does not compute by operations of Tensor; layer \"formula\": its operation"
                + " Slice[axis=0, from=0, to=1]: it takes a part of the batch; layer \"own\": Own", new Sequential(1, new Input(3), both, new Own()));
    }

    /** The kernel is in the file as the operator takes it, and once more as the formula does. */
    @Test
    void aWeightIsWrittenInEachOrderThatIsUsed() throws Exception {
        Conv2D convolution = new Conv2D(2, 2).useBias(false);
        Model model = OnnxCases.disturbed(new Sequential(1, new Input(2, 2, 2), new Formula(1, x -> convolution.call(x.get(0))
                .add(convolution.w().sum(0, 1, 3)), convolution)));
        OnnxWriter writer = new OnnxWriter(new SavedModel(model));
        assertEquals(Map.of("formula/kernel", "formula/kernel"), writer.report().taken());
        Tensor x = Tensor.generate(i -> i / 4.0, 3, 2, 2, 2);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model)))) {
            assertNear(model.predict(x), (Tensor) run.run(List.of(x)).values().iterator().next());
        }
    }

    @Test
    void whatWorksInTrainingAloneIsReported() throws IOException {
        Dropout dropout = new Dropout(0.5);
        Model model = model(x -> dropout.call(x).add(1), dropout);
        WeightReport report = OnnxFile.save(model, folder.resolve("m.onnx"));
        assertEquals(List.of("What works in training alone is not in the graph: formula/Dropout"), report.lost());
    }

    /** An open tape of the caller has nothing of it, and the layers are as before. */
    @Test
    void tracingLeavesNoTrace() throws IOException {
        Dense dense = new Dense(4);
        BatchNormalization normalization = new BatchNormalization();
        Model model = model(x -> normalization.call(dense.call(x)), dense, normalization);
        List<Tensor> before = model.weights().stream().map(Tensor::copy).toList();
        GradientTape tape = new GradientTape();
        try (tape) {
            OnnxRun.bytes(new SavedModel(model));
        }
        assertEquals(List.of(), tape.operations());
        assertThrows(IllegalStateException.class, dense::inputs);
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i), model.weights().get(i).copy());
        }
    }

    /** Comparisons need no numbers in between. */
    @Test
    void aConditionIsNotTurnedIntoNumbersAndBack() throws Exception {
        byte[] bytes = OnnxRun.bytes(new SavedModel(model(x -> Tensor.where(x.greater(0), x, x.multiply(2)))));
        assertEquals(1, OnnxRun.left("Where", bytes, folder));
        assertEquals(0, OnnxRun.left("Cast", bytes, folder));
    }

    /** Most have operators that are no layer. */
    @Test
    void whatIsReadAgainComputesTheSameAndTheRestIsRefused() throws IOException {
        int read = 0;
        for (Map.Entry<String, Model> entry : OnnxFormulas.all().entrySet()) {
            Path file = folder.resolve(entry.getKey() + ".onnx");
            OnnxFile.save(entry.getValue(), file);
            Model back;
            try {
                back = OnnxFile.load(file).model();
            } catch (ModelFormatException e) {
                continue;
            }
            read++;
            List<Tensor> inputs = OnnxCases.inputs(entry.getKey(), entry.getValue());
            assertNear(entry.getValue().predict(inputs).get(0), back.predict(inputs).get(0));
        }
        assertTrue(read > 20, "" + read);
    }
}
