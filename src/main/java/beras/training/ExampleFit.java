package beras.training;

import beras.feed.ExampleShapes;
import beras.feed.ExampleSpec;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checks examples against the inputs of a network and the targets of its losses; the messages contain the remedy.
 *
 * @param what the examples are for, such as {@code training}
 */
record ExampleFit(Trainable net, List<Objective> objectives, String what) {

    /**
     * The shapes that examples {@linkplain ExampleShapes#readsAs are read as}.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    ExampleSpec read(ExampleSpec given) {
        requireCount("inputs", net.inputShapes(), given.inputs());
        List<Shape> inputs = new ArrayList<>();
        for (int i = 0; i < given.inputs().size(); i++) {
            inputs.add(input(i, given.inputs().get(i)));
        }
        List<Shape> needed = new ArrayList<>();
        for (int i = 0; i < objectives.size(); i++) {
            needed.add(objectives.get(i).loss().targetShape(net.outputShapes().get(i)));
        }
        requireCount("targets", needed, given.targets());
        List<Shape> targets = new ArrayList<>();
        for (int i = 0; i < needed.size(); i++) {
            targets.add(target(i, given.targets().get(i), needed.get(i)));
        }
        return new ExampleSpec(inputs, targets, given.weighted());
    }

    private void requireCount(String parts, List<Shape> needed, List<Shape> given) {
        if (needed.size() != given.size()) {
            throw new IllegalArgumentException("This model takes " + parts + " " + batches(needed) + ". Received for " + what + ": "
                    + batches(given) + ". Give one for each: Examples.of(List.of(inputs ...), List.of(targets ...))");
        }
    }

    private static String batches(List<Shape> shapes) {
        return shapes.isEmpty() ? "none" : shapes.stream().map(ExampleShapes::batch).collect(Collectors.joining(" and "));
    }

    private Shape input(int i, Shape given) {
        Shape needed = net.inputShapes().get(i);
        if (!ExampleShapes.readsAs(given, needed)) {
            throw new IllegalArgumentException("This model takes inputs " + ExampleShapes.batch(needed)
                    + place(i, net.inputShapes().size()) + ". Received for " + what + ": " + ExampleShapes.batch(given)
                    + ExampleShapes.cure(given, needed));
        }
        return ExampleShapes.fits(given, needed) ? given : needed;
    }

    private Shape target(int i, Shape given, Shape needed) {
        Loss loss = objectives.get(i).loss();
        Shape output = net.outputShapes().get(i);
        if (loss.takes(output, given) || ExampleShapes.fits(given, needed)) {
            return given;
        }
        if (ExampleShapes.readsAs(given, needed)) {
            return needed;
        }
        throw new IllegalArgumentException(loss.typeName() + " takes targets " + ExampleShapes.batch(needed)
                + place(i, objectives.size()) + " for outputs " + ExampleShapes.batch(output) + ". Received for " + what + ": "
                + ExampleShapes.batch(given) + cure(loss, output, given));
    }

    private static String place(int i, int of) {
        return of == 1 ? "" : ", number " + (i + 1) + " of " + of;
    }

    private static String cure(Loss loss, Shape output, Shape given) {
        boolean oneHot = given.equals(output);
        if (!loss.takes(output, output)) { // it takes labels
            return ". A target is the number of a class, from 0 to " + (output.dim(-1) - 1) + (!oneHot ? ""
                    : ". For one-hot targets take categorical_crossentropy, or give their labels, y.argmax(1)");
        }
        if (given.size() == output.size()) {
            return ". Reshape them: y.reshape(-1, " + ExampleShapes.sizes(output) + ")";
        }
        if (new SparseCategoricalCrossEntropy().takes(output, given)) {
            String ofLabels = "labels of classes take sparse_categorical_crossentropy, or make them one-hot:"
                    + " new OneHotEncoder().forward(labels)";
            return loss instanceof CategoricalCrossEntropy ? ". For " + ofLabels
                    : ". One number for each example needs a last layer of one unit, such as new Dense(1). For " + ofLabels;
        }
        return given.rank() == 1 && output.rank() == 1
                ? ". " + given.size() + " numbers for each example need a last layer of as many units" : "";
    }
}
