package beras.layers;

import beras.config.Settings;
import beras.tensor.Shape;
import java.util.Arrays;

/** Reshapes each example, with the same elements in row-major order. */
public final class Reshape extends Rearranging {

    private int[] targetShape = {};

    Reshape() {}

    /**
     * @param targetShape of one example, without the batch axis; one size may be -1 and follows from the rest
     * @throws IllegalArgumentException if a size is less than -1, or several are -1
     */
    public Reshape(int... targetShape) {
        this.targetShape = targetShape.clone();
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        targetShape = checked(s.integers("targetShape", targetShape)).clone();
    }

    private static int[] checked(int[] sizes) {
        int unknown = 0;
        boolean fit = true;
        for (int size : sizes) {
            unknown += size == -1 ? 1 : 0;
            fit = fit && size >= -1;
        }
        if (!fit || unknown > 1) {
            throw new IllegalArgumentException("targetShape of Reshape needs sizes of at least 0, of which one may be -1."
                    + " Received: " + Arrays.toString(sizes));
        }
        return sizes;
    }

    @Override
    public Shape outputShape(Shape input) {
        int[] sizes = targetShape.clone();
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1) {
                unknown = i;
            } else {
                known *= sizes[i];
            }
        }
        if (unknown < 0 ? known != input.size() : known == 0 || input.size() % known != 0) {
            throw new IllegalArgumentException("Reshape needs examples of as many elements as " + Arrays.toString(targetShape)
                    + " has. Received shape: " + input);
        }
        if (unknown >= 0) {
            sizes[unknown] = (int) (input.size() / known);
        }
        return Shape.of(sizes);
    }
}
