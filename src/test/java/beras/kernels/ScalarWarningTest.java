package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.autograd.GradientTape;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who uses the library without vectors is told so once, by the log. */
@Tag("once")
class ScalarWarningTest {

    private static List<String> log(List<String> options, String... uses) throws IOException, InterruptedException {
        return FreshJvm.run(options, Program.class, (Object[]) uses);
    }

    @ParameterizedTest
    @ValueSource(strings = {"predict", "fit", "evaluate", "trainOnBatch", "loop"})
    void itIsLoggedOnceWithWhatToDo(String use) throws IOException, InterruptedException {
        List<String> log = log(List.of(), use, use, "predict", "fit");
        assertEquals(2, log.size(), log::toString); // one record: when, and what
        assertTrue(log.get(1).endsWith("BERAS computes without vectors, several times slower than with them. scalar: start"
                + " Java with --add-modules jdk.incubator.vector to make it fast. If that is intended, start Java with"
                + " -Dberas.simd=off"),
                log::toString);
    }

    @Test
    void itIsNotLoggedBeforeSomethingIsComputed() throws IOException, InterruptedException {
        assertEquals(List.of(), log(List.of(), "make"));
    }

    @Test
    void norWithVectorsNorIfNoneWereWantedNorByAProgramThatTellsItItself() throws IOException, InterruptedException {
        assertEquals(List.of(), log(List.of("-Dberas.simd=off"), "predict", "fit"));
        assertEquals(List.of(), log(List.of(), "silence", "predict", "fit"));
        assertEquals(List.of(), log(List.of(FreshJvm.VECTORS, "-Dberas.simd=128"), "predict", "fit"));
    }

    /** Uses the library, and prints what it has logged. */
    static final class Program {

        public static void main(String[] uses) {
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            Tensor x = Tensor.ones(2, 3);
            Tensor y = Tensor.ones(2, 1);
            Sequential model = new Sequential(1, new Input(3), new Dense(1));
            model.compile("sgd", "mse");
            for (String use : uses) {
                switch (use) {
                    case "predict" -> model.predict(x);
                    case "fit" -> model.fit(x, y);
                    case "evaluate" -> model.evaluate(x, y);
                    case "trainOnBatch" -> model.trainOnBatch(x, y);
                    case "silence" -> ScalarWarning.silence();
                    case "loop" -> {
                        GradientTape tape = new GradientTape();
                        Tensor loss;
                        try (tape) {
                            loss = new MeanSquaredError().call(model.call(x), y);
                        }
                        new SGD(0.1f).applyGradients(model.weights(), tape.gradient(loss, model.weights()));
                    }
                    default -> model.summary();
                }
            }
            System.out.print(log.toString(StandardCharsets.UTF_8));
        }
    }
}
