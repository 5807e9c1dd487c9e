package beras.tables;

import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.config.SettingException;
import beras.tensor.Rng;
import beras.training.Recipe;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * The hyperparameters from which a {@link Tuning} chooses. Immutable: each method gives a changed copy.
 *
 * <p>Numbers are a text such as {@code 0,1e-3..0.3}: values and ranges with commas between them. Each of these is equally
 * likely; in a range, so is each power of ten, and a chosen number has three digits.
 */
@CheckReturnValue
public final class SearchSpace extends Options<SearchSpace> {

    /** The learning rates. */
    public static final String LEARNING_RATE = "3e-4..1e-2";
    /** The layers before the output, without dropout. */
    public static final String LAYERS =
            "32:relu|64:relu,32:relu|128:relu,64:relu|256:relu,128:relu|128:relu,64:relu,32:relu";
    /** The shares that are dropped after each dense layer. */
    public static final String DROPOUT = "0,0.1,0.2,0.4";
    /** The weight decays. */
    public static final String WEIGHT_DECAY = "0,1e-3..0.3";
    /** The sizes of a batch. */
    public static final String BATCH_SIZE = "32,64,128,256";

    private static final MathContext DIGITS = new MathContext(3);
    private static final String RANGE = "..";

    /** The choices for a number: ranges, of which some have one value only. */
    private record Numbers(List<double[]> ranges) {

        static Numbers of(String setting, String text) {
            return switch (setting) {
                case "learningRate" -> parse(setting, text, "above 0", rate -> (float) rate > 0 && Float.isFinite((float) rate));
                case "dropout" -> parse(setting, text, "from 0 to below 1", rate -> rate >= 0 && rate < 1);
                case "weightDecay" -> parse(setting, text, "at least 0", decay -> decay >= 0 && Double.isFinite(decay));
                default -> parse(setting, text, "a whole number from 1 to " + Integer.MAX_VALUE,
                        size -> size >= 1 && size <= Integer.MAX_VALUE && size == Math.rint(size));
            };
        }

        private static Numbers parse(String setting, String text, String wanted, DoublePredicate allowed) {
            List<double[]> ranges = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                int dots = part.indexOf(RANGE);
                double from = number(dots < 0 ? part : part.substring(0, dots));
                double to = dots < 0 ? from : number(part.substring(dots + RANGE.length()));
                boolean isRange = dots < 0 || 0 < from && from < to;
                if (!(allowed.test(from) && allowed.test(to) && isRange)) {
                    throw new SettingException(setting, "expected values, each " + wanted + ", or ranges of such that begin above"
                            + " 0, as 1..10, with commas between. Received: \"" + part + "\" in \"" + text + "\"");
                }
                ranges.add(new double[] {from, to});
            }
            return new Numbers(ranges);
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text.strip());
            } catch (NumberFormatException e) {
                return Double.NaN; // which nothing allows
            }
        }

        /**
         * @param which decides the range, from 0 to 1
         * @param where decides the place in it
         */
        double choose(double which, double where) {
            double[] range = ranges.get((int) (which * ranges.size()));
            if (range[0] == range[1]) {
                return range[0];
            }
            double from = StrictMath.log(range[0]);
            double chosen = StrictMath.exp(from + where * (StrictMath.log(range[1]) - from));
            return Math.min(range[1], Math.max(range[0], new BigDecimal(chosen).round(DIGITS).doubleValue()));
        }
    }

    private Numbers learningRate = Numbers.of("learningRate", LEARNING_RATE);
    private List<String> layers = nets(LAYERS);
    private Numbers dropout = Numbers.of("dropout", DROPOUT);
    private Numbers weightDecay = Numbers.of("weightDecay", WEIGHT_DECAY);
    private Numbers batchSize = Numbers.of("batchSize", BATCH_SIZE);

    /** The space of the constants. */
    public SearchSpace() {}

    /**
     * Sizes of a step; default {@link #LEARNING_RATE}.
     *
     * @throws SettingException if it is no list of numbers above 0
     */
    public SearchSpace learningRate(String numbers) {
        return with(copy -> copy.learningRate = Numbers.of("learningRate", numbers));
    }

    /**
     * Layers before the output, several networks with {@code |} between them; default {@link #LAYERS}.
     *
     * @throws SettingException if a network is malformed; the message has the place
     */
    public SearchSpace layers(String nets) {
        return with(copy -> copy.layers = nets(nets));
    }

    private static List<String> nets(String nets) {
        List<String> texts = new ArrayList<>();
        for (String net : nets.split("\\|", -1)) {
            Recipe unused = new Recipe().layers(net); // rejects malformed layers
            texts.add(net.strip());
        }
        return List.copyOf(texts);
    }

    /**
     * Shares that are dropped after each dense layer; default {@link #DROPOUT}.
     *
     * @throws SettingException if it is no list of numbers from 0 to below 1
     */
    public SearchSpace dropout(String numbers) {
        return with(copy -> copy.dropout = Numbers.of("dropout", numbers));
    }

    /**
     * Weight decays; default {@link #WEIGHT_DECAY}.
     *
     * @throws SettingException if it is no list of numbers of at least 0
     */
    public SearchSpace weightDecay(String numbers) {
        return with(copy -> copy.weightDecay = Numbers.of("weightDecay", numbers));
    }

    /**
     * Rows per step; default {@link #BATCH_SIZE}.
     *
     * @throws SettingException if it is no list of whole numbers of at least 1
     */
    public SearchSpace batchSize(String numbers) {
        return with(copy -> copy.batchSize = Numbers.of("batchSize", numbers));
    }

    /** The settings of a trial, which follow from its number and the seed alone. */
    public TrialSettings settings(long seed, int trial) {
        Rng rng = new Rng(seed, "tuning", trial);
        return new TrialSettings((float) learningRate.choose(rng.uniform(0), rng.uniform(1)),
                layers.get((int) (rng.uniform(2) * layers.size())), dropout.choose(rng.uniform(3), rng.uniform(4)),
                weightDecay.choose(rng.uniform(5), rng.uniform(6)),
                (int) Math.rint(batchSize.choose(rng.uniform(7), rng.uniform(8))));
    }
}
