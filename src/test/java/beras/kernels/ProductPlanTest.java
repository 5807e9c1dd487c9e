package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.kernels.ProductPlan.Reading;
import beras.kernels.ProductPlan.Sharing;
import beras.kernels.ProductPlan.Tile;
import beras.kernels.ProductPlan.Way;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decisions of a product, as tables. Sizes are given in vectors where the number of lanes counts. */
@Tag("kernels")
class ProductPlanTest {

    /** What is not so with fewer than 16 lanes: there are too few registers. */
    private static final String NOT_WIDE = "a tile that needs 32 registers";

    @ParameterizedTest
    @CsvSource({"784, 128, ROWS", "128, 784, COLUMNS", "128, 128, COLUMNS"})
    void theLongerSideOfAProductIsShared(int m, int n, Sharing sharing) {
        assertEquals(sharing, ProductPlan.sharing(m, n));
    }

    @ParameterizedTest
    @CsvSource({"false, 128, 128, 2, ROWS", "false, 128, 256, 2, COLUMNS", "false, 128, 255, 2, ROWS", "false, 256, 256, 2, ROWS",
        "false, 128, 384, 3, COLUMNS", "false, 128, 383, 3, ROWS", "true, 128, 128, 2, STEPS", "true, 128, 256, 2, STEPS"})
    void aLayerSharesItsStepsItsColumnsOrItsRows(boolean chains, int m, int n, int threads, Sharing sharing) {
        assertEquals(sharing, ProductPlan.layerSharing(chains, m, n, threads));
    }

    /** With more rows not all are listed at a time; with odd columns the last tile computes some twice. */
    @Tag("vector")
    @ParameterizedTest
    @CsvSource({"256, 8, 784, 0, true", "257, 8, 784, 0, false", "256, 8, 784, 1, false", "256, 3, 784, 0, false", "3, 8, 4096, 0, ",
        "256, 8, 4096, 0, false", "128, 8, 4096, 0, true", "128, 64, 256, 0, false"})
    void stepsAreSharedWhereAllStagesHaveTheSameTiles(int m, int vectors, int k, int moreColumns, Boolean chains) {
        int n = vectors * Lanes.COUNT + moreColumns;
        boolean enough = (long) m * n * k >= 1 << 20 && k > n;
        assertEquals(chains == null ? enough : chains && enough, ProductPlan.canSplitK(m, n, k));
    }

    /** By rows, columns (vectors, and more), steps and samples that are not both zero. */
    @Tag("vector")
    @ParameterizedTest
    @CsvSource({
        // few rows
        "false, false, 4, 4, 0, 10, 128, FEW_ROWS", "false, false, 5, 4, 0, 10, 128, DENSE", "false, false, 4, 4, -1, 10, 128, DENSE",
        "true, false, 4, 4, 0, 10, 128, DENSE", "false, true, 4, 4, 0, 10, 128, DENSE", "false, false, 4, 8, 0, 9999, 0, FEW_ROWS",
        // zeros
        "false, false, 128, 8, 0, 784, 0, SKIP_ZEROS", "false, false, 128, 8, 0, 784, 56, SKIP_ZEROS",
        "false, false, 128, 8, 0, 784, 57, BROAD", "true, false, 128, 8, 0, 784, 72, SKIP_ZEROS",
        "true, false, 128, 8, 0, 784, 73, BROAD", "false, false, 128, 8, 0, 784, 128, BROAD",
        // large and dense
        "false, false, 64, 32, 0, 96, 128, BROAD", "false, false, 63, 32, 0, 960, 128, DENSE", "false, false, 64, 32, 0, 95, 128, DENSE",
        "true, true, 640, 4, 0, 960, 128, BROAD", "false, true, 640, 4, -1, 960, 128, DENSE", "false, false, 70, 4, 0, 100, 128, DENSE"})
    void aProductGoesTheFastestWay(boolean transposeA, boolean transposeB, int m, int vectors, int moreColumns, int k, int density,
            Way way) {
        int n = vectors * Lanes.COUNT + moreColumns;
        boolean broad = Tile.HAS_LARGE && (long) m * n * k >= 1 << 21;
        assertEquals(way == Way.BROAD && !broad ? Way.DENSE : way, ProductPlan.way(transposeA, transposeB, m, n, k, density), NOT_WIDE);
    }

    @Tag("vector")
    @Test
    void samplesAreTakenWhereTheyMatter() {
        int n = Tile.SPARSE.columns;
        int k = (1 << 20) / n / 8;
        assertTrue(ProductPlan.dependsOnDensity(false, false, 8, n, k));
        assertTrue(ProductPlan.dependsOnDensity(true, false, 8, n, k));
        assertFalse(ProductPlan.dependsOnDensity(false, true, 8, n, k), "columns of a transposed matrix are no stream");
        assertFalse(ProductPlan.dependsOnDensity(false, false, 8, n, k - 1), "too little work");
        assertFalse(ProductPlan.dependsOnDensity(false, false, 64, n - 1, k), "too few columns");
        assertFalse(ProductPlan.dependsOnDensity(false, false, 4, n, 2 * k), "few rows");
        assertTrue(ProductPlan.dependsOnDensity(true, false, 4, n, 2 * k));
    }

