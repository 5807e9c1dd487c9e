package beras.config;

import static org.junit.jupiter.api.Assertions.*;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("core")
class ConfigTextTest {

    private static Config dense(Object... arguments) {
        return Config.of("dense", List.of(arguments), Map.of());
    }

    @Test
    void readsAllKindsOfValues() {
        assertEquals(Config.of("relu"), ConfigText.parse("relu"));
        assertEquals(Config.of("relu"), ConfigText.parse(" relu ( ) "));
        assertEquals(dense(128, Config.of("relu")), ConfigText.parse("dense(128, relu)"));
        assertEquals(Config.of("sgd", List.of(0.1), Map.of("momentum", 0.9)), ConfigText.parse("sgd(0.1,momentum=0.9)"));
        assertEquals(Config.of("dense", List.of(10), Map.of("kernelRegularizer", Config.of("l2", List.of(0.01), Map.of()))),
                ConfigText.parse("dense(10, kernel_regularizer = l2(0.01))"));
        assertEquals(dense(List.of(2, -1), List.of(), true, false, "a, b", "say \"\\\"", -1e-7, 3L),
                ConfigText.parse("dense([2, -1], [], true, false, \"a, b\", \"say \\\"\\\\\\\"\", -1E-7, +3)"));
        assertEquals(dense(new BigInteger("18446744073709551626")), ConfigText.parse("dense(18446744073709551626)"));
        assertEquals(dense(Double.NaN, Double.NEGATIVE_INFINITY), ConfigText.parse("dense(NaN, -Infinity)"));
        assertEquals(Config.of("cross-entropy"), ConfigText.parse("cross-entropy"));
        assertEquals(dense(), ConfigText.parse("dense\n(\t)"));
    }

    @ParameterizedTest
    @CsvSource({"kernel_regularizer, kernelRegularizer", "kernelRegularizer, kernelRegularizer", "beta_1, beta1",
        "clipnorm, clipnorm", "t_mul, tMul", "'\"a_b\"', a_b"})
    void namesOfSettingsAreInEitherCase(String text, String name) {
        assertEquals(Config.of("x").with(name, 1), ConfigText.parse("x(" + text + "=1)"));
    }

    @Test
    void readsShortForms() {
        assertEquals(List.of(dense(128, Config.of("relu")), Config.of("dropout", List.of(0.3), Map.of()), Config.of("batch_norm"),
                dense(10, Config.of("softmax"))), ConfigText.parseList("128:relu,dropout:0.3,batch_norm, 10 : softmax"));
        assertEquals(List.of(dense(10)), ConfigText.parseList("10"));
        assertEquals(Config.of("cosine").with("warmup", 1).with("end", 0), ConfigText.parse("cosine:warmup=1,end=0"));
        assertEquals(List.of(Config.of("cosine").with("warmup", 1), Config.of("noise", List.of(0.1), Map.of())),
                ConfigText.parseList("cosine:warmup=1,noise:0.1"));
        assertEquals(Config.of("piecewise").with("3", 0.001).with("6", 0.0001), ConfigText.parse("piecewise:3=0.001,6=0.0001"));
        assertEquals(dense(16, Config.of("leaky_relu", List.of(0.1), Map.of())), ConfigText.parse("16:leaky_relu(0.1)"));
        assertEquals(List.of(Config.of("conv", List.of(32, 3), Map.of("activation", Config.of("relu"))),
                Config.of("max_pool", List.of(2), Map.of())), ConfigText.parseList("conv:32x3:relu,max_pool:2"));
        assertEquals(List.of(Config.of("conv", List.of(32, 3, 2), Map.of("padding", Config.of("same"))), dense(10)),
                ConfigText.parseList("conv : 32x3x2, padding=same, 10"));
        assertEquals(Config.of("dropout", List.of(0.3), Map.of("seed", 4)), ConfigText.parse("dropout:0.3,seed=4"));
    }

