package beras.data.parquet;

/** Bytes that are compressed in tests, of several kinds. */
final class Pieces {

    static final int KINDS = 7;
    private static final int[] SIZES = {4_000, 5_000, 300, 270_000, 2_000, 1, 700};

    static byte[] of(int kind) {
        byte[] bytes = new byte[SIZES[kind]];
        long state = kind;
        for (int i = 0; i < bytes.length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            int random = (int) (state >>> 33);
            bytes[i] = (byte) switch (kind) {
                case 0 -> "etaoin shrdlu".charAt(Math.min(random % 13, random / 13 % 13)); // codes of different lengths
                case 1 -> 'a';
                case 2 -> random; // cannot be made smaller
                case 3 -> i % 100 == 0 ? random : "label".charAt(i / 7 % 5); // several blocks
                case 4 -> i > 60 && random % 20 > 0 ? bytes[i - 1 - random / 20 % 60] : random; // copies from everywhere
                case 5 -> 'x';
                default -> i % 8 < 5 ? 0 : random % 4;
            };
        }
        return bytes;
    }

    private Pieces() {}
}
