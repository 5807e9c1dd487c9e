package beras.saving.onnx;

import static beras.saving.onnx.OnnxWriterTest.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import beras.layers.Layers;
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

    private void assertRefused(String reasons, Model model) throws IOException {
        Path file = folder.resolve("m.onnx");
        String message = assertThrows(IllegalArgumentException.class, () -> OnnxFile.save(model, file)).getMessage();
        assertEquals("ONNX cannot express " + reasons
                + ". A custom layer is written if it computes by operations of Tensor, or OnnxFile.register says what it is", message);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private void assertRefused(String reason, UnaryOperator<Tensor> function, Layer... inner) throws IOException {
        assertRefused("layer \"formula\": " + reason, model(function, inner));
    }

    private static Model model(UnaryOperator<Tensor> function, Layer... inner) {
        return new Sequential(1, new Input(3, 4), new Formula(1, x -> function.apply(x.get(0)), inner));
    }

    @Test
    void numbersThatComeFromTheBatchWithoutARecordAreRefused() throws IOException {
        assertRefused("its operation MULTIPLY: it takes a tensor, here of shape (2, 3, 4), that depends on the batch, but that no"
                + " recorded operation has computed", x -> x.multiply(Tensor.wrap(x.toArray(), x.shape())));
        assertRefused("its operation Gather[axis=1, indices=3]: the setting indices depends on the batch",
                x -> x.gather(1, x.slice(0, 1).slice(2, 0, 1).reshape(3).toInts()));
        for (UnaryOperator<Tensor> ordered : List.<UnaryOperator<Tensor>>of(x -> x.sort(1), x -> x.topK(2, 4).values())) {
            assertRefused("its operation Gather[axis=0, indices=24]: the setting indices depends on the batch", ordered);
        }
        assertRefused("its operation Solve[]: no operator computes it", x -> x.transpose(0, 2, 1).matmul(x).add(Tensor.eye(4)).inverse());
        Dense dense = new Dense(4);
        assertRefused("its operation ADD: it takes a tensor, here of shape (2, 3, 4), that depends on the batch, but that no"
                + " recorded operation has computed", x -> x.add(dense.forward(x)), dense);
    }

    @Test
    void singleNumbersOfTheBatchAreNoNumbersOfTheGraph() throws IOException {
        String reason = ": it takes a tensor, here of shape (), that depends on the batch, but that no recorded operation has computed";
        assertRefused("its operation DIVIDE" + reason, x -> x.divide(x.max().item()));
        assertRefused("its operation ADD" + reason, x -> x.add(x.min().item()));
        assertRefused("its operation ADD" + reason, x -> x.oneHot(4).sum(3).add(x.sum().item())); // whole numbers
        Tensor[] two = {Tensor.scalar(1), Tensor.scalar(2)};
        assertRefused("its operation MULTIPLY" + reason, x -> x.add(two[0]).multiply(two[x.dim(0) / 3]));
    }

    @Test
    void theSizeOfTheBatchIsNoNumberOfTheGraph() throws IOException {
        assertRefused("its operation DIVIDE: it takes a tensor, here of shape (), that depends on the batch, but that no recorded"
                + " operation has computed", x -> x.subtract(x.mean(0)));
        assertRefused("what it computes depends on the batch", x -> {
            Tensor sum = x;
            for (int i = 0; i < x.dim(0); i++) {
                sum = sum.add(1);
            }
            return sum;
        });
        assertRefused("what it computes depends on the batch",
                x -> Tensor.concatenate(1, Collections.nCopies(x.dim(0), x).toArray(Tensor[]::new)).max(1).expandDims(1).add(x));
        assertRefused("it fails for a batch of 3: Shapes (3, 3, 4) and (2, 1, 1) do not broadcast: axis -3 is 3 against 2, and neither"
                + " is 1", x -> x.add(Tensor.ones(2, 1, 1)));
    }

    @Test
    void partsOfTheBatchAreRefused() throws IOException {
        assertRefused("its operation Slice[axis=0, from=0, to=1]: its ends are fixed, but the size of the axis follows that of the"
                + " batch", x -> x.add(x.slice(0, 1)));
        assertRefused("its operation Slice[axis=1, from=0, to=2]: its ends depend on the batch",
                x -> x.slice(1, 0, Math.min(3, x.dim(0))).sum(1).expandDims(1).add(x));
        assertRefused("its operation Gather[axis=0, indices=1]: its indices are fixed, but the size of the axis follows that of the"
                + " batch", x -> x.add(x.gather(0, 0)));
        assertRefused("its operation Reshape[shape=(3, 1, 3)]: a size depends on the batch, but is no multiple of it", x -> {
            Tensor more = x.sum(1).pad(0, 0, 1);
            return x.add(more.matmul(more.transpose()).reshape(x.dim(0) + 1, 1, x.dim(0) + 1).sum());
        });
    }

    @Test
    void layersInsideAreNamed() throws IOException {
        Own own = new Own();
        assertRefused("its layer Own: it has no conversion, and does not compute by operations of Tensor", own::call, own);
        Layer named = new LayerNormalization().named("norm");
        assertRefused("its layer LayerNormalization \"norm\": it takes or gives a tensor in which the batch is not the first axis",
                x -> named.call(x.transpose(1, 0, 2)).transpose(1, 0, 2), named);
        Dense constant = new Dense(4, 4).useBias(false);
        constant.trainable(false);
        assertRefused("layer \"teacher\": its layer Dense(4): A weight must be one of the model. Received: kernel (4, 4)",
                new Sequential(1, new Input(3, 4), Layers.lambda("teacher", x -> constant.call(x))));
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
                + " Slice[axis=0, from=0, to=1]: its ends are fixed, but the size of the axis follows that of the batch;"
                + " layer \"own\": Own", new Sequential(1, new Input(3), both, new Own()));
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
