package beras.regularizers;

import beras.config.Registry;

/** All regularizers by name: {@code l1}, {@code l2} and {@code l1_l2}, as in Keras. */
public final class Regularizers {

    /** Makes regularizers from names, texts such as {@code l2(0.001)} and configs; custom classes are registered here. */
    public static final Registry<Regularizer> REGISTRY = new Registry<>("a regularizer", Regularizer.class)
            .add("L1")
            .add("L2")
            .add("L1L2");

    private Regularizers() {}
}
