package beras.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.image.Picture;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sheets on their ground, and what is none. */
@Tag("data")
class SheetTest {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 400;

    private static Optional<double[]> find(IntBinaryOperator grey) {
        byte[] pixels = new byte[WIDTH * HEIGHT];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) grey.applyAsInt(i % WIDTH, i / WIDTH);
        }
        return Sheet.find(new Picture(WIDTH, HEIGHT, pixels));
    }

    /** Whether a point is on a sheet of 360 x 220 pixels in the middle, which is turned clockwise. */
    private static boolean isOn(int x, int y, double degrees) {
        double sin = Math.sin(Math.toRadians(degrees));
        double cos = Math.cos(Math.toRadians(degrees));
        double u = cos * (x - 300) + sin * (y - 200);
        double v = -sin * (x - 300) + cos * (y - 200);
        return Math.abs(u) < 180 && Math.abs(v) < 110;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-20, -3, 0, 7, 25})
    void aSheetIsFoundHoweverItIsTurned(double degrees) {
        double[] corners = find((x, y) -> isOn(x, y, degrees) ? 220 : 60).orElseThrow();
        double sin = Math.sin(Math.toRadians(degrees));
        double cos = Math.cos(Math.toRadians(degrees));
        double[] expected = {-180, -110, 180, -110, 180, 110, -180, 110};
        for (int i = 0; i < 8; i += 2) {
            assertEquals(300 + cos * expected[i] - sin * expected[i + 1], corners[i], 10);
            assertEquals(200 + sin * expected[i] + cos * expected[i + 1], corners[i + 1], 10);
        }
    }

    /** A shadow on the sheet is brighter than the ground: it belongs to the sheet. */
    @Test
    void aShadowOnTheSheetBelongsToIt() {
        double[] corners = find((x, y) -> isOn(x, y, 0) ? x < 300 ? 120 : 230 : 40).orElseThrow();
        assertEquals(120, corners[0], 10);
        assertEquals(480, corners[2], 10);
    }

    /** A side that the picture does not show is taken to be parallel to its opposite. */
    @Test
    void theSideOfACutSheetIsParallelToItsOpposite() {
        double slope = 0.1;
        double[] corners = find((x, y) -> y > 60 + slope * x && x > 50 && x < 550 ? 220 : 50).orElseThrow();
        assertEquals(slope, (corners[3] - corners[1]) / (corners[2] - corners[0]), 0.02);
        assertEquals(slope, (corners[5] - corners[7]) / (corners[4] - corners[6]), 0.02);
        assertTrue(corners[7] >= HEIGHT - 10, "all of it is inside: " + corners[7]);
    }

    @Test
    void shadowsAndWallsAndBoardsAreNoSheets() {
        assertTrue(find((x, y) -> 230).isEmpty());
        assertTrue(find((x, y) -> x < 260 ? 120 : 230).isEmpty(), "a shadow with one hard edge");
        assertTrue(find((x, y) -> x > 200 && y > 120 && x < 420 && y < 300 ? 110 : 230).isEmpty(), "the shadow of a phone");
        assertTrue(find((x, y) -> 240 - x / 4).isEmpty(), "light that falls off");
        assertTrue(find((x, y) -> isOn(x, y, 0) && x / 6 % 3 == 0 && y / 30 % 2 == 0 ? 230 : 40).isEmpty(), "a board");
        assertTrue(Sheet.find(new Picture(1, 500, new byte[500])).isEmpty());
    }

    @Test
    void aRectangleIsMappedOntoItsCorners() {
        double[] corners = {10, 20, 110, 5, 130, 90, 15, 80};
        Projection projection = Projection.ofRectangle(50, 40, corners);
        double[] from = {0, 0, 50, 0, 50, 40, 0, 40};
        for (int i = 0; i < 8; i += 2) {
            assertEquals(corners[i], projection.x(from[i], from[i + 1]), 1e-9);
            assertEquals(corners[i + 1], projection.y(from[i], from[i + 1]), 1e-9);
        }
    }
}
