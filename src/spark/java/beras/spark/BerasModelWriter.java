package beras.spark;

import beras.saving.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;

/** Writes the model's file first and Spark's metadata last: a folder without metadata is refused. */
final class BerasModelWriter extends MLWriter {

    /** The model's file in the folder. */
    static final String FILE = "model.beras";

    private final BerasModel model;

    BerasModelWriter(BerasModel model) {
        this.model = model;
    }

    @Override
    public void saveImpl(String path) {
        try {
            new HadoopFiles(sparkSession()).replace(path + "/" + FILE, ModelFile.toBytes(model.saved()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DefaultParamsWriter.saveMetadata(model, path, sparkSession());
    }
}
