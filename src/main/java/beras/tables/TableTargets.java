package beras.tables;

import beras.data.ClassWeights;
import beras.data.table.TableSchema;
import beras.tensor.Shape;
import beras.training.Targets;
import java.util.List;

/** The target of a table. */
record TableTargets(TableSchema schema) implements Targets {

    @Override
    public Shape targetShape() {
        return Shape.of(schema.targetWidth());
    }

    @Override
    public List<String> labels() {
        return schema.target().labels();
    }

    @Override
    public double[] balancedClassWeights() {
        return ClassWeights.balanced(schema.target().counts().stream().mapToLong(Long::longValue).toArray());
    }
}
