package beras.tensor;

import static beras.Refusals.assertReceived;
import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class ShapeTest {

    @Test
    void rankSizeAndAxes() {
        Shape shape = Shape.of(2, 3, 4);
        assertEquals(3, shape.rank());
        assertEquals(24, shape.size());
        assertEquals(2, shape.dim(0));
        assertEquals(4, shape.dim(-1));
        assertEquals(2, shape.dim(-3));
        assertEquals(1, Shape.of().size());
        assertEquals(0, Shape.of(5, 0, 7).size());
    }

    @Test
    void anAxisThatDoesNotExistIsRefused() {
        for (int axis : new int[] {-3, 2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertRefused("Shape (2, 3) has no axis " + axis, () -> Shape.of(2, 3).dim(axis));
        }
    }

    @Test
    void sizesAreNotNegativeAndTheirProductFitsAnInt() {
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
        for (int[] sizes : new int[][] {{65536, 65536}, {1 << 16, 1 << 16, 1 << 16, 1 << 16}, {Integer.MAX_VALUE, 2}}) {
            assertThrows(IllegalArgumentException.class, () -> Shape.of(sizes));
        }
        assertEquals(0, Shape.of(65536, 65536, 0).size());
        assertReceived("(2, -3)", () -> Shape.of(2, -3));
    }

    @Test
    void arraysInAndOutAreCopies() {
        int[] sizes = {2, 3};
        Shape shape = Shape.of(sizes);
        sizes[0] = 9;
        shape.toArray()[1] = 9;
        assertArrayEquals(new int[] {2, 3}, shape.toArray());
        assertTrue(shape.is(2, 3));
        assertFalse(shape.is(2, 3, 1));
    }

    @Test
    void broadcastMatchesAxesFromTheLast() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3).broadcast(Shape.of(3)));
        assertEquals(Shape.of(2, 3), Shape.of(2, 1).broadcast(Shape.of(1, 3)));
        assertEquals(Shape.of(4, 2, 3), Shape.of(2, 3).broadcast(Shape.of(4, 1, 1)));
        assertEquals(Shape.of(2, 3), Shape.of().broadcast(Shape.of(2, 3)));
        assertEquals(Shape.of(0, 3), Shape.of(1, 3).broadcast(Shape.of(0, 1)));
    }

    @Test
    void shapesThatDoNotBroadcastAreNamedBoth() {
        assertRefused("Shapes (4, 2, 3) and (3, 3) do not broadcast: axis -2 is 2 against 3, and neither is 1",
                () -> Shape.of(4, 2, 3).broadcast(Shape.of(3, 3)));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(0).broadcast(Shape.of(2)));
    }

    @Test
    void equalByItsSizes() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(2), Shape.of(2, 1));
        assertNotEquals(Shape.of(2), (Object) "(2,)");
    }

    @Test
    void isWrittenAsATuple() {
        assertEquals("()", Shape.of().toString());
        assertEquals("(5,)", Shape.of(5).toString());
        assertEquals("(2, 0, 3)", Shape.of(2, 0, 3).toString());
    }
}
