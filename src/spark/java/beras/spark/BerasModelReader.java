package beras.spark;

import beras.saving.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/** Reads models of {@link BerasModelWriter}. */
final class BerasModelReader extends MLReader<BerasModel> {

    @Override
    public BerasModel load(String path) {
        try {
            HadoopFiles files = new HadoopFiles(sparkSession());
            String file = path + "/" + BerasModelWriter.FILE;
            boolean named = files.exists(path + "/metadata");
            if (!named || !files.exists(file)) {
                throw new IllegalArgumentException(path + ": expected a folder that BerasModel.save has written. Received: "
                        + (!files.exists(path) ? "nothing of this name" : "one without " + (named ? BerasModelWriter.FILE
                        : "metadata")) + ". A model file is read by BerasModel.fromFile");
            }
            DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, sparkSession(),
                    BerasModel.class.getName());
            BerasModel model = new BerasModel(metadata.uid(), ModelFile.fromBytes(files.read(file), file));
            metadata.getAndSetParams(model, metadata.getAndSetParams$default$2());
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
