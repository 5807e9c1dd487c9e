import beras.tables.TableModel
import beras.tables.TableTraining
import java.nio.file.Path

/** Trains on a table. */
fun train(data: Path): TableModel = TableTraining.of(data, "species").fit()

/** The table of penguins, and where the model goes. */
fun main(arguments: Array<String>) {
    val model = train(Path.of(arguments[0]))
    model.save(Path.of(arguments[1]))
    val prediction = model.predict(mapOf("island" to "Dream", "bill_length_mm" to 49.5, "bill_depth_mm" to 19,
        "flipper_length_mm" to 200, "body_mass_g" to 3800, "sex" to "male"))
    println("${prediction.label()} ${prediction.probabilities()}")
}
