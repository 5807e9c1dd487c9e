package beras.constraints;

import beras.config.Registry;

/** All constraints by name: {@code max_norm}, {@code unit_norm}, {@code min_max_norm} and {@code non_neg}, as in Keras. */
public final class Constraints {

    /** Makes constraints from names, texts such as {@code max_norm(3)} and configs; custom classes are registered here. */
    public static final Registry<Constraint> REGISTRY = new Registry<>("a constraint", Constraint.class)
            .addRow("Limit", "MaxNorm")
            .addRow("Limit", "UnitNorm")
            .addRow("Limit", "MinMaxNorm")
            .addRow("Limit", "NonNegative", "non_neg");

    private Constraints() {}
}
