package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Settings;
import beras.kernels.Update;
import beras.tensor.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the learning rate is multiplied by, by texts in the names of variables. */
final class RateFactors {

    private static final String SETTING = "rateFactors";
    /** The config of the factors: {@code by_name(beta=64)}. */
    private static final String BY_NAME = ConfigText.BY_NAME;
    private static final Update[] NONE = {};

    private final Map<String, Double> factors = new LinkedHashMap<>(); // by texts

    void settings(Settings s) {
        Config given = s.byName().config(SETTING, config());
        if (given != null && (!given.type().equals(BY_NAME) || !given.arguments().isEmpty())) {
            throw new IllegalArgumentException(SETTING + " must be a factor for each name of a weight, such as " + BY_NAME
                    + "(beta=64). Received: " + given);
        }
        factors.clear();
        if (given != null) {
            for (String name : given.values().keySet()) {
                put(name, given.number(name));
            }
        }
    }

    /** Null: none. */
    private Config config() {
        return factors.isEmpty() ? null : Config.of(BY_NAME, factors);
    }

    /** See {@link Optimizer#rateFactor}. */
    void put(String name, double factor) {
        Arguments.positive("The rate factor of " + name, factor);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A name with a rate factor must not be empty. Received: \"\" with " + factor);
        }
        factors.put(name, factor);
    }

    /** See {@link Optimizer#requireRateFactors}. */
    void requireKnown(List<Variable> variables) {
        for (String name : factors.keySet()) {
            if (variables.stream().noneMatch(variable -> variable.name().contains(name))) {
                throw new IllegalArgumentException("A rate factor must be for a text in the name of a weight, one of "
                        + variables.stream().map(Variable::name).distinct().toList() + ". Received: " + name);
            }
        }
    }

    /** The place of the factor of a variable; -1: none. */
    int of(Variable variable) {
        int place = 0;
        for (String name : factors.keySet()) {
            if (variable.name().contains(name)) {
                return place;
            }
            place++;
        }
        return -1;
    }

    /** The update of a step for each factor. */
    Update[] updates(Optimizer optimizer, int t, float rate) {
        if (factors.isEmpty()) {
            return NONE;
        }
        Update[] updates = new Update[factors.size()];
        int place = 0;
        for (double factor : factors.values()) {
            updates[place++] = KernelRule.of(optimizer.update(t, (float) (rate * factor)));
        }
        return updates;
    }
}
