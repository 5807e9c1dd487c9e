package beras.saving;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** {@link KerasFormat}, for the commands. */
final class KerasPortable implements PortableFormat {

    private final KerasFormat format = new KerasFormat();

    @Override
    public String suffix() {
        return format.suffix();
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        format.write(saved, out);
        return new WeightReport(new KerasWriter(saved).taken(),
                format.leavesOut(saved).stream().map(left -> "The file has no place for " + left).toList());
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        if (hints.net().isPresent() || hints.activation().isPresent() || hints.output().isPresent()) {
            throw new IllegalArgumentException("A file of Keras tells its layers itself: do not tell them");
        }
        SavedModel saved = ModelFile.load(file);
        return new Imported(saved, new WeightReport(new KerasWriter(saved).taken(), List.of()));
    }
}
