package beras.cli;

import beras.runs.RunFolder;
import beras.tables.TableDefaults;

/** What {@code train} does when it is told nothing; on tables also {@link beras.tables.TableDefaults}. */
final class TrainDefaults {

    static final String DATA = "data";
    static final String INITIALIZER = "glorot_uniform";
    static final String OPTIMIZER = "adam";
    static final float ADAM_RATE = 0.002f;
    static final float SGD_RATE = 0.1f;
    static final float OTHER_RATE = 0.001f;
    static final String SEED = "" + TableDefaults.SEED;
    static final String MODEL = RunFolder.MODEL;
    static final String LOSS = TableDefaults.LABEL_LOSS;

    /** On images. */
    static final String HIDDEN = "256:relu";
    static final String LAYERS = HIDDEN + ",10:softmax";
    static final int BATCH_SIZE = 128;
    static final int EPOCHS = 5;
    static final double VALIDATION_SPLIT = 0;

    /** On folders of pictures. */
    static final double TEST_SPLIT = 0.2;
    static final int SIDE = 32;
    static final int LONGEST_SIDE = 64;

    private TrainDefaults() {}
}