    @Test
    void aNameMayBeAnything() {
        assertEquals(Config.of("xavier uniform"), ConfigText.nameOrText("xavier uniform"));
        assertEquals(Config.of("relu:relu"), ConfigText.nameOrText("relu:relu"));
        assertEquals(ConfigText.parse("sgd(0.1)"), ConfigText.nameOrText("sgd(0.1)"));
    }

    @Test
    void bothFormsStandSideBySide() {
        assertEquals(ConfigText.parseList("dense(128, relu), dropout(0.3), dense(10, softmax)"),
                ConfigText.parseList("128:relu,dropout:0.3,10:softmax"));
    }

    static Stream<Config> configs() {
        return Stream.of(Config.of("Dense"), Config.of("a b").with("x", 1), Config.of("true"), Config.of("1"), Config.of(""),
                Config.of("A").with("a_b", "a, b").with("3", "\"\\").with("x=", List.of()).with("", ""),
                Config.of("A", List.of(1, "x", Config.of("B").with("y", List.of(1, List.of("z")))), Map.of("s", "true")),
                Config.of("A").with("f", 0.1f).with("d", 1e-12).with("l", Long.MIN_VALUE).with("n", Float.NaN)
                        .with("i", Double.NEGATIVE_INFINITY).with("j", Float.POSITIVE_INFINITY).with("b", false),
                Config.of("A").with("t", "1").with("u", "NaN").with("v", "rows").with("w", Config.of("Infinity")));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void whatIsPrintedIsReadAsAnEqualConfig(Config config) {
        assertEquals(config, ConfigText.parse(ConfigText.print(config)), config::toString);
        List<Config> twice = List.of(config, config);
        assertEquals(twice, ConfigText.parseList(ConfigText.print(twice)));
    }

    @Test
    void printsPlainly() {
        assertEquals("dense(128, relu, useBias=false, names=[a, \"b c\"])",
                ConfigText.print(ConfigText.parse("dense(128,relu,use_bias=false,names=[a,\"b c\"])")));
        assertEquals("A, B(x=0.1)", ConfigText.print(List.of(Config.of("A"), Config.of("B").with("x", 0.1f))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "'dense(128, '         | a value, a name=value or )  | 12 | the end",
        "'dense(128 relu)'     | a comma or )                | 11 | relu",
        "'dense(units=3, 4)'   | a name=value, as one came before | 16 | 4",
        "'dense(a=1, a=2)'     | each setting once           | 14 | a",
        "'dense) '             | the end                     | 6  | )",
        "'[1, 2]'              | a name such as dense        | 1  | [",
        "'true'                | a name such as dense        | 1  | true",
        "''                    | a name such as dense        | 1  | the end",
        "'x([1; 2])'           | a comma or ]                | 5  | ;",
        "'x(1d)'               | a number                    | 3  | 1d",
        "'x(1e999)'            | a number                    | 3  | 1e999",
        "'x(1.2.3)'            | a number                    | 3  | 1.2.3",
        "'128:'                | a name such as relu         | 5  | the end",
        "'x:'                  | a value                     | 3  | the end"})
    void errorsNameThePlace(String text, String wanted, int place, String received) {
        String message = assertThrows(IllegalArgumentException.class, () -> ConfigText.parse(text)).getMessage();
        String twice = wanted.equals("each setting once") ? " twice" : "";
        assertEquals("expected " + wanted + " at character " + place + " of \"" + text + "\". Received" + twice + ": " + received,
                message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense(128),", "128:relu,,10", "a b", "a:b:c", ",", "x(\"a)"})
    void otherThingsAreRefusedToo(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ConfigText.parseList(text)).getMessage();
        assertEquals(0, message.indexOf("expected "), message);
    }

    @Test
    void aDeepTextIsRefused() {
        String text = "x(" + "[".repeat(100_000);
        String message = assertThrows(IllegalArgumentException.class, () -> ConfigText.parse(text)).getMessage();
        assertEquals("expected at most 100 levels", message.substring(0, 27));
    }
}
