package beras.tensor;

/** Where the results of {@linkplain Operation operations} are written. */
public interface Memory {

    /** New memory for each tensor, which stays as it is. */
    Memory FRESH = new Memory() {
        @Override
        public Tensor allocate(Shape shape) {
            return Tensor.zeros(shape);
        }
    };

    /** A row-major tensor of unspecified contents, all of which are to be written. */
    Tensor allocate(Shape shape);
}
