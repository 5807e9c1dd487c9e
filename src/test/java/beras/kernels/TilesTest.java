package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
@Tag("once")
class TilesTest {

    @Test
    void theTilesAreThoseOfTheGenerator() throws IOException {
        assertEquals(TileGenerator.source(), Files.readString(TileGenerator.FILE), "run TileGenerator");
    }
}