    @Tag("vector")
    @ParameterizedTest
    @CsvSource({"BROAD, 4, 0, BROAD", "BROAD, 9, 0, BROAD", "BROAD, 4, -1, WIDE", "BROAD, 1, 1, WIDE", "BROAD, 1, 0, NARROW",
        "DENSE, 4, 0, WIDE", "DENSE, 1, 1, WIDE", "DENSE, 1, 0, NARROW", "DENSE, 0, 1, NARROW"})
    void aDenseTileIsAsWideAsTheColumnsThatAreLeft(Way way, int vectors, int more, Tile tile) {
        int left = vectors * Lanes.COUNT + more;
        assertEquals(tile, ProductPlan.denseTile(way, true, left));
        assertEquals(tile == Tile.NARROW ? Tile.WIDE : tile, ProductPlan.denseTile(way, false, left));
    }

    @Tag("vector")
    @ParameterizedTest
    @CsvSource({"8, 8, 0, SPARSE_WIDE", "8, 4, 1, SPARSE_WIDE", "8, 4, 0, SPARSE", "7, 7, 0, SPARSE", "16, 16, 0, SPARSE_WIDE"})
    void aSparseTileIsAsWideAsTheColumnsThatAreLeft(int vectors, int left, int more, Tile tile) {
        assertEquals(Tile.HAS_LARGE ? tile : Tile.SPARSE,
                ProductPlan.sparseTile(vectors * Lanes.COUNT, left * Lanes.COUNT + more), NOT_WIDE);
    }

    /** By rows of the product, floats between rows of the right matrix, tile and columns that lack for it. */
    @Tag("vector")
    @ParameterizedTest
    @CsvSource({
        "false, false, 128, 512, WIDE, 0, IN_PLACE", "false, false, 255, 512, WIDE, 0, IN_PLACE",
        "false, false, 256, 511, WIDE, 0, IN_PLACE", "false, false, 256, 512, WIDE, 0, PACKED", "false, true, 1, 9, WIDE, 0, PACKED",
        "false, false, 1, 100, WIDE, 1, PACKED", "false, false, 255, 512, BROAD, 0, ALIGNED", "false, false, 256, 512, BROAD, 0, PACKED",
        "false, true, 1, 9, BROAD, 0, PACKED", "false, false, 1, 100, NARROW, 0, IN_PLACE",
        "false, false, 1, 100, NARROW, 1, LAST_ROW_COPIED", "true, false, 1, 100, NARROW, 1, LAST_ROW_COPIED",
        "false, true, 1, 100, NARROW, 1, PACKED", "false, false, 256, 512, NARROW, 1, PACKED"})
    void theRightMatrixIsReadWhereItIsUnlessACopyIsFaster(boolean transposeA, boolean transposeB, int m, int ldb, Tile tile, int missing,
            Reading reading) {
        assertEquals(reading, ProductPlan.denseReading(transposeA, transposeB, m, ldb, tile, tile.columns - missing));
    }

    @Tag("vector")
    @Test
    void aMatrixOfFewColumnsIsCopiedAsAWhole() {
        int cols = Tile.NARROW.columns - 1;
        assertEquals(Reading.COPIED, ProductPlan.denseReading(false, false, 128, cols, Tile.NARROW, cols));
        assertEquals(Reading.LAST_ROW_COPIED, ProductPlan.denseReading(true, false, 128, cols, Tile.NARROW, cols));
        assertEquals(Reading.LAST_ROW_COPIED, ProductPlan.denseReading(false, false, 128, cols + 1, Tile.NARROW, cols));
        int half = Tile.NARROW.columns / 2;
        assertEquals(Reading.LAST_ROW_COPIED, ProductPlan.denseReading(true, false, 128, half, Tile.NARROW, half));
        assertEquals(Reading.PACKED, ProductPlan.denseReading(true, false, 128, half - 1, Tile.NARROW, half - 1), "beyond the next row");
    }

    @ParameterizedTest
    @CsvSource({"6272, 784, 128, IN_PLACE", "6273, 784, 128, ALIGNED", "6273, 784, 511, ALIGNED", "6273, 784, 512, PACKED",
        "6272, 784, 512, IN_PLACE", "9999999999, 2147483647, 512, IN_PLACE"})
    void columnsOfASparseProductAreCopiedIfTheyAreReadOften(long reads, int k, int ldb, Reading reading) {
        assertEquals(reading, ProductPlan.sparseReading(reads, k, ldb));
    }
}
