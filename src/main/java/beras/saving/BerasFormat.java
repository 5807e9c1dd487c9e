package beras.saving;

import beras.files.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** BERAS's own format, a {@link BerasFile}. */
final class BerasFormat implements PortableFormat {

    /** What errors call the JSON of a file. */
    static final String HEADER = "the header";

    @Override
    public String suffix() {
        return ".beras";
    }

    /** Whatever its name is: other programs know it as safetensors. */
    @Override
    public boolean isOne(Path file, Bytes bytes) throws IOException {
        return BerasFile.isOne(bytes);
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        SavedModel saved = FileReading.ofModel(file, HEADER, BerasFormat::read);
        hints.requireNone("A model of BERAS");
        return new Imported(saved, report(saved, saved.leftOut()));
    }

    static SavedModel read(Bytes file) throws IOException {
        if (BerasFile.isOne(file)) {
            return BerasFile.read(file);
        }
        int shown = (int) Math.min(16, file.size());
        throw new IllegalArgumentException("this is not a BERAS model"
                + (file.size() > Safetensors.LENGTH_BYTES ? "" : ", or nearly all of one was truncated")
                + ": a model is a safetensors file whose metadata begin with beras.sha256, or its name ends with one of "
                + PortableFormat.suffixes() + ". Received: " + (shown == 0 ? "an empty file"
                : "a file that begins with the bytes " + HexFormat.of().formatHex(file.read(0, shown).array())));
    }

    @Override
    public WeightReport write(SavedModel saved, OutputStream out) throws IOException {
        BerasFile.write(saved, out);
        return report(saved, leavesOut(saved));
    }

    private static WeightReport report(SavedModel saved, List<String> lost) {
        return new WeightReport(WeightsAlone.same(BerasFile.weights(saved.model()).keySet()), lost);
    }

    @Override
    public List<String> leavesOut(SavedModel saved) {
        BerasFile.requireSavable(saved.model());
        if (saved.isUncompiled()) {
            return List.of();
        }
        List<String> left = new ArrayList<>(ModelFile.lostStep(saved.model()));
        CompileConfig.of(saved.model()).ifPresent(compiled -> left.addAll(compiled.lost()));
        return left;
    }
}
