package beras.tensor;

/** Allocates the results of {@linkplain Operation operations}. */
public interface Memory {

    /** New memory for each tensor, never reused. */
    Memory FRESH = new Memory() {
        @Override
        public Tensor allocate(Shape shape) {
            return Tensor.zeros(shape);
        }
    };

    /** A row-major tensor of unspecified contents; the caller overwrites all of them. */
    Tensor allocate(Shape shape);
}
