package beras.kernels;

/** The system property that chooses between scalar code and vectors of a width, see {@link Backend}. */
final class SimdProperty {

    static final String NAME = "beras.simd";
    static final String OFF = "off";

    /** One of auto, off, 128, 256, 512. */
    static String value() {
        String value = System.getProperty(NAME, "auto");
        return switch (value) {
            case "auto", OFF, "128", "256", "512" -> value;
            default -> throw new IllegalArgumentException(
                    "System property " + NAME + " must be auto, off, 128, 256 or 512. Received: " + value);
        };
    }

    /** The width set, or 0. */
    static int bits() {
        String value = value();
        return value.equals("auto") || value.equals(OFF) ? 0 : Integer.parseInt(value);
    }

    private SimdProperty() {}
}
