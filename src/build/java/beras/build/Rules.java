package beras.build;

import java.util.ArrayList;
import java.util.List;

/**
 * The updates of optimizers. A rule changes a weight {@code w}, given its gradient {@code g} and its slots, line by line; each line
 * is computed as it stands, so that scalar and vector code have the same bits.
 *
 * <p>Numbers of a rule are floats; one with an asterisk, {@code beta*}, is given as a double and kept with {@code oneMinusBeta}, rounded
 * once; one with a question mark is a boolean. A slot {@code a?centered} exists if the number before the mark is not 0 or false, and a line
 * {@code centered: a = ...} counts then. {@code first(m)} and {@code second(v)} round moments, see {@code beras.kernels.Update}.
 */
final class Rules {

    /** @param doc the formulas in Javadoc, with the parameters that need a word */
    record Rule(String name, List<String> numbers, List<String> slots, List<String> lines, String doc) {}

    private static final String RATE_OF_ADAM = "\n@param rate the learning rate over {@code 1 - beta1^t}";
    private static final String ROOT_CORRECTION = "\n@param rootCorrection {@code 1 / sqrt(1 - beta2^t)}";
    private static final String MOMENTS = """
            m = first(fma(oneMinusBeta1, g, beta1 * m))
            v = second(fma(oneMinusBeta2 * g, g, beta2 * v))
            """;

    private static final List<Rule> ALL = new ArrayList<>();

    static {
        rule("Adam", "rate beta1* beta2* rootCorrection epsilon", "m v", MOMENTS + """
                w = w - rate * m / fma(sqrt(v), rootCorrection, epsilon)
                """, """
                Adam with the bias corrections as factors: {@code m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
                w = w - rate * m / (sqrt(v) * rootCorrection + epsilon)}.""" + RATE_OF_ADAM + ROOT_CORRECTION);
        rule("Sgd", "rate", "", """
                w = fma(-rate, g, w)
                """, """
                Descent: {@code w = w - rate * g}.""");
        rule("SgdMomentum", "rate momentum nesterov?", "v", """
                v = first(fma(-rate, g, momentum * v))
                w = w + (nesterov ? fma(-rate, g, momentum * v) : v)
                """, """
                Descent with momentum: {@code v = momentum v - rate g; w = w + v}, or with Nesterov's look ahead
                {@code w = w + momentum v - rate g}.""");
        rule("RmsProp", "rate beta* epsilon", "v", """
                v = second(fma(oneMinusBeta * g, g, beta * v))
                w = w - rate * g / (sqrt(v) + epsilon)
                """, """
                {@code v = beta v + (1 - beta) g^2; w = w - rate * g / (sqrt(v) + epsilon)}.""");
        rule("KerasRmsProp", "rate rho* momentum epsilon centered?", "v a?centered m?momentum", """
                v = second(fma(oneMinusRho * g, g, rho * v))
                variance = v
                centered: a = first(fma(oneMinusRho, g, rho * a))
                centered: variance = max(fma(-a, a, v), 0)
                step = rate * g / sqrt(variance + epsilon)
                momentum: step = first(fma(momentum, m, step))
                momentum: m = step
                w = w - step
                """, """
                RMSprop as Keras has it: {@code v = rho v + (1 - rho) g^2; s = rate * g / sqrt(v + epsilon)}, then {@code w = w - s}.
                If centered, with a mean gradient {@code a = rho a + (1 - rho) g}, the root is that of
                {@code max(v - a^2, 0) + epsilon}, as rounding may take it below 0; with momentum, {@code m = momentum m + s},
                the step is {@code m}.
                @param momentum 0 for none""");
        rule("AmsGrad", "rate beta1* beta2* rootCorrection epsilon", "m v top", MOMENTS + """
                top = max(top, v)
                w = w - rate * m / fma(sqrt(top), rootCorrection, epsilon)
                """, """
                As {@link Adam}, with the largest {@code v} so far in place of {@code v}: {@code top = max(top, v)}."""
                + RATE_OF_ADAM + ROOT_CORRECTION);
        rule("Nadam", "momentRate gradientRate beta1* beta2* rootCorrection epsilon", "m v", MOMENTS + """
                w = w - fma(gradientRate, g, momentRate * m) / fma(sqrt(v), rootCorrection, epsilon)
                """, """
                Adam with Nesterov's look ahead: the moments of {@link Adam}, then
                {@code w = w - (momentRate * m + gradientRate * g) / (sqrt(v) * rootCorrection + epsilon)}.""" + ROOT_CORRECTION);
        rule("Adamax", "rate beta1* beta2* epsilon", "m u", """
                m = first(fma(oneMinusBeta1, g, beta1 * m))
                u = first(max(beta2 * u, abs(g)))
                w = w - rate * m / (u + epsilon)
                """, """
                Adam with the largest gradient in place of a root: {@code m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|);
                w = w - rate * m / (u + epsilon)}.""" + RATE_OF_ADAM);
        rule("Adagrad", "rate epsilon", "v", """
                v = fma(g, g, v)
                w = w - rate * g / sqrt(v + epsilon)
                """, """
                {@code v = v + g^2; w = w - rate * g / sqrt(v + epsilon)}; {@code v} is not rounded.""");
        rule("Adadelta", "rate rho* epsilon", "v d", """
                v = second(fma(oneMinusRho * g, g, rho * v))
                step = g * sqrt(d + epsilon) / sqrt(v + epsilon)
                d = second(fma(oneMinusRho * step, step, rho * d))
                w = fma(-rate, step, w)
                """, """
                {@code v = rho v + (1 - rho) g^2; s = g * sqrt(d + epsilon) / sqrt(v + epsilon); d = rho d + (1 - rho) s^2;
                w = w - rate * s}.""");
        rule("Lion", "rate beta1* beta2*", "m", """
                direction = fma(oneMinusBeta1, g, beta1 * m)
                step = direction > 0 ? rate : direction < 0 ? -rate : direction
                m = first(fma(oneMinusBeta2, g, beta2 * m))
                w = w - step
                """, """
                {@code w = w - rate * sign(beta1 m + (1 - beta1) g)}, where the sign of 0 is 0, then {@code m = beta2 m + (1 - beta2) g}.""");
    }

    private static void rule(String name, String numbers, String slots, String lines, String doc) {
        ALL.add(new Rule(name, List.of(numbers.split(" ")), slots.isEmpty() ? List.of() : List.of(slots.split(" ")),
                lines.lines().toList(), doc));
    }

    /** In the order in which they are looked for: the usual training loads Adam alone. */
    static List<Rule> all() {
        return ALL;
    }

    private Rules() {}
}
