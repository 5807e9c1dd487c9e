package beras.cli.options;

import beras.runs.RunFolder;
import beras.sources.ImageNet;
import beras.tables.TableDefaults;

/** The defaults of {@code train} besides those of the data. */
public final class TrainDefaults {

    public static final String DATA = "data";
    public static final String INITIALIZER = "glorot_uniform";
    public static final String SEED = "" + TableDefaults.SEED;
    public static final String MODEL = RunFolder.MODEL;
    /** On images of ten classes. */
    public static final String LAYERS = ImageNet.HIDDEN + ",10:softmax";

    private TrainDefaults() {}
}
