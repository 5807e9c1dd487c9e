package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checksums that each epoch leaves of the weights. */
@Tag("training")
class WeightChecksumsTest {

    /** Longer than what is read at a time, one that is not contiguous, and none. */
    private static List<Tensor> weights() {
        return List.of(Tensor.generate(new Rng(1, "first", 0)::normal, 150, 300), Tensor.generate(new Rng(1, "second", 0)::normal,
                4, 3)
                .transpose(), Tensor.zeros(0), Tensor.generate(new Rng(1, "third", 0)::normal, 7));
    }

    @Test
    void areTheCrc32OfTheElements() {
        String checksums = WeightChecksums.of(weights());
        for (int i = 0; i < weights().size(); i++) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * weights().get(i).size()).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : weights().get(i).toArray()) {
                bytes.putFloat(value);
            }
            CRC32 crc = new CRC32();
            crc.update(bytes.array());
            assertEquals(String.format(Locale.ROOT, "%08x", crc.getValue()), checksums.substring(8 * i, 8 * i + 8));
        }
        assertEquals("", WeightChecksums.of(List.of()));
    }

    @Test
    void eachEpochLeavesThemAndAResumedTrainingKeepsThem() {
        Tensor x = Tensor.generate(new Rng(1, "x", 0)::normal, 12, 2);
        Model model = model();
        List<String> made = new ArrayList<>();
        LastState last = new LastState();
        History history = model.fit(x, x, new FitOptions().epochs(2).batchSize(6).seed(1).callbacks(last,
                new LambdaCallback().onEpochEnd((epoch, logs) -> made.add(WeightChecksums.of(model.weights())))));
        assertEquals(made, checksums(history));
        assertNotEquals(made.get(0), made.get(1));
        History more = model().fit(x, x, new FitOptions().epochs(3).batchSize(6).seed(1).callbacks(new LastState())
                .resume(last.last().orElseThrow()));
        assertEquals(made, checksums(more).subList(0, 2));
        assertTrue(more.epochs().get(2).weights().isPresent());
    }

    private static List<String> checksums(History history) {
        return history.epochs().stream().map(logs -> logs.weights().orElseThrow()).toList();
    }

    private static Model model() {
        Model model = new Sequential(1, new Input(2), new Dense(3, "relu"), new Dense(2));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        return model;
    }
}
