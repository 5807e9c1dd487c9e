package beras.cli;

/** What {@code train} does when it is told nothing. */
final class TrainDefaults {

    static final String DATA = "data";
    static final String INITIALIZER = "glorot_uniform";
    static final String OPTIMIZER = "adam";
    static final float ADAM_RATE = 0.002f;
    static final float SGD_RATE = 0.1f;
    static final float OTHER_RATE = 0.001f;
    static final String SEED = "1";
    static final String MODEL = "model.beras";
    static final String LOSS = "cross-entropy";

    /** On images. */
    static final String LAYERS = "256:relu,10:softmax";
    static final int BATCH_SIZE = 128;
    static final int EPOCHS = 5;
    static final double VALIDATION_SPLIT = 0;

    /** On tables; the output layer follows from the target. */
    static final String TABLE_LAYERS = "64:relu,32:relu";
    static final double TABLE_VALIDATION_SPLIT = 0.2;
    static final String TABLE_AMOUNT_LOSS = "mse";
    /** Up to so many rows, batches are small, so that there are enough of them. */
    static final int TABLE_FEW_ROWS = 10_000;
    static final int TABLE_SMALL_BATCH = 32;
    static final int TABLE_LARGE_BATCH = 128;
    /** How many steps a table is trained for, in whole epochs, within the limits below. */
    static final int TABLE_STEPS = 3000;
    static final int TABLE_LEAST_EPOCHS = 5;
    static final int TABLE_MOST_EPOCHS = 100;
    /** Rows are shuffled among as many as fit into so many bytes. */
    static final long TABLE_SHUFFLE_BYTES = 64L << 20;

    private TrainDefaults() {}
}
