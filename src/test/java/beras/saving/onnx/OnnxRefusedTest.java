package beras.saving.onnx;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFormatException;
import beras.saving.PortableFormat;
import beras.saving.bytes.ProtoMessage;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a file of ONNX is said with its place, and costs neither memory nor time. */
@Tag("saving")
class OnnxRefusedTest {

    private static final int HUGE = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    private ProtoMessage graph = new ProtoMessage();

    private static ProtoMessage value(String name, int type, long... sizes) {
        ProtoMessage shape = new ProtoMessage();
        for (long size : sizes) {
            shape.message(OnnxFields.DIM, size < 0 ? new ProtoMessage() : new ProtoMessage().number(OnnxFields.DIM_VALUE, size));
        }
        ProtoMessage tensor = new ProtoMessage().number(OnnxFields.ELEMENT_TYPE, type).message(OnnxFields.SHAPE, shape);
        return new ProtoMessage().text(OnnxFields.VALUE_NAME, name).message(OnnxFields.VALUE_TYPE,
                new ProtoMessage().message(OnnxFields.TENSOR_TYPE, tensor));
    }

    private static ProtoMessage whole(String name, long value) {
        return new ProtoMessage().text(OnnxFields.ATTRIBUTE_NAME, name).number(OnnxFields.I, value)
                .number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_INT);
    }

    private OnnxRefusedTest input(String name, long... sizes) {
        graph.message(OnnxFields.INPUT, value(name, OnnxFields.FLOAT, sizes));
        return this;
    }

    private OnnxRefusedTest node(String type, String from, String to, ProtoMessage... attributes) {
        ProtoMessage node = new ProtoMessage().text(OnnxFields.OP_TYPE, type);
        for (String input : from.split(",")) {
            node.text(OnnxFields.NODE_INPUT, input);
        }
        node.text(OnnxFields.NODE_OUTPUT, to);
        for (ProtoMessage attribute : attributes) {
            node.message(OnnxFields.ATTRIBUTE, attribute);
        }
        graph.message(OnnxFields.NODE, node);
        return this;
    }

    private static ProtoMessage tensor(String name, int bytes, long... sizes) {
        ProtoMessage tensor = new ProtoMessage();
        for (long size : sizes) {
            tensor.number(OnnxFields.DIMS, size);
        }
        return tensor.number(OnnxFields.DATA_TYPE, OnnxFields.FLOAT).text(OnnxFields.TENSOR_NAME, name)
                .bytes(OnnxFields.RAW_DATA, new byte[bytes]);
    }

    private OnnxRefusedTest weight(String name, long... sizes) {
        int count = 1;
        for (long size : sizes) {
            count *= (int) size;
        }
        return raw(tensor(name, Float.BYTES * count, sizes));
    }

    private OnnxRefusedTest raw(ProtoMessage tensor) {
        graph.message(OnnxFields.INITIALIZER, tensor);
        return this;
    }

    private OnnxRefusedTest shape(String name, long... sizes) {
        ProtoMessage tensor = new ProtoMessage().number(OnnxFields.DIMS, sizes.length)
                .number(OnnxFields.DATA_TYPE, OnnxFields.INT64).text(OnnxFields.TENSOR_NAME, name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long size : sizes) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                bytes.write((int) (size >> shift));
            }
        }
        return raw(tensor.bytes(OnnxFields.RAW_DATA, bytes.toByteArray()));
    }

    private Path file(long opset) throws IOException {
        ProtoMessage model = new ProtoMessage().number(OnnxFields.IR_VERSION, 8)
                .message(OnnxFields.GRAPH, graph.message(OnnxFields.OUTPUT, value("y", OnnxFields.FLOAT, -1, 2)))
                .message(OnnxFields.OPSET_IMPORT, new ProtoMessage().number(OnnxFields.OPSET_VERSION, opset));
        graph = new ProtoMessage();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.write(out);
        return Files.write(folder.resolve("m.onnx"), out.toByteArray());
    }

    private static void assertRefused(Path file, String reason) {
        String message = assertThrows(ModelFormatException.class, () -> OnnxFile.load(file)).getMessage();
        assertEquals(file + ": " + reason, message);
    }

    private void assertRefused(String reason) throws IOException {
        assertRefused(file(17), reason);
    }

    /** The helpers make files that are read. */
    @Test
    void theSmallestNetIsRead() throws IOException {
        input("x", -1, 3).weight("w", 3, 2).node("MatMul", "x,w", "y");
        assertEquals(1, OnnxFile.load(file(17)).model().layers().size());
    }

    private OnnxRefusedTest recurrent(String inputs, ProtoMessage... attributes) {
        ProtoMessage perm = new ProtoMessage().text(OnnxFields.ATTRIBUTE_NAME, "perm").number(OnnxFields.INTS, 1).number(OnnxFields.INTS, 0)
                .number(OnnxFields.INTS, 2).number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_INTS);
        return input("x", -1, 5, 3).weight("w", 1, 8, 3).weight("r", 1, 8, 2).weight("p", 2, 2).shape("one", 1).shape("lengths", 5, 4)
                .node("Transpose", "x", "t", perm).node("LSTM", inputs, "h", attributes);
    }

    @Test
    void recurrentOperatorsThatAreNoLayersAreRefused() throws IOException {
        recurrent("x,w,r").node("Squeeze", "h,one", "y").assertRefused("LSTM (node 1): the steps must come from a Transpose of sequences whose first axis is"
                + " the batch, as of a module with batch_first. Received: \"x\"");
        recurrent("t,w,r").node("Squeeze", "h,one", "s").node("MatMul", "s,p", "y").assertRefused("MatMul (node 3): between recurrent operators BERAS reads"
                + " what moves axes, with the batch as the first axis at last, as of a module with batch_first. Received: a tensor of"
                + " [steps, the batch, units]");
        recurrent("t,w,r,,lengths").node("Squeeze", "h,one", "y").assertRefused("LSTM (node 1): sequences have all their 5 steps, and states begin as"
                + " zeros, without peepholes. Received as input 4: 4.0");
        recurrent("t,w,r,,,x").node("Squeeze", "h,one", "y").assertRefused("LSTM (node 1): the initial state must be a constant. Received: \"x\"");
        recurrent("t,w,r", whole("layout", 1)).node("Squeeze", "h,one", "y").assertRefused("LSTM (node 1): BERAS has layout and input_forget 0, and no"
                + " clip. Received: [layout]");
        recurrent("t,w,w").node("Squeeze", "h,one", "y").assertRefused("LSTM (node 1): \"w\" must be of 1 times 4 gates of as many"
                + " columns. Received shape: [1, 8, 3]");
    }

    @Test
    void whatLacksIsNamedAtOnce() throws IOException {
        input("x", -1, 3).node("Det", "x", "a").node("Acos", "a", "b").node("Det", "b", "c").node("Relu", "c", "d")
                .node("Einsum", "d", "y").node("If", "d", "unused")
                .assertRefused("BERAS does not have these operators of the graph: Det (first in node 0), Acos (first in node 1), Einsum"
                + " (first in"
                        + " node 4)");
    }

    @Test
    void opsetsThatNobodyKnowsAreRefused() throws IOException {
        input("x", -1, 2).node("Relu", "x", "y");
        assertRefused(file(99), "BERAS reads the opsets 7 to 24 of ONNX. Received: 99. Export the model with another one");
        input("x", -1, 2).node("Relu", "x", "y");
        assertRefused(file(-1), "BERAS reads the opsets 7 to 24 of ONNX. Received: -1. Export the model with another one");
    }

    @Test
    void otherFilesAreNeverRead() throws IOException {
        String reason = "the tensor \"w\" is in another file, and only the model itself is read. Save the model with its data"
                + " in it";
        ProtoMessage entry = new ProtoMessage().text(OnnxFields.KEY, "location").text(OnnxFields.VALUE, "../../secret");
        raw(tensor("w", 0, 3, 2).message(OnnxFields.EXTERNAL_DATA, entry)).assertRefused(reason);
        raw(tensor("w", 0, 3, 2).number(OnnxFields.DATA_LOCATION, 1)).assertRefused(reason);
    }

    @Test
    void graphsThatGoInACircleAreRefused() throws IOException {
        input("x", -1, 2).node("Add", "x,b", "a").node("Relu", "a", "b").node("Relu", "b", "y")
                .assertRefused("Add (node 0): \"b\" is needed before it is made, by Relu (node 1): the nodes go in a circle,"
                + " or are not in"
                        + " order");
        input("x", -1, 2).node("Relu", "y", "y")
                .assertRefused("Relu (node 0): \"y\" is needed before it is made, by Relu (node 0): the nodes go in a circle,"
                + " or are not"
                        + " in order");
        input("x", -1, 2).node("Relu", "z", "y").assertRefused("Relu (node 0): there is no tensor \"z\"");
        input("x", -1, 2).node("Relu", "x", "y").node("Relu", "x", "y")
                .assertRefused("Relu (node 1) makes the tensor \"y\", which is there already");
        input("x", -1, 2).input("x", -1, 2).node("Relu", "x", "y").assertRefused("the graph has the tensor \"x\" twice");
    }

    @Test
    void shapesThatDoNotFitAreRefused() throws IOException {
        input("x", -1, 4).weight("w", 3, 2).node("MatMul", "x,w", "y").assertRefused("MatMul (node 0): OnnxOperator(MatMul)"
                + " does not fit [Input \"x\" of shape (4,)]: matmul needs shapes (..., m, k) and (..., k, n). Received: (2, 4) and (3, 2)");
        input("x", -1, 3).weight("w", 3, 2).weight("b", 3).node("Gemm", "x,w,b", "y")
                .assertRefused("Gemm (node 0): the bias \"b\" must have 2 numbers. Received shape: [3]");
        input("x", -1, 3).weight("w", 3, 2).node("Gemm", "x,w", "y", whole("transA", 1))
                .assertRefused("Gemm (node 0): transA would exchange examples and features. Received: 1");
        input("x", -1, 2).input("z", -1, 3).node("Add", "x,z", "y").assertRefused("Add (node 0): OnnxOperator(Add) does not"
                + " fit [Input \"x\" of shape (2,), Input \"z\" of shape (3,)]: Shapes (2, 2) and (2, 3) do not broadcast: axis -1 is 2"
                + " against 3, and neither is 1");
        input("x", -1, 2).shape("s", 3, -1).node("Reshape", "x,s", "y")
                .assertRefused("Reshape (node 0): Cannot reshape (2, 2) to [3, -1]: -1 has no answer");
        input("x", -1, -1).node("Relu", "x", "y").assertRefused("the input \"x\" must be numbers of a known shape behind the"
                + " batch"
                + " axis. Received: F32 of shape [?, ?]");
        graph.message(OnnxFields.INPUT, value("x", OnnxFields.STRING, -1, 1));
        node("Relu", "x", "y").assertRefused("the input \"x\" must be numbers of a known shape behind the batch axis. Received: strings");
        input("x", -1, 3).weight("c", 2).node("Mul", "x,c", "y").assertRefused("Mul (node 0): OnnxOperator(Mul) does not fit"
                + " [Input \"x\" of shape (3,)]: Shapes (2, 3) and (2,) do not broadcast: axis -1 is 3 against 2, and neither is 1");
    }

    private static ProtoMessage wholes(String name, long... values) {
        ProtoMessage attribute = new ProtoMessage().text(OnnxFields.ATTRIBUTE_NAME, name);
        for (long value : values) {
            attribute.number(OnnxFields.INTS, value);
        }
        return attribute.number(OnnxFields.ATTRIBUTE_TYPE, OnnxFields.TYPE_INTS);
    }

    /** Where zeros at the edges, or other pixels, would change what is computed. */
    @Test
    void windowsThatBerasDoesNotHaveAreRefused() throws IOException {
        ProtoMessage three = wholes("kernel_shape", 3, 3);
        ProtoMessage two = wholes("strides", 2, 2);
        ProtoMessage pads = wholes("pads", 1, 1, 1, 1);
        input("x", -1, 2, 8, 8).node("Relu", "x", "r").node("MaxPool", "r", "y", three, two, pads);
        assertEquals(5, OnnxFile.load(file(17)).model().layers().size());
        input("x", -1, 2, 8, 8).node("AveragePool", "x", "y", three, two, pads, whole("count_include_pad", 1));
        assertEquals(4, OnnxFile.load(file(17)).model().layers().size());
        input("x", -1, 2, 8, 8).node("MaxPool", "x", "y", wholes("kernel_shape", 3)).assertRefused("MaxPool (node 0):"
                + " kernel_shape must have 2 numbers from 1 to 32767. Received: [3]");
        input("x", -1, 2, 8, 8).weight("w", 4, 1, 3, 3).node("Conv", "x,w", "y").assertRefused("Conv (node 0): the kernel \"w\""
                + " must fit 2 channels in 1 groups. Received shape: [4, 1, 3, 3]");
    }

    @Test
    void whatMixesExamplesIsRefused() throws IOException {
        String mixed = " does not fit [Input \"x\" of shape (2, 8)]: the batch axis must stay as it is, or examples would be mixed."
                + " Received: ";
        input("x", -1, 2, 8).shape("s", 2).shape("e", 4).shape("a", 0).node("Slice", "x,s,e,a", "y")
                .assertRefused("Slice (node 0): OnnxOperator(Slice)" + mixed + "axis 0");
        input("x", -1, 2, 8).node("ReduceMean", "x", "y", wholes("axes", 0))
                .assertRefused("ReduceMean (node 0): OnnxOperator(ReduceMean)" + mixed + "axis 0");
        input("x", -1, 2, 8).node("ReduceMax", "x", "y").assertRefused("ReduceMax (node 0): OnnxOperator(ReduceMax)" + mixed + "all axes");
        input("x", -1, 2, 8).node("Softmax", "x", "y", whole("axis", 0))
                .assertRefused("Softmax (node 0): OnnxOperator(Softmax)" + mixed + "axis 0");
        input("x", 3, 2).weight("w", 3, 1).node("Add", "x,w", "y").assertRefused("Add (node 0): the constant \"w\" must be the same for"
                + " each example, of shape (2,). Received shape: [3, 1]");
    }

    @Test
    void anAbsoluteValueIsReadAlsoAtTheEnd() throws IOException {
        input("x", -1, 2).node("Abs", "x", "y");
        assertEquals(Tensor.of(new float[][] {{1, 2}}), OnnxFile.load(file(17)).model().predict(Tensor.of(new float[][] {{-1,
                2}})));
    }

    /** In ONNX the batch would be matched with the first of three features. */
    @Test
    void theBatchAxisMeetsNoOther() throws IOException {
        input("x", -1, 2, 3).input("z", -1, 3).node("Mul", "x,z", "y").assertRefused("Mul (node 0): examples must have as many"
                + " axes, or the batch axis would meet another. Received shapes: [(2, 3), (3,)]");
        input("x", -1, 2, 3).input("z", -1, 1, 3).node("Mul", "x,z", "y");
        assertEquals(1, OnnxFile.load(file(17)).model().layers().size());
    }

    @Test
    void absurdSizesCostNoMemory() throws IOException {
        raw(tensor("w", 8, 1L << 40, 2)).assertRefused("the tensor \"w\" cannot have the shape [1099511627776, 2]");
        raw(tensor("w", 8, HUGE, HUGE)).assertRefused("the tensor \"w\" cannot have the shape [2147483647, 2147483647]");
        raw(tensor("w", 8, -1)).assertRefused("the tensor \"w\" cannot have the shape [-1]");
        raw(tensor("w", 8, HUGE)).assertRefused("the tensor \"w\" of type F32 and shape [2147483647] needs 8589934588 bytes."
                + " Received: 8");
        String most = " does not fit [Input \"x\" of shape (%s)]: an operator may make 67108864 numbers of an example. Received: %s";
        input("x", -1, HUGE).weight("c", 1).node("Mul", "x,c", "y").assertRefused("Mul (node 0): OnnxOperator(Mul)"
                + most.formatted("2147483647,", "2147483647"));
        input("x", -1, 2, 8, 8).shape("p", 0, 0, 1, 1, 0, 0, 1, HUGE).node("Pad", "x,p", "y")
                .assertRefused("Pad (node 0): OnnxOperator(Pad)" + most.formatted("2, 8, 8", "42949673120"));
        input("x", -1, 8).shape("r", 1, HUGE).node("Tile", "x,r", "y")
                .assertRefused("Tile (node 0): OnnxOperator(Tile)" + most.formatted("8,", "17179869176"));
        // Each doubles the one before.
        input("x", -1, 2);
        for (int i = 0; i < 40; i++) {
            String name = i == 0 ? "x" : "x" + i;
            node("Concat", name + "," + name, i == 39 ? "y" : "x" + (i + 1), whole("axis", 1));
        }
        String message = assertThrows(ModelFormatException.class, () -> OnnxFile.load(file(17))).getMessage();
        assertTrue(message.contains("Concat (node 29)"), message);
    }

    /** Each is another layer, for they differ in a factor. */
    @Test
    void oneTensorIsNotManyLayers() throws IOException {
        input("x", -1, 2000).weight("w", 2000, 2000);
        for (int i = 0; i < 50; i++) {
            node("Gemm", i == 0 ? "x,w" : "x" + i + ",w", i == 49 ? "y" : "x" + (i + 1), new ProtoMessage()
                    .text(OnnxFields.ATTRIBUTE_NAME, "alpha").float32(OnnxFields.F, i));
        }
        assertRefused("Gemm (node 5): numbers that stand for several weights may become 16777216. Received: 20000000");
    }

    @Test
    void manyPartsAreRefused() throws IOException {
        input("x", -1, 2);
        for (int i = 0; i < 40_000; i++) {
            node("Relu", i == 0 ? "x" : "x" + i, "x" + (i + 1));
        }
        assertRefused("a model may have 32768 nodes. Received: more");
    }

    @Test
    void whatIsNoFileOfOnnxIsRefused() throws IOException {
        Path file = folder.resolve("m.onnx");
        assertRefused(Files.writeString(file, "{\"type\": \"Dense\"}"), "this is no file of ONNX, or it is damaged: at byte"
                + " 1, in the"
                + " model, field 15 is of no known kind. Received: 3");
        assertRefused(Files.writeString(file, ""), "this is no file of ONNX: it has no graph");
        input("x", -1, 3).weight("w", 3, 2).node("MatMul", "x,w", "y");
        byte[] whole = Files.readAllBytes(file(17));
        Path cut = Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        String message = assertThrows(ModelFormatException.class, () -> OnnxFile.load(cut)).getMessage();
        assertTrue(message.contains("this is no file of ONNX, or it is damaged: at byte"), message);
    }

    @Test
    void aNetIsRefused() throws IOException {
        input("x", -1, 2).node("Relu", "x", "y");
        Path file = file(17);
        assertThrows(IllegalArgumentException.class,
                () -> PortableFormat.of(file).read(file, Optional.of(new Sequential(new Input(2), new Dense(2)))));
        assertEquals(List.of(), PortableFormat.of(file).read(file, Optional.empty()).report().lost());
    }
}
