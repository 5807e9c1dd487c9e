package beras.cli;

import beras.runs.RunFolder;
import beras.sources.ImageNet;
import beras.tables.TableDefaults;

/** What {@code train} does when it is told nothing, besides the defaults of the data. */
final class TrainDefaults {

    static final String DATA = "data";
    static final String INITIALIZER = "glorot_uniform";
    static final String SEED = "" + TableDefaults.SEED;
    static final String MODEL = RunFolder.MODEL;
    /** On images of ten classes. */
    static final String LAYERS = ImageNet.HIDDEN + ",10:softmax";

    private TrainDefaults() {}
}
