package beras.training;

import beras.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The checksums of the weights of a network, see {@link Logs#weights}. They cost about a hundredth of an epoch of a small
 * table, and a SHA-256 some five times as much.
 */
final class WeightChecksums {

    private static final int CHUNK_FLOATS = 1 << 14;

    /** Of all weights of a network, in its order. */
    static String of(List<? extends Tensor> weights) {
        int most = 0;
        for (Tensor weight : weights) {
            most = Math.max(most, weight.size());
        }
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(most, CHUNK_FLOATS) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = chunk.asFloatBuffer();
        StringBuilder text = new StringBuilder();
        CRC32 crc = new CRC32();
        for (Tensor each : weights) {
            Tensor weight = each.contiguous();
            crc.reset();
            for (int from = 0; from < weight.size(); from += floats.capacity()) {
                int count = Math.min(floats.capacity(), weight.size() - from);
                floats.put(0, weight.data(), weight.offset() + from, count);
                crc.update(chunk.array(), 0, count * Float.BYTES);
            }
            text.append(HexFormat.of().toHexDigits((int) crc.getValue()));
        }
        return text.toString();
    }

    private WeightChecksums() {}
}
