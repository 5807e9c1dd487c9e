package beras.layers;

import beras.config.Config;
import beras.tensor.Shape;
import java.util.Arrays;

/** Gives each example another shape, with the same elements in row-major order. */
public final class Reshape extends Reshaping {

    private final int[] targetShape;

    /**
     * @param targetShape of one example, without the batch axis; one size may be -1 and follows from the rest
     * @throws IllegalArgumentException if a size is less than -1, or several are -1
     */
    public Reshape(int... targetShape) {
        long unknown = Arrays.stream(targetShape).filter(size -> size == -1).count();
        if (unknown > 1 || Arrays.stream(targetShape).anyMatch(size -> size < -1)) {
            throw new IllegalArgumentException("targetShape of Reshape needs sizes of at least 0, of which one may be -1."
                    + " Received: " + Arrays.toString(targetShape));
        }
        this.targetShape = targetShape.clone();
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed", "targetShape");
        return configured(new Reshape(config.integers("targetShape")), config);
    }

    @Override
    public Config config() {
        return settings().with("targetShape", Arrays.stream(targetShape).boxed().toList());
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
