package beras.cli.models;

import beras.cli.options.Usage;
import beras.files.WholeFile;
import beras.report.ChartStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.knowm.xchart.internal.chartpart.Chart;
import picocli.CommandLine.Model.CommandSpec;

/** Where the pictures of {@code --plots} go, each a PNG file. */
public final class PlotFolder {

    static {
        System.setProperty("java.awt.headless", "true"); // before the first picture: no window system is needed
    }

    private final Path folder;
    private final boolean force;

    private PlotFolder(Path folder, boolean force) {
        this.folder = folder;
        this.force = force;
    }

    /**
     * Checks before long work that pictures can be drawn and written, and makes their folder.
     *
     * @param names of all files that may be drawn; asked for when it is known that this Java has what draws them
     */
    static PlotFolder open(CommandSpec spec, Path folder, Supplier<List<String>> names, boolean force) throws IOException {
        Usage.requireDrawing("--plots");
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Usage.invalid(spec, "--plots", folder + " is there and no folder. Take another name");
        }
        Files.createDirectories(folder);
        for (String name : names.get()) {
            Usage.requirePlace(spec, "--plots", folder.resolve(name), force);
        }
        return new PlotFolder(folder, force);
    }

    void save(String name, Chart<?, ?> chart) throws IOException {
        byte[] png = ChartStyle.png(chart);
        WholeFile.write(folder.resolve(name), force, out -> out.write(png));
    }

    /** Its path. */
    @Override
    public String toString() {
        return folder.toString();
    }
}
