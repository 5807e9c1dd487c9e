package beras.saving;

import beras.files.Bytes;
import java.io.IOException;
import java.io.OutputStream;

/** BERAS's own format: the third version is written, all are read. */
final class BerasFormat implements ModelFormat {

    @Override
    public String suffix() {
        return ".beras";
    }

    @Override
    public boolean isOne(Bytes file) throws IOException {
        return ThirdVersion.isOne(file) || SecondVersion.isOne(file);
    }

    @Override
    public SavedModel read(Bytes file) throws IOException {
        return ThirdVersion.isOne(file) ? ThirdVersion.read(file) : SecondVersion.read(file);
    }

    @Override
    public void write(SavedModel saved, OutputStream out) throws IOException {
        ThirdVersion.write(saved, out);
    }
}
