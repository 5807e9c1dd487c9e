package beras.data.parquet;

import java.io.IOException;

/** Makes the text of values. */
public interface ValueText {

    /** The text of a number as it is stored: of a boolean 0 or 1, of a float or double the bits. */
    String of(long stored) throws IOException;

    /** The text of some bytes. */
    String of(byte[] bytes, int from, int length) throws IOException;
}
