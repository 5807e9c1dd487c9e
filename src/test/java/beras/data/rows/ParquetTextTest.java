package beras.data.rows;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.parquet.ColumnType;
import beras.data.parquet.ColumnType.Meaning;
import beras.data.parquet.ColumnType.Physical;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("data")
class ParquetTextTest {

    /** IEEE 754 binary16: the least subnormal number, the largest, the least normal one, 1, the largest, and what is no number. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0x1p-24", "3ff, 0x3ffp-24", "400, 0x1p-14", "3c00, 1", "c101, -0x501p-9", "7bff, 65504", "8001, -0x1p-24"})
    void numbersOfTwoBytesAreRead(String bits, String expected) throws IOException {
        int stored = Integer.parseInt(bits, 16);
        String text = new ParquetText(new ColumnType(Physical.FIXED_BYTES, 2, Meaning.FLOAT16, 0, false))
                .of(new byte[] {(byte) stored, (byte) (stored >> Byte.SIZE)}, 0, 2);
        assertEquals(Float.parseFloat(expected.contains("p") || !expected.contains("x") ? expected : expected + "p0"), Float.parseFloat(text));
    }
}
