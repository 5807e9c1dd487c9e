package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.ConfigText;
import com.google.gson.JsonParseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("saving")
class ConfigJsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"relu", "dense(10)", "dense(10, relu, name=\"a \\\"b\\\"\")",
        "adam(0.002, schedule=cosine(1e-3, end=[1, [2.5]]))",
        "x(true, false, -7, 9223372036854775807, 1e308, [], y(z()))"})
    void aConfigComesBack(String text) {
        Config config = ConfigText.parse(text);
        Config again = ConfigJson.read(ConfigJson.parse(ConfigJson.write(config).toString()).getAsJsonObject());
        assertEquals(config, again);
        assertEquals(config.toString(), again.toString());
    }

    @Test
    void settingsAreMembers() {
        assertEquals("{\"type\":\"Dropout\",\"rate\":0.5,\"seed\":1}",
                ConfigJson.write(Config.of("Dropout").with("rate", 0.5f).with("seed", 1L)).toString());
        assertEquals("{\"type\":\"dense\",\"arguments\":[10,{\"type\":\"relu\"}],\"bias\":false}",
                ConfigJson.write(Config.of("dense", List.of(10, Config.of("relu")), Map.of("bias", false))).toString());
    }

    @Test
    void numbersMustBeFinite() {
        for (Number bad : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY)) {
            assertThrows(IllegalArgumentException.class, () -> ConfigJson.write(Config.of("x").with("a", List.of(bad))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":{}}", "{\"type\":\"x\",\"a\":null}", "{\"type\":\"x\",\"a\":{}}",
        "{\"type\":\"x\",\"arguments\":7}", "{\"type\":\"x\",\"arguments\":[null]}"})
    void whatIsNoConfigIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> ConfigJson.read(ConfigJson.parse(json).getAsJsonObject()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a':1}", "{\"a\":1} x", "{\"a\":1}{", "{a:1}", "[1,]", "NaN", "{", "# x"})
    void jsonIsReadByTheLetter(String json) {
        assertThrows(JsonParseException.class, () -> ConfigJson.parse(json));
    }
}
