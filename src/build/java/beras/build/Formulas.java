package beras.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Functions of each element with their slopes, built from correctly rounded operations, so that they give the same bits everywhere.
 * They are within 2 ulp of the exact value over the whole {@code float} range (GELU within 4; SiLU within 3 and Mish within 4, as
 * long as their factor of {@code x} is a normal number), exact at the limits, and NaN for NaN. Only the tanh form of GELU, an
 * approximation itself, has no more than an absolute precision in its left tail. {@code Math.exp} and its kin may change their last bit
 * with the compiler tier or the processor, so no result uses them.
 *
 * <p>The polynomials are minimax fits of relative error (Lawson's iteration on Chebyshev nodes), rounded to float.
 *
 * <p>A function is made of named steps. Scalar code computes them one after the other. Vector code inlines them into one loop; what is
 * <em>kept</em>, such as each call of a {@code shared} function, waits in scratch memory between two loops: a function as large as exp
 * is not always inlined, and a vector that crosses a real call goes to the heap. And loops stay short, as the compiler stops inlining in
 * a method that has grown large.
 */
final class Formulas {

    /** A named part of a function; {@code value} null: a loop of vector code ends here. */
    record Step(String name, Expression value, boolean isKept) {}

    static final class Function {

        final String owner;
        final String name;
        final List<String> parameters;
        final List<Step> steps = new ArrayList<>();
        Expression value;
        boolean isShared;

        private Function(String owner, String name, String parameters) {
            this.owner = owner;
            this.name = name;
            this.parameters = List.of(parameters.split(", "));
        }

        /** A function of one step. */
        static Function of(List<String> parameters, Expression value) {
            Function function = new Function(null, null, String.join(", ", parameters));
            function.value = value;
            return function;
        }

        private Function let(String part, String formula) {
            steps.add(new Step(part, Expression.of(formula), false));
            return this;
        }

        private Function keep(String part, String formula) {
            steps.add(new Step(part, Expression.of(formula), true));
            return this;
        }

        private Function endLoop() {
            steps.add(new Step(null, null, false));
            return this;
        }

        /** One loop for all that call it. */
        private Function shared() {
            isShared = true;
            return this;
        }

        private void value(String formula) {
            value = Expression.of(formula);
        }
    }

    /**
     * A constant of an enumeration of functions.
     *
     * @param slope    null if there is none
     * @param recorded the slope in operations of tensors, for derivatives of derivatives; null if there is none
     * @param isOfSign whether the output has what the slope reads of the input, its sign
     */
    record Op(String name, String doc, Expression value, Expression slope, Expression recorded, boolean isOfSign) {}

    /** Numbers by name, in Java; ints begin with {@code int}. */
    static final Map<String, String> NUMBERS = new LinkedHashMap<>();
    /** The names of coefficients, from that of the lowest power. */
    static final Map<String, List<String>> POLYNOMIALS = new LinkedHashMap<>();
    static final Map<String, Function> FUNCTIONS = new LinkedHashMap<>();
    static final List<Op> UNARY = new ArrayList<>();
    static final List<Op> BINARY = new ArrayList<>();
    static final List<Op> LOSSES = new ArrayList<>();

    static {
        numbers();
        exponentials();
        sigmoids();
        gelus();
        others();
        unary();
        binary();
        lossFunctions();
        losses();
        slopesOfTensors();
    }

    private static void numbers() {
        NUMBERS.put("INFINITY", "Float.POSITIVE_INFINITY");
        NUMBERS.put("NAN", "Float.NaN");
        NUMBERS.put("MAX_VALUE", "Float.MAX_VALUE");
        NUMBERS.put("MIN_NORMAL", "Float.MIN_NORMAL");
        // Adding and subtracting it rounds to the nearest integer, and leaves that integer in the low bits.
        number("ROUNDER", "0x1.8p23");
        NUMBERS.put("ROUNDER_BITS", "int 0x4b400000");
        number("LOG2_E", "0x1.715476p0");
        number("LN2", "0x1.62e43p-1");
        number("LN2_TAIL", "-0x1.05c61p-29"); // ln 2 minus its float value
        // exp(x) rounds to 0 below, and to infinity above; exp(x) - 1 rounds to -1 below.
        number("EXP_MIN", "-104");
        number("EXP_MAX", "89");
        number("EXPM1_MIN", "-32");
        // exp(r) = 1 + r + r^2 E(r), |r| <= ln(2) / 2, to 3e-9.
        polynomial("E", 0, "0x1.fffffcp-2", "0x1.555492p-3", "0x1.5558f2p-5", "0x1.123a2p-7", "0x1.6a23ccp-10");
        // log(1 + f) = f - f^2 / 2 + f^3 L(f), sqrt(1/2) <= 1 + f < sqrt(2), to 8e-10.
        polynomial("L", 0, "0x1.555548p-2", "-0x1.000006p-2", "0x1.99a4bcp-3", "-0x1.555c5ap-3", "0x1.2336ep-3", "-0x1.fc1f72p-4",
                "0x1.e6f626p-4", "-0x1.de4f84p-4", "0x1.1462aep-4");
        // ln 2 in two parts; a whole number up to 2^8 times the first is exact.
        number("LN2_HIGH", "0x1.62ep-1");
        number("LN2_LOW", "0x1.0bfbe8p-15");
        NUMBERS.put("SQRT_HALF_BITS", "int 0x3f3504f3");
        NUMBERS.put("MANTISSA_MASK", "int 0x007fffff");
        // Lifts a subnormal into the normal range for log.
        number("SUBNORMAL_SCALE", "0x1p24");
        number("SUBNORMAL_SHIFT", "24");
        // tanh(x) = x + x^3 T(x^2), |x| < 0.625, to 5e-9.
        number("TANH_SMALL", "0.625");
        polynomial("T", 0, "-0x1.555532p-2", "0x1.110726p-3", "-0x1.b83c58p-5", "0x1.522692p-6", "-0x1.75e1a8p-8");
        number("SELU_SCALE", "0x1.0cfabep0");
        number("SELU_DEPTH", "0x1.c212ccp0"); // the scale times alpha
        // |x| Phi(-|x|) rounds to 0 above.
        number("GELU_MAX", "15");
        // (a + 4) Phi(-a) exp(a^2 / 2) = G(u), u = (a - 4) / (a + 4), 0 <= a < 14.5, to 2e-8.
        number("GELU_MIDDLE", "4");
        polynomial("G", 0, "0x1.82b4bcp-1", "-0x1.373e3cp-1", "0x1.8c6d84p-2", "-0x1.7dfed8p-3", "0x1.eedacep-5", "-0x1.edddfap-8",
                "-0x1.ce29f8p-9", "0x1.9ed828p-10", "0x1.a48dc6p-13", "-0x1.0758f8p-13");
        number("BELL_HEIGHT", "0x1.988454p-2"); // the density of the standard normal at 0
        // The tanh form of GELU is x sigmoid(A x + B x^3): A, B and 3 B. It is 0 or x beyond the limit.
        number("GELU_TANH_MAX", "16");
        number("GELU_TANH_A", "0x1.988454p0");
        number("GELU_TANH_B", "0x1.2444f2p-4");
        number("GELU_TANH_3B", "0x1.b6676cp-3");
        // SiLU and Mish round to 0 below.
        number("SILU_MIN", "-128");
        number("MISH_MIN", "-128");
        // log(1 + e) = e (1 + e S(e)), 0 <= e <= 1, to 6e-9.
        polynomial("S", 1, "-0x1.ffffd2p-2", "0x1.554ddp-2", "-0x1.ff23e8p-3", "0x1.934b6ep-3", "-0x1.3a43ep-3", "0x1.b4b094p-4",
                "-0x1.d6b76p-5", "0x1.492126p-6", "-0x1.af5e5p-9");
        number("TWO_OVER_SQRT_PI", "0x1.20dd76p0");
        number("ERF_SLOPE_MAX", "11"); // exp(-x^2) rounds to 0 above
        number("EPSILON", "1e-7"); // Keras's epsilon: keeps logarithms and divisors off 0
    }

    private static void exponentials() {
        function("powerOfTwo", "int n").value("toFloat(shl(n + 127, 23))");
        function("exp", "x").shared()
                .let("clamped", "clamp(x, EXP_MIN, EXP_MAX)")
                .let("shifted", "fma(clamped, LOG2_E, ROUNDER)")
                .let("whole", "shifted - ROUNDER")
                .let("r", "fma(whole, -LN2_TAIL, fma(whole, -LN2, clamped))")
                .let("q", "E(r)")
                .let("p", "fma(r * r, q, r) + 1")
                // 2^n in two factors: n reaches beyond the exponents of a normal float on both sides.
                .let("exponent", "bits(shifted) - ROUNDER_BITS")
                .let("half", "shr(exponent, 1)")
                .value("p * powerOfTwo(half) * powerOfTwo(exponent - half)");
        // exp(x) - 1 for x up to 0, and 0 above.
        function("expm1OfNegative", "x").shared()
                .let("clamped", "min(max(x, EXPM1_MIN), 0)")
                .let("shifted", "fma(clamped, LOG2_E, ROUNDER)")
                .let("whole", "shifted - ROUNDER")
                .let("r", "fma(whole, -LN2_TAIL, fma(whole, -LN2, clamped))")
                .let("q", "E(r)")
                .let("p", "fma(r * r, q, r)")
                .let("power", "powerOfTwo(bits(shifted) - ROUNDER_BITS)")
                .value("fma(p, power, power - 1)");
        function("log", "x").shared()
                .let("subnormal", "x < MIN_NORMAL")
                .let("shifted", "bits(subnormal ? x * SUBNORMAL_SCALE : x) - SQRT_HALF_BITS")
                .let("exponent", "toFloat(shr(shifted, 23) + ROUNDER_BITS) - ROUNDER")
                .let("e", "subnormal ? exponent - SUBNORMAL_SHIFT : exponent")
                .let("f", "toFloat(and(shifted, MANTISSA_MASK) + SQRT_HALF_BITS) - 1")
                .let("p", "L(f)")
                .let("square", "f * f")
                .let("rest", "fma(square, -0.5, fma(p * f, square, e * LN2_LOW)) + f")
                .let("log", "fma(e, LN2_HIGH, rest)")
                .value("x > 0 ? x == INFINITY ? x : log : x == 0 ? -INFINITY : NAN");
        // exp(a b); the rounding of the product is made good.
        function("expOfProduct", "a, b")
                .let("exponent", "a * b")
                .keep("e", "exp(exponent)")
                .value("fma(e, fma(a, b, -exponent), e)");
    }

    private static void sigmoids() {
        // exp of a negative number never overflows; both halves of the curve follow from it.
        function("sigmoid", "x").shared()
                .keep("e", "exp(-abs(x))")
                .let("right", "x >= 0")
                .keep("q", "(right ? 1 : e) / (e + 1)")
                // The rounding of the sum and of the quotient, made good: q + (numerator - q * (1 + e)) / (1 + e).
                .let("d", "e + 1")
                .let("minus", "-q")
                .let("rest", "fma(minus, e - (d - 1), fma(minus, d, right ? 1 : e))")
                .value("fma(rest, right ? q : 1 - q, q)");
        function("tanhOfSmall", "x")
                .let("u", "x * x")
                .let("p", "T(u)")
                .value("x * fma(p, u, 1)");
        function("tanhOfLarge", "x")
                .let("a", "abs(x)")
                .keep("e", "exp(a + a)")
                .let("t", "1 - 2 / (e + 1)")
                .keep("large", "x < 0 ? -t : t")
                .value("large");
        function("tanh", "x").value("abs(x) < TANH_SMALL ? tanhOfSmall(x) : tanhOfLarge(x)");
        function("silu", "x")
                .keep("s", "sigmoid(x)")
                .value("max(x, SILU_MIN) * s");
        // That of -|x|, where nothing cancels; the two sides add up to 1.
        function("siluSlope", "x")
                .let("a", "min(abs(x), -SILU_MIN)")
                .keep("s", "sigmoid(-abs(x))")
                .let("left", "s * fma(-a, 1 - s, 1)")
                .value("x < 0 ? left : 1 - left");
        // With e = exp(-|x|), tanh(log(1 + exp(x))) is a quotient of sums of positive numbers: nothing cancels.
        function("mish", "x")
                .keep("e", "exp(-abs(x))")
                .let("above", "x < 0 ? e * (e + 2) : 1 + 2 * e")
                .let("below", "x < 0 ? above + 2 : fma(2 * e, e, above)")
                .value("max(x, MISH_MIN) * (above / below)");
        function("mishSlope", "x")
                .keep("e", "exp(-abs(x))")
                .let("above", "x < 0 ? e * (e + 2) : 1 + 2 * e")
                .let("below", "x < 0 ? above + 2 : fma(2 * e, e, above)")
                .let("limited", "min(max(x, MISH_MIN), -MISH_MIN)")
                .value("above / below + 4 * limited * (e + 1) * (x < 0 ? e : e * e) / (below * below)");
    }

    private static void gelus() {
        // (a + 4) Phi(-a) exp(a^2 / 2), from v = a / (a + 4).
        function("tailOverBell", "v")
                .let("u", "fma(v, 2, -1)")
                .let("p", "G(u)")
                .value("p");
        // x Phi(x) = max(x, 0) - a Phi(-a) with a = |x|: all of it follows from the tail, which is right however small.
        function("gelu", "x")
                .let("a", "min(abs(x), GELU_MAX)")
                .keep("bell", "expOfProduct(a * -0.5, a)")
                .endLoop()
                .keep("v", "a / (a + GELU_MIDDLE)")
                .keep("t", "tailOverBell(v)")
                .value("max(x, 0) - v * t * bell");
        function("geluSlope", "x")
                .let("a", "min(abs(x), GELU_MAX)")
                .keep("bell", "expOfProduct(a * -0.5, a)")
                .endLoop()
                .keep("v", "a / (a + GELU_MIDDLE)")
                .keep("t", "tailOverBell(v)")
                .let("tail", "t * (0.25 * (1 - v))") // (1 - v) / 4 is 1 / (a + 4)
                .let("left", "fma(a, -BELL_HEIGHT, tail) * bell")
                .value("x < 0 ? left : 1 - left");
        function("geluTanhInner", "x")
                .let("clamped", "min(max(x, -GELU_TANH_MAX), GELU_TANH_MAX)")
                .value("clamped * fma(clamped * clamped, GELU_TANH_B, GELU_TANH_A)");
        function("geluTanh", "x")
                .keep("s", "sigmoid(geluTanhInner(x))")
                .value("max(x, -GELU_TANH_MAX) * s");
        function("geluTanhSlope", "x")
                .let("a", "min(abs(x), GELU_TANH_MAX)")
                .let("inner", "a * fma(a * a, GELU_TANH_3B, GELU_TANH_A)")
                .keep("s", "sigmoid(-abs(geluTanhInner(x)))")
                .let("left", "s * fma(-inner, 1 - s, 1)")
                .value("x < 0 ? left : 1 - left");
    }

    private static void others() {
        function("elu", "x, scale, depth")
                .keep("e", "expm1OfNegative(x)")
                .value("x > 0 ? scale * x : depth * e");
        // Within 2 ulp, from the input: in the output, near -depth, the exponential has been rounded away.
        function("eluSlope", "x, scale, depth")
                .keep("e", "exp(x)")
                .value("x > 0 ? scale : depth * e");
        function("softplus", "x")
                .keep("e", "exp(-abs(x))")
                .let("p", "S(e)")
                .value("fma(fma(p, e, 1), e, max(x, 0))");
        function("softplusSlope", "y")
                .keep("e", "expm1OfNegative(-y)")
                .value("-e");
        function("softsign", "x")
                .let("finite", "min(max(x, -MAX_VALUE), MAX_VALUE)")
                .value("finite / (1 + abs(finite))");
        function("erfSlope", "x")
                .let("a", "min(abs(x), ERF_SLOPE_MAX)")
                .keep("bell", "expOfProduct(-a, a)")
                .value("TWO_OVER_SQRT_PI * bell");
    }

    private static void unary() {
        unary("LINEAR", "x", "1", "{@code y = x}.");
        unary("RELU", "max(x, 0)", "y > 0 ? 1 : 0",
                "{@code y = max(x, 0)}. Not LEAKY_RELU with {@code alpha = 0}, which is NaN at minus infinity.");
        UNARY.add(new Op("LEAKY_RELU", "{@code y = x > 0 ? x : alpha * x}.", Expression.of("x > 0 ? x : alpha * x"),
                Expression.of("x > 0 ? 1 : x < 0 ? alpha : 0"), Expression.of("x > 0 ? 1 : x < 0 ? alpha : 0"), true));
        unary("SIGMOID", "sigmoid(x)", "y * (1 - y)", "y - square(y)", "{@code y = 1 / (1 + exp(-x))}, without overflow for any {@code x}.");
        unary("TANH", "tanh(x)", "fma(-y, y, 1)", "1 - square(y)", "Hyperbolic tangent.");
        unary("EXP", "exp(x)", "y", "Natural exponential.");
        unary("LOG", "log(x)", "1 / x", "Natural logarithm; NaN below 0, {@code -Infinity} at 0.");
        unary("SQRT", "sqrt(x)", "0.5 / y", "Square root, correctly rounded.");
        unary("ELU", "elu(x, 1, alpha)", "eluSlope(x, 1, alpha)", "x > 0 ? 1 : exp(min(x, 0)) * alpha",
                "{@code y = x > 0 ? x : alpha * (exp(x) - 1)}; {@code alpha} is at least 0.");
        unary("SELU", "elu(x, SELU_SCALE, SELU_DEPTH)", "eluSlope(x, SELU_SCALE, SELU_DEPTH)",
                "x > 0 ? SELU_SCALE : exp(min(x, 0)) * SELU_DEPTH",
                "ELU with {@code alpha} 1.6733, times 1.0507: the constants of Klambauer et al. (2017).");
        unary("GELU", "gelu(x)", "geluSlope(x)", "geluSlope(x)",
                "{@code y = x Phi(x)}, where {@code Phi} is the distribution of the standard normal.");
        unary("GELU_TANH", "geluTanh(x)", "geluTanhSlope(x)", "geluTanhSlope(x)",
                "{@code y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, near to GELU.");
        unary("SILU", "silu(x)", "siluSlope(x)", "siluSlope(x)", "{@code y = x / (1 + exp(-x))}; 0 at minus infinity.");
        unary("MISH", "mish(x)", "mishSlope(x)", "mishSlope(x)", "{@code y = x tanh(log(1 + exp(x)))}; 0 at minus infinity.");
        unary("SOFTPLUS", "softplus(x)", "softplusSlope(y)", "sigmoid(x)",
                "{@code y = log(1 + exp(x))}, without overflow for any {@code x}.");
        unary("SOFTSIGN", "softsign(x)", "(1 - abs(y)) * (1 - abs(y))", "1 / square(abs(x) + 1)",
                "{@code y = x / (1 + |x|)}; 1 and -1 at the infinities.");
        unary("HARD_SIGMOID", "min(max(x / 6 + 0.5, 0), 1)", "y > 0 && y < 1 ? 1 / 6 : 0",
                "{@code y = x / 6 + 1 / 2}, but at least 0 and at most 1.");
        unary("CELU", "celu(x, alpha)", "celuSlope(x, alpha)", "x > 0 ? 1 : exp(min(x, 0) / alpha)",
                "{@code y = x > 0 ? x : alpha * (exp(x / alpha) - 1)}; {@code alpha} is above 0.");
        unary("HARD_SILU", "x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6", "x <= -3 ? 0 : x >= 3 ? 1 : (x + 1.5) / 3",
                "{@code x} times HARD_SIGMOID; its derivative at -3 is 0, and 1 at 3.");
        unary("LOG_SIGMOID", "logSigmoid(x)", "logSigmoidSlope(x)", "sigmoid(-x)", "The logarithm of SIGMOID, without overflow.");
        unary("SQUARE_PLUS", "squarePlus(x, alpha)", "squarePlusSlope(x, alpha)", "x > 1e30 ? 1 : y / (y + (y - x))",
                "{@code y = (x + sqrt(x^2 + alpha)) / 2}; {@code alpha} is above 0.");
        unary("TANH_SHRINK", "tanhShrink(x)", "tanhShrinkSlope(x)", "square(tanh(x))", "{@code y = x - tanh(x)}.");
        unary("ABS", "abs(x)", "sign(x)", "{@code y = |x|}; its derivative at 0 is 0.");
        unary("SIGN", "sign(x)", "0", null,
                "{@code y} = 1 above 0, -1 below 0, {@code x} itself if it is a zero or NaN; its derivative is 0 everywhere.");
        unary("SQUARE", "x * x", "x + x", "x * 2", "{@code y = x * x}.");
        unary("SIN", "sin(x)", "cos(x)", "Sine of an angle in radians, within 0.51 ulp; NaN at the infinities.");
        unary("COS", "cos(x)", "-sin(x)", "Cosine of an angle in radians, within 0.51 ulp; NaN at the infinities.");
        unary("ERF", "erf(x)", "erfSlope(x)", "exp(-square(x)) * TWO_OVER_SQRT_PI",
                "The error function, {@code y = 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to {@code x}.");
        unary("FLOOR", "floor(x)", "0", null,
                "The largest integer that is at most {@code x}; -0 stays -0. Its derivative is 0 everywhere.");
    }

    private static void binary() {
        binary("ADD", "a + b", "{@code a + b}.");
        binary("SUBTRACT", "a - b", "{@code a - b}.");
        binary("MULTIPLY", "a * b", "{@code a * b}.");
        binary("DIVIDE", "a / b", "{@code a / b}, correctly rounded.");
        binary("MAXIMUM", "max(a, b)", "The larger, as {@link Math#max(float, float)}: NaN wins, +0 beats -0.");
        binary("MINIMUM", "min(a, b)", "The smaller, as {@link Math#min(float, float)}: NaN wins, -0 beats +0.");
        binary("POWER", "power(a, b)", """
                {@code a^b}, within 0.51 ulp, and as {@link StrictMath#pow} for zeros, infinities, NaN, and {@code a} below 0: so the
                power 0.5 is not {@link UnaryOp#SQRT} at -0 (+0) and {@code -Infinity} ({@code Infinity}). {@code a^2} is {@code a * a}.""");
        binary("GREATER", "a > b ? 1 : 0", "1 if {@code a > b}, else 0; so 0 if one is NaN.");
        binary("GREATER_EQUAL", "a >= b ? 1 : 0", "1 if {@code a >= b}, else 0; so 0 if one is NaN.");
        binary("EQUAL", "a == b ? 1 : 0", "1 if {@code a == b}, else 0: +0 equals -0, NaN equals nothing.");
    }

    private static void lossFunctions() {
        // Also where 1 + x rounds.
        lossFunction("log1p", "x").let("sum", "1 + x").value("sum == INFINITY ? sum : log(sum) + (x - (sum - 1)) / sum");
        lossFunction("logRatio", "p, t").value("log1p(max(p, EPSILON)) - log1p(max(t, EPSILON))");
        lossFunction("huber", "delta, error").value("error > delta ? delta * (error - 0.5 * delta) : 0.5 * error * error");
        // Near 0, where x - log 2 + ... would cancel, from tanh: cosh = 1 / sqrt(1 - tanh^2).
        lossFunction("logCoshOfSmall", "x").let("y", "tanh(x)").value("0 - 0.5 * log1p(-y * y)");
        lossFunction("logCosh", "x").value("x < TANH_SMALL ? logCoshOfSmall(x) : x + (log1p(exp(-2 * x)) - LN2)");
        lossFunction("binaryCrossEntropy", "p, t").value("-(t * log(p) + (1 - t) * log(1 - p))");
        lossFunction("toUnit", "x").value("min(max(x, EPSILON), 1)");
        lossFunction("square", "x").value("x * x");
    }

    private static void losses() {
        loss("SQUARED", "square(p - t)", "2 * (p - t)", "{@code (p - t)^2}.");
        loss("ABSOLUTE", "abs(p - t)", "sign(p - t)", "{@code |p - t|}; the derivative at 0 is 0.");
        loss("PERCENTAGE", "100 * (abs(p - t) / max(abs(t), EPSILON))", "100 * (sign(p - t) / max(abs(t), EPSILON))",
                "{@code 100 |p - t| / max(|t|, epsilon)}; the derivative at {@code p = t} is 0.");
        loss("SQUARED_LOG", "square(logRatio(p, t))", "p < EPSILON ? 0 : 2 * logRatio(p, t) / (p + 1)",
                "{@code (log(1 + max(p, epsilon)) - log(1 + max(t, epsilon)))^2}.");
        loss("HUBER", "huber(alpha, abs(p - t))", "min(max(p - t, -alpha), alpha)",
                "{@code (p - t)^2 / 2} up to {@code |p - t| = alpha}, then {@code alpha (|p - t| - alpha / 2)}.");
        loss("QUANTILE", "max((1 - alpha) * (p - t), -alpha * (p - t))", "p > t ? 1 - alpha : p < t ? -alpha : p - t", """
                {@code alpha (t - p)} where {@code p} is below {@code t}, else {@code (1 - alpha) (p - t)}; the derivative at {@code p = t}
                is 0.""");
        loss("LOG_COSH", "logCosh(abs(p - t))", "tanh(p - t)", "{@code log(cosh(p - t))}, without overflow.");
        loss("POISSON", "p - t * log(p + EPSILON)", "1 - t / (p + EPSILON)", "{@code p - t log(p + epsilon)}.");
        loss("KL_DIVERGENCE", "toUnit(t) * log(toUnit(t) / toUnit(p))", "p < EPSILON || p > 1 ? 0 : -(toUnit(t) / p)",
                "{@code t log(t / p)}, both clipped to {@code [epsilon, 1]}; the derivative is 0 where the clip of {@code p} acts.");
        loss("HINGE", "max(1 - t * p, 0)", "1 - t * p <= 0 ? 0 : -t", "{@code max(1 - t p, 0)}.");
        loss("SQUARED_HINGE", "square(max(1 - t * p, 0))", "-2 * max(1 - t * p, 0) * t", "{@code max(1 - t p, 0)^2}.");
        loss("BINARY_CROSS_ENTROPY", "binaryCrossEntropy(clip(p, EPSILON), t)", "clips(p, EPSILON) ? 0 : (1 - t) / (1 - p) - t / p", """
                {@code -t log(p) - (1 - t) log(1 - p)}, {@code p} clipped to {@code [epsilon, 1 - epsilon]}; the derivative is 0 where the clip
                acts.""");
        loss("BINARY_CROSS_ENTROPY_OF_LOGIT", "fma(-t, p, max(p, 0)) + log1p(exp(-abs(p)))", "sigmoid(p) - t",
                "The same of {@code 1 / (1 + exp(-p))}: {@code max(p, 0) - t p + log(1 + exp(-|p|))}.");
    }

    /**
     * For derivatives of derivatives, which polynomials would not have precisely. Where a slope is 0 or 1 further out, numbers beyond
     * are left out: a product would be one of infinity and 0.
     */
    private static void slopesOfTensors() {
        slopeOfTensors("geluSlope").let("f", "clip(x, -200, 200)")
                .let("distribution", "(erf(f * 0.70710678118654752) + 1) * 0.5")
                .let("density", "exp(square(f) * -0.5) * BELL_HEIGHT")
                .value("distribution + f * density");
        slopeOfTensors("geluTanhSlope").let("f", "clip(x, -200, 200)").let("u", "square(f)")
                .let("s", "sigmoid(f * (u * GELU_TANH_B + GELU_TANH_A))")
                .value("s + f * (s - square(s)) * (u * GELU_TANH_3B + GELU_TANH_A)");
        slopeOfTensors("siluSlope").let("f", "clip(x, -200, 200)").let("s", "sigmoid(x)").value("s + f * (s - square(s))");
        slopeOfTensors("mishSlope").let("f", "clip(x, -200, 200)").let("t", "tanh(softplus(x))")
                .value("t + f * (1 - square(t)) * sigmoid(f)");
    }

    // ----------------------------------------------------------------------------------------------- how it is listed

    private static void number(String name, String value) {
        NUMBERS.put(name, value + "f");
    }

    private static void polynomial(String name, int first, String... coefficients) {
        List<String> names = new ArrayList<>();
        for (String coefficient : coefficients) {
            names.add(name + (first + names.size()));
            number(names.get(names.size() - 1), coefficient);
        }
        POLYNOMIALS.put(name, names);
    }

    private static Function function(String name, String parameters) {
        return listed(name, new Function("ScalarMath", name, parameters));
    }

    private static Function lossFunction(String name, String parameters) {
        return listed(name, new Function("LossMath", name, parameters));
    }

    /** Formulas as operations of tensors, which have functions of the same names. */
    private static Function slopeOfTensors(String name) {
        return listed("Tensor." + name, new Function("Slopes", name, "x"));
    }

    private static Function listed(String name, Function function) {
        FUNCTIONS.put(name, function);
        return function;
    }

    private static void unary(String name, String value, String slope, String doc) {
        unary(name, value, slope, slope, doc);
    }

    private static void unary(String name, String value, String slope, String recorded, String doc) {
        UNARY.add(new Op(name, doc, Expression.of(value), Expression.of(slope), recorded == null ? null : Expression.of(recorded), false));
    }

    private static void binary(String name, String value, String doc) {
        BINARY.add(new Op(name, doc, Expression.of(value), null, null, false));
    }

    private static void loss(String name, String value, String slope, String doc) {
        LOSSES.add(new Op(name, doc, Expression.of(value), Expression.of(slope), null, false));
    }

    private Formulas() {}
}
