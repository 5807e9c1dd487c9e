package beras.optimizers;

import beras.config.Registry;

/**
 * All optimizers by name, with Keras's learning rates as defaults. Optimizers without a class are made by name:
 * {@code Optimizers.REGISTRY.of("lion", 1e-4)}, or where an optimizer is given as text, {@code "lion(1e-4)"}.
 *
 * <p>{@code Adam} and {@code RMSProp} are the assignment's; with the setting {@code form=keras} they are Keras's.
 */
public final class Optimizers {

    /** Makes optimizers from names, texts such as {@code sgd(0.1, momentum=0.9)} and configs; custom classes are registered here. */
    public static final Registry<Optimizer> REGISTRY = new Registry<>("an optimizer", Optimizer.class)
            .add("SGD")
            .add("RMSProp")
            .add("Adam")
            .add("AdamW")
            .addRow("Variant", "Nadam")
            .addRow("Variant", "Adamax")
            .addRow("Variant", "Adagrad")
            .addRow("Variant", "Adadelta")
            .addRow("Variant", "Lion")
            .addRow("Variant", "Ftrl");

    private Optimizers() {}
}
