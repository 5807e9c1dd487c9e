package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Settings;
import beras.kernels.Update;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the learning rate is multiplied by, by texts in the names of variables. */
final class RateFactors {

    private static final String SETTING = "rateFactors";
    /** The config of the factors: {@code by_name(beta=64)}. */
    private static final String BY_NAME = ConfigText.BY_NAME;
    private static final Update[] NONE = {};

    private final List<String> names = new ArrayList<>();
    private final List<Double> factors = new ArrayList<>();
    private boolean checked;

    void settings(Settings s) {
        Config given = s.byName().config(SETTING, config());
        if (given != null && (!given.type().equals(BY_NAME) || !given.arguments().isEmpty())) {
            throw new IllegalArgumentException(SETTING + " must be a factor for each name of a weight, such as " + BY_NAME
                    + "(beta=64). Received: " + given);
        }
        names.clear();
        factors.clear();
        if (given != null) {
            for (String name : given.values().keySet()) {
                put(name, given.number(name));
            }
        }
    }

    /** Null: none. */
    private Config config() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), factors.get(i));
        }
        return values.isEmpty() ? null : Config.of(BY_NAME, values);
    }

    /** See {@link Optimizer#rateFactor}. */
    void put(String name, double factor) {
        Arguments.positive("The rate factor of " + name, factor);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A name with a rate factor must not be empty. Received: \"\" with " + factor);
        }
        int known = names.indexOf(name);
        if (known >= 0) {
            factors.set(known, factor);
        } else {
            names.add(name);
            factors.add(factor);
        }
    }

    /**
     * Checks the names once, see {@link Optimizer#requireRateFactors}.
     */
    void requireKnown(List<Variable> variables) {
        if (checked || names.isEmpty()) {
            return;
        }
        for (String name : names) {
            boolean known = false;
            Set<String> all = new LinkedHashSet<>();
            for (Variable variable : variables) {
                known |= variable.name().contains(name);
                all.add(variable.name());
            }
            if (!known) {
                throw new IllegalArgumentException("A rate factor must be for a text in the name of a weight, one of " + all
                        + ". Received: " + name);
            }
        }
        checked = true;
    }

    /** The place of the factor of a variable; -1: none. */
    int of(Variable variable) {
        for (int i = 0; i < names.size(); i++) {
            if (variable.name().contains(names.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** The update of a step for each factor. */
    Update[] updates(Optimizer optimizer, int t, float rate) {
        if (names.isEmpty()) {
            return NONE;
        }
        Update[] updates = new Update[names.size()];
        for (int i = 0; i < updates.length; i++) {
            updates[i] = KernelRule.of(optimizer.update(t, (float) (rate * factors.get(i))));
        }
        return updates;
    }
}
