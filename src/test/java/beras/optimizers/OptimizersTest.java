package beras.optimizers;

import static beras.optimizers.OptimizerTest.assertMessage;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers by name and config. */
@Tag("optimizers")
class OptimizersTest {

    static List<String> names() {
        return Optimizers.REGISTRY.names();
    }

    static List<Supplier<Optimizer>> all() {
        return OptimizerTest.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void anOptimizerComesBackFromItsConfig(Supplier<Optimizer> maker) {
        assertSame(maker.get());
        assertSame(maker.get().with("clipnorm", 0.3f).with("weightDecay", 0.2).with("excludeFromWeightDecay", List.of("bias", "beta")));
        assertSame(maker.get().with("clipvalue", 0.1f).with("gradientAccumulationSteps", 5).with("emaMomentum", 0.99)
                .with("emaOverwriteFrequency", 4));
        assertSame(maker.get().with("globalClipnorm", 0.7f).schedule(Schedules.REGISTRY.of("cosine", 0, 6).with("warmupTarget", 0.05).with("warmupSteps", 3).with("alpha", 0.1)));
    }

    private static void assertSame(Optimizer optimizer) {
        Config config = optimizer.config();
        Optimizer again = Optimizers.REGISTRY.of(config);
        assertEquals(config, again.config());
        assertEquals(optimizer.typeName(), again.typeName());
        assertEquals(optimizer.learningRate(), again.learningRate());
    }

    @Test
    void theDefaultsAreThoseOfTheShortConstructors() {
        List<Optimizer> made = Stream.concat(Stream.of(new SGD(0.01f), new RMSProp(0.001f), new Adam(0.001f), new AdamW(0.001f)),
                Stream.of("Nadam", "Adamax", "Adagrad", "Adadelta", "Lion", "Ftrl").map(row -> Optimizers.REGISTRY.of(row, 0.001f))).toList();
        assertEquals(made.stream().map(Optimizer::config).toList(),
                Optimizers.REGISTRY.names().stream().map(n -> Optimizers.REGISTRY.of(n).config()).toList());
        assertEquals(Adam.keras(0.001f).config(), Optimizers.REGISTRY.of(Config.of("adam").with("form", "keras")).config());
        assertEquals(RMSProp.keras(0.001f).config(), Optimizers.REGISTRY.of(Config.of("rmsprop").with("form", "keras")).config());
        assertEquals(new Adam(0.001f).config(), Optimizers.REGISTRY.of(Config.of("adam").with("form", "assignment")).config());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aScheduleTakesThePlaceOfTheRate(String name) {
        LearningRateSchedule schedule = Schedules.REGISTRY.of("cosine", 0.3, 10);
        Optimizer optimizer = Optimizers.REGISTRY.of(name + "(cosine(0.3, 10))");
        assertEquals(0.3f, optimizer.learningRate());
        assertEquals(schedule.config(), optimizer.config().values().get("schedule"));
        assertFalse(optimizer.config().has("learningRate"));
        for (String text : List.of("(schedule=cosine(0.3, 10))", "(learning_rate=cosine(0.3, 10))")) {
            assertEquals(optimizer.config(), Optimizers.REGISTRY.of(name + text).config());
        }
        assertEquals(optimizer.config(), Optimizers.REGISTRY.of(name).schedule(schedule).config());
    }

    @Test
    void aSettingThatIsRefusedChangesNothing() {
        Optimizer keras = RMSProp.keras(0.1f).with("rho", 0.8);
        assertMessage("RMSProp has no setting beta, only [learningRate, schedule, form, rho, momentum, epsilon, centered,"
                + " clipnorm, clipvalue, globalClipnorm, gradientAccumulationSteps, lossScaleFactor, weightDecay,"
                + " excludeFromWeightDecay, emaMomentum, emaOverwriteFrequency]", () -> keras.with("beta", 0.5));
        assertThrows(IllegalArgumentException.class, () -> keras.with("clipnorm", -1));
        assertEquals(RMSProp.keras(0.1f).with("rho", 0.8).config(), keras.config());
    }

    @Test
    void everySettingIsInTheConfig() {
        assertEquals("AdamW(learningRate=0.002, beta1=0.8, beta2=0.9, epsilon=1.0E-4, amsgrad=true, clipnorm=1.0, "
                + "gradientAccumulationSteps=2, weightDecay=0.1, excludeFromWeightDecay=[bias], "
                + "emaMomentum=0.9, emaOverwriteFrequency=3)",
                new AdamW(0.002f).with("beta1", 0.8).with("beta2", 0.9).with("epsilon", 1e-4f).with("amsgrad", true).with("weightDecay", 0.1)
                        .with("clipnorm", 1).with("gradientAccumulationSteps", 2).with("excludeFromWeightDecay", List.of("bias"))
                        .with("emaMomentum", 0.9).with("emaOverwriteFrequency", 3).config().toString());
        assertEquals("SGD(schedule=ExponentialDecay(initialLearningRate=0.1, decaySteps=10, decayRate=0.5, staircase=true), "
                + "momentum=0.9, nesterov=true)",
                new SGD().momentum(0.9f).nesterov(true)
                        .schedule(Schedules.REGISTRY.of("ExponentialDecay", 0.1, 10, 0.5).with("staircase", true)).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SGD(0)                               | The learning rate must be finite and above 0. Received: 0.0",
        "SGD(momentum=-0.1)                   | momentum must be at least 0 and below 1. Received: -0.1",
        "RMSProp(beta=1)                      | beta must be at least 0 and below 1. Received: 1.0",
        "RMSProp(epsilon=0)                   | epsilon must be finite and above 0. Received: 0.0",
        "RMSProp(form=keras, rho=1.5)         | rho must be at least 0 and below 1. Received: 1.5",
        "RMSProp(form=keras, momentum=1)      | momentum must be at least 0 and below 1. Received: 1.0",
        "Adam(beta1=-0.5)                     | beta1 must be at least 0 and below 1. Received: -0.5",
        "AdamW(beta2=NaN)                     | beta2 must be at least 0 and below 1. Received: NaN",
        "Nadam(epsilon=NaN)                   | epsilon must be finite and above 0. Received: NaN",
        "Adagrad(initialAccumulatorValue=-1)  | initialAccumulatorValue must be finite and at least 0. Received: -1.0",
        "Adadelta(rho=1)                      | rho must be at least 0 and below 1. Received: 1.0",
        "Lion(beta2=2)                        | beta2 must be at least 0 and below 1. Received: 2.0",
        "SGD(clipnorm=0)                      | clipnorm must be finite and above 0. Received: 0.0",
        "SGD(clipvalue=-1)                    | clipvalue must be finite and above 0. Received: -1.0",
        "SGD(globalClipnorm=NaN)              | globalClipnorm must be finite and above 0. Received: NaN",
        "SGD(clipnorm=1, clipvalue=1)         | Only one of clipnorm, clipvalue and globalClipnorm can be set. Received: clipnorm and clipvalue",
        "SGD(globalClipnorm=1, clipnorm=1)    | Only one of clipnorm, clipvalue and globalClipnorm can be set. Received: clipnorm and globalClipnorm",
        "SGD(weightDecay=-0.5)                | weightDecay must be finite and at least 0. Received: -0.5",
        "SGD(excludeFromWeightDecay=[a, \"\"]) | A name to exclude from weight decay must not be empty. Received: [a, ]",
        "SGD(emaMomentum=1)                   | emaMomentum must be at least 0 and below 1. Received: 1.0",
        "Adam(emaOverwriteFrequency=3)        | emaOverwriteFrequency needs an emaMomentum. Received only the frequency: 3",
        "SGD(emaMomentum=0, emaOverwriteFrequency=0) | emaOverwriteFrequency must be at least 1. Received: 0",
        "SGD(gradientAccumulationSteps=1)     | gradientAccumulationSteps must be at least 2. Received: 1",
        "Adam(form=pytorch)                   | Adam: form must be one of [assignment, keras]. Received: pytorch",
        "Muon | There is no such name for an optimizer. Received: Muon. Known: SGD, RMSProp, Adam, AdamW, Nadam, Adamax, Adagrad, Adadelta, Lion, Ftrl"})
    void wrongSettingsAreRefused(String text, String message) {
        assertMessage(message, () -> Optimizers.REGISTRY.of(text));
    }

    @Test
    void aRateAndAScheduleAreRefused() {
        assertThrows(NullPointerException.class, () -> new SGD(1).schedule(null));
        assertMessage("SGD has a learningRate or a schedule. Received both: 0.1 and " + Schedules.REGISTRY.of("cosine", 0.1, 5).config(),
                () -> Optimizers.REGISTRY.of("SGD(0.1, schedule=cosine(0.1, 5))"));
    }
}
