package beras.training;

import beras.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A checksum of each weight of a net: the CRC-32 of its elements as little-endian float32, so that no change of a single element
 * goes unseen. Each epoch of a training leaves them in its {@link Logs}, by which who repeats the training learns in which epoch
 * and in which weight the two part. They cost about a hundredth of an epoch of a small table, and a SHA-256 some five times as much.
 *
 * <pre>{@code
 * History history = model.fit(examples, options);
 * WeightChecksums first = history.epochs().get(0).weights().orElseThrow();
 * }</pre>
 */
public final class WeightChecksums {

    private static final int CHUNK_FLOATS = 1 << 14;
    private static final int DIGITS = 8;

    private final int[] sums;

    private WeightChecksums(int[] sums) {
        this.sums = sums;
    }

    /**
     * Of these weights.
     *
     * @param weights of a net, in its order
     */
    public static WeightChecksums of(List<? extends Tensor> weights) {
        int most = 0;
        for (Tensor weight : weights) {
            most = Math.max(most, weight.size());
        }
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(most, CHUNK_FLOATS) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = chunk.asFloatBuffer();
        int[] sums = new int[weights.size()];
        CRC32 crc = new CRC32();
        for (int i = 0; i < sums.length; i++) {
            Tensor weight = weights.get(i).contiguous();
            crc.reset();
            for (int from = 0; from < weight.size(); from += floats.capacity()) {
                int count = Math.min(floats.capacity(), weight.size() - from);
                floats.put(0, weight.data(), weight.offset() + from, count);
                crc.update(chunk.array(), 0, count * Float.BYTES);
            }
            sums[i] = (int) crc.getValue();
        }
        return new WeightChecksums(sums);
    }

    /**
     * The checksums that {@link #toString} shows.
     *
     * @throws IllegalArgumentException if the text is none of that
     */
    static WeightChecksums parse(String text) {
        if (text.length() % DIGITS != 0) {
            throw notOne(text);
        }
        int[] sums = new int[text.length() / DIGITS];
        for (int i = 0; i < sums.length; i++) {
            try {
                sums[i] = HexFormat.fromHexDigits(text, i * DIGITS, (i + 1) * DIGITS);
            } catch (NumberFormatException e) {
                throw notOne(text);
            }
        }
        return new WeightChecksums(sums);
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException("The checksums of weights are " + DIGITS
                + " hexadecimal digits for each. Received: a text of "
                + text.length() + " characters, \"" + text.substring(0, Math.min(DIGITS, text.length())) + "...\"");
    }

    /** How many weights they are of. */
    public int count() {
        return sums.length;
    }

    /** Eight hexadecimal digits: the checksum of one weight. */
    public String get(int weight) {
        return HexFormat.of().toHexDigits(sums[weight]);
    }

    /**
     * The weights, counted from 0, that differ from those of another net; none if all are the same.
     *
     * @throws IllegalArgumentException if that has more or fewer weights
     */
    public List<Integer> differences(WeightChecksums other) {
        if (sums.length != other.sums.length) {
            throw new IllegalArgumentException("Weights are compared with as many others. Received: " + sums.length + " and "
                    + other.sums.length);
        }
        List<Integer> differences = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] != other.sums[i]) {
                differences.add(i);
            }
        }
        return differences;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WeightChecksums checksums && Arrays.equals(checksums.sums, sums);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sums);
    }

    /** Those of all weights, one after the other without a space between. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(DIGITS * sums.length);
        for (int sum : sums) {
            text.append(HexFormat.of().toHexDigits(sum));
        }
        return text.toString();
    }
}
