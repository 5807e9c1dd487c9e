package beras.saving;

import beras.files.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** BERAS's own format: the third version is written, all are read. */
final class BerasFormat implements PortableFormat {

    /** What errors call the JSON of a file. */
    static final String HEADER = "the header";

    @Override
    public String suffix() {
        return ".beras";
    }

    /** Whatever its name is: other programs know the third version as safetensors. */
    @Override
    public boolean isOne(Path file, Bytes bytes) throws IOException {
        return ThirdVersion.isOne(bytes) || SecondVersion.isOne(bytes);
    }

    @Override
    public Imported read(Path file, Hints hints) throws IOException {
        SavedModel saved = FileReading.ofModel(file, HEADER, BerasFormat::read);
        hints.requireNone("A model of BERAS");
        return new Imported(saved, report(saved, saved.leftOut()));
    }

    static SavedModel read(Bytes file) throws IOException {
        if (ThirdVersion.isOne(file)) {
            return ThirdVersion.read(file);
        }
        if (SecondVersion.isOne(file)) {
            return SecondVersion.read(file);
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
        ThirdVersion.write(saved, out);
        return report(saved, leavesOut(saved));
    }

    private static WeightReport report(SavedModel saved, List<String> lost) {
        return new WeightReport(WeightsAlone.same(ThirdVersion.weights(saved.model()).keySet()), lost);
    }

    @Override
    public List<String> leavesOut(SavedModel saved) {
        ThirdVersion.requireSavable(saved.model());
        if (saved.isUncompiled()) {
            return List.of();
        }
        List<String> left = new ArrayList<>(ModelFile.lostStep(saved.model()));
        CompileConfig.of(saved.model()).ifPresent(compiled -> left.addAll(compiled.lost()));
        return left;
    }
}
