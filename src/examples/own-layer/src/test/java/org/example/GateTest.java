package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientCheck;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {

    private static final Tensor X = Tensor.generate(i -> Math.sin(1 + 1.7 * i), 60, 3);

    @Test
    void itsGradientIsRight() {
        GradientCheck.Report report = GradientCheck.of(new Gate().bound(0.5)).check(X);
        assertTrue(report.passed(), report::toString);
    }

    @Test
    void aNetWithItLearnsAndComesBackFromItsFile(@TempDir Path folder) throws IOException {
        Sequential net = new Sequential(7, new Input(3), new Dense(16, "gate"), new Gate().bound(-1), new Dense(1));
        net.compile("adam(0.01)", "mse");
        History history = net.fit(X, X.sum(1).reshape(60, 1), new FitOptions().epochs(50));
        assertTrue(history.get("loss").get(49) < 0.1 * history.get("loss").get(0), history::toString);
        Path file = folder.resolve("gate.beras");
        ModelFile.save(net, file);
        assertEquals(net.predict(X), ModelFile.load(file).model().predict(X));
    }
}
