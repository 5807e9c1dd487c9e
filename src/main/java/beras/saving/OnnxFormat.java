package beras.saving;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** {@link OnnxFile}. */
final class OnnxFormat implements PortableFormat {

    @Override
    public String suffix() {
        return ".onnx";
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        OnnxWriter writer = new OnnxWriter(saved);
        writer.write(out);
        return writer.report();
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        hints.requireNone("A file of ONNX");
        return OnnxFile.read(file);
    }
}
