import beras.tables.TableModel
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class PenguinsTest {

    @Test
    fun theModelIsSaved(@TempDir folder: Path) {
        val file = folder.resolve("penguins.beras")
        main(arrayOf("../../../data/penguins.csv", file.toString()))
        val row = mapOf("island" to "Biscoe", "bill_length_mm" to 46.1, "bill_depth_mm" to 13.2, "flipper_length_mm" to 211,
            "body_mass_g" to 4500, "sex" to null)
        assertEquals("Gentoo", TableModel.load(file).predict(row).label())
    }
}
