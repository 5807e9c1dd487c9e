package beras.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Changes bytes in small ways that follow from a seed: what damage, chance and malice do to files. */
final class Mutations {

    private static final byte[] BYTES = {0, 1, -1, 0x7f, (byte) 0x80, ' ', '\n', '\r', '"', ',', '{', '}', '[', ']', ':', '-',
            '0', '9'};
    private static final String[] TOKENS = {"-1", "0", "1e308", "1e-320", "NaN", "null", "true", "{}", "[]", "\"\"", "2147483648",
        "9223372036854775807", "18446744073709551626", "\"", "\\u0000", "{\"type\":", "[[[[[[[[", "\u00e9", "\r\n", ",,",
        "\"x\":1,"};
    private static final int MOST_EDITS = 4;

    private final Draws draws;

    Mutations(long seed, long number) {
        this.draws = new Draws(seed, "mutation", number);
    }

    private int below(int bound) {
        return draws.below(bound);
    }

    /** The bytes with one to four edits. */
    byte[] of(byte[] bytes) {
        byte[] changed = bytes;
        for (int edits = 1 + below(MOST_EDITS); edits > 0; edits--) {
            changed = edit(changed);
        }
        return changed;
    }

    private byte[] edit(byte[] bytes) {
        if (bytes.length == 0) {
            return token();
        }
        int at = below(bytes.length);
        int length = Math.min(bytes.length - at, 1 + below(16));
        return switch (below(9)) {
            case 0 -> set(bytes, at, (byte) (bytes[at] ^ 1 << below(8)));
            case 1 -> set(bytes, at, BYTES[below(BYTES.length)]);
            case 2 -> replace(bytes, at, length, new byte[0]);
            case 3 -> replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 4 -> replace(bytes, below(bytes.length), 0, Arrays.copyOfRange(bytes, at, at + length));
            case 5 -> replace(bytes, at, 0, token());
            case 6 -> replace(bytes, at, length, token());
            case 7 -> Arrays.copyOf(bytes, at);
            default -> number(bytes, at);
        };
    }

    private byte[] token() {
        return TOKENS[below(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
    }

    /** Replaces the next number in text, or sets the next four bytes. */
    private byte[] number(byte[] bytes, int from) {
        int begin = from;
        while (begin < bytes.length && (bytes[begin] < '0' || bytes[begin] > '9')) {
            begin++;
        }
        int end = begin;
        while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return end > begin ? replace(bytes, begin, end - begin, token())
                : replace(bytes, from, Math.min(4, bytes.length - from), new byte[] {-1, -1, -1, 0x7f});
    }

    private static byte[] set(byte[] bytes, int at, byte value) {
        byte[] copy = bytes.clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] replace(byte[] bytes, int at, int length, byte[] by) {
        byte[] result = new byte[bytes.length - length + by.length];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
        return result;
    }
}
