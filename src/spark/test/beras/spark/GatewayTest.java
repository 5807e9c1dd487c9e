package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import py4j.Gateway;

/** What PySpark does with BERAS through its gateway, which finds classes and methods by their names. */
@Tag("spark")
class GatewayTest {

    @TempDir
    Path folder;

    private final Gateway gateway = new Gateway(null);

    private Object call(Object target, String method, Object... arguments) {
        return gateway.invoke(method, gateway.putNewObject(target), List.of(arguments))
                .getPrimitiveObject() instanceof String text
                ? text : target;
    }

    @Test
    void pythonFindsTheMethodsOfTheExample() throws Exception {
        Sequential net = new Sequential(1, new Input(2), new Dense(3, "softmax"));
        Path file = folder.resolve("net.beras");
        ModelFile.save(net, file);
        BerasModel model = (BerasModel) gateway.getObject(gateway.invoke("fromFile", "z:beras.spark.BerasModel",
                List.of(file.toString())).getName());
        assertEquals(ModelFile.weightsSha256(net), call(model, "weightsSha256"));
        BerasClassifier classifier = (BerasClassifier) gateway.getObject(gateway.invoke("beras.spark.BerasClassifier", List.of())
                .getName());
        call(classifier, "setLabelCol", "species");
        call(classifier, "setEpochs", 3);
        call(classifier, "setSeed", 7);
        call(classifier, "setInputCols", (Object) new String[] {"a", "b"});
        assertEquals("species", classifier.getOrDefault(classifier.labelCol()));
        assertEquals(3, classifier.getOrDefault(classifier.epochs()));
        assertEquals(7L, classifier.getOrDefault(classifier.seed()));
        assertArrayEquals(new String[] {"a", "b"}, classifier.getOrDefault(classifier.inputCols()));
        assertEquals(List.of("0", "1", "2"), model.labels());
    }
}
