package beras.saving.onnx;

import beras.files.Bytes;
import beras.saving.bytes.ProtoMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts of a file of ONNX: the fields of its graph, and what is put around them again. */
public final class OnnxBytes {

    /** A table's model, with what makes its inputs from columns. */
    public static byte[] ofTable() throws IOException {
        return OnnxRun.bytes(OnnxEncodingTest.ofTable());
    }

    /** Each field of the graph, as its number in a line, and then its bytes. */
    public static List<byte[]> parts(byte[] model) throws IOException {
        Path file = Files.write(Files.createTempFile("parts", ".onnx"), model);
        List<byte[]> parts = new ArrayList<>();
        try (Bytes bytes = Bytes.open(file)) {
            ProtoReader graph = new ProtoReader(bytes, "the model").messages(OnnxFields.GRAPH, "the graph").get(0);
            for (int field = 1; field <= OnnxFields.VALUE_INFO; field++) {
                for (ProtoReader.Range range : graph.bytes(field)) {
                    ByteArrayOutputStream part = new ByteArrayOutputStream();
                    part.writeBytes((field + "\n").getBytes(StandardCharsets.UTF_8));
                    part.writeBytes(bytes.read(range.from(), (int) range.length()).array());
                    parts.add(part.toByteArray());
                }
            }
        } finally {
            Files.delete(file);
        }
        return parts;
    }

    /** A model whose graph has these parts, all lengths right; of a part without a right number nothing is made. */
    public static byte[] of(List<byte[]> parts) {
        ProtoMessage graph = new ProtoMessage();
        for (byte[] part : parts) {
            int end = 0;
            while (end < part.length && part[end] != '\n') {
                end++;
            }
            String number = new String(part, 0, end, StandardCharsets.ISO_8859_1);
            if (number.matches("[1-9]\\d{0,2}") && end < part.length) {
                graph.bytes(Integer.parseInt(number), Arrays.copyOfRange(part, end + 1, part.length));
            }
        }
        ProtoMessage model = new ProtoMessage().message(OnnxFields.GRAPH, graph);
        for (String domain : List.of("", OnnxGraph.ML_DOMAIN)) {
            model.message(OnnxFields.OPSET_IMPORT, new ProtoMessage().text(OnnxFields.OPSET_DOMAIN, domain)
                    .number(OnnxFields.OPSET_VERSION, domain.isEmpty() ? OnnxGraph.OPSET : OnnxGraph.ML_OPSET));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            model.write(out);
        } catch (IOException e) {
            throw new AssertionError("An array does not fail", e);
        }
        return out.toByteArray();
    }

    private OnnxBytes() {}
}
