package beras.cli;

/** What {@code train} does when it is told nothing. */
final class TrainDefaults {

    static final String DATA = "data";
    static final String LAYERS = "256:relu,10:softmax";
    static final String INITIALIZER = "glorot_uniform";
    static final String LOSS = "cross-entropy";
    static final String OPTIMIZER = "adam";
    static final float ADAM_RATE = 0.002f;
    static final float RMSPROP_RATE = 0.001f;
    static final float SGD_RATE = 0.1f;
    static final String BATCH_SIZE = "128";
    static final String EPOCHS = "5";
    static final String SEED = "1";
    static final String VALIDATION_SPLIT = "0";
    static final String MODEL = "model.beras";

    private TrainDefaults() {}
}
