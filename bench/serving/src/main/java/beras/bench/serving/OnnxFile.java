package beras.bench.serving;

import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The network in ONNX's format: Gemm, Relu, Gemm, Softmax. Fields have the numbers of {@code onnx.proto}. */
final class OnnxFile {

    static final String INPUT = "x";

    private static final int FLOAT = 1;
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    /** A message of Protocol Buffers in the making. */
    private static final class Message {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void varint(long value) {
            long left = value;
            for (; left > 0x7f; left >>>= 7) {
                out.write((int) (left & 0x7f | 0x80));
            }
            out.write((int) left);
        }

        Message number(int field, long value) {
            varint(field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint(field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.out.toByteArray());
        }
    }

    /** The whole file. */
    static byte[] of(List<? extends Tensor> weights) {
        Message graph = new Message();
        graph.message(1, node("Gemm", "sum", INPUT, "w0", "b0")).message(1, node("Relu", "hidden", "sum"))
                .message(1, node("Gemm", "logits", "hidden", "w1", "b1")).message(1, node("Softmax", "y", "logits"))
                .text(2, "net");
        graph.message(5, tensor("w0", weights.get(0), NetFiles.INPUTS, NetFiles.HIDDEN))
                .message(5, tensor("b0", weights.get(1), NetFiles.HIDDEN))
                .message(5, tensor("w1", weights.get(2), NetFiles.HIDDEN, NetFiles.OUTPUTS))
                .message(5, tensor("b1", weights.get(3), NetFiles.OUTPUTS))
                .message(11, value(INPUT, NetFiles.INPUTS)).message(12, value("y", NetFiles.OUTPUTS));
        return new Message().number(1, IR_VERSION).message(7, graph).message(8, new Message().number(2, OPSET)).out.toByteArray();
    }

    private static Message node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, operator);
    }

    private static Message tensor(String name, Tensor values, int... dims) {
        Message tensor = new Message();
        for (int dim : dims) {
            tensor.number(1, dim);
        }
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values.toArray()) {
            raw.putFloat(value);
        }
        return tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array());
    }

    /** An input or output of shape (n, width). */
    private static Message value(String name, int width) {
        Message shape = new Message().message(1, new Message().text(2, "n")).message(1, new Message().number(1, width));
        return new Message().text(1, name)
                .message(2, new Message().message(1, new Message().number(1, FLOAT).message(2, shape)));
    }

    private OnnxFile() {}
}
