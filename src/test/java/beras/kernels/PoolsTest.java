package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("core")
class PoolsTest {

    @ParameterizedTest
    @CsvSource({"2, 1", "1, 2"})
    void aDilatedWindowIsRefused(int dilationHeight, int dilationWidth) {
        Window window = Window.valid(5, 5, 2, 2, 1, 1, dilationHeight, dilationWidth);
        MatrixView images = new MatrixView(new float[25], 0, 25, 1);
        MatrixView places = new MatrixView(new float[window.positions()], 0, window.positions(), 1);
        Exception refused = assertThrows(IllegalArgumentException.class, () -> Backend.pools().average(window, images, places));
        assertTrue(refused.getMessage().contains("dilation"), refused.getMessage());
    }
}
