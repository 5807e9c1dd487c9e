package beras.cli.models;

import beras.cli.options.Usage;
import beras.files.WholeFile;
import beras.report.Svg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Where the plots of {@code --plots} go, each an SVG file. */
record PlotFolder(Path folder, boolean force) {

    /**
     * Checks before long work that plots can be written, and creates their folder.
     *
     * @param names of all files that may be written
     */
    static PlotFolder open(CommandSpec spec, Path folder, List<String> names, boolean force) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Usage.invalid(spec, "--plots", folder + " is there and no folder. Take another name");
        }
        Files.createDirectories(folder);
        for (String name : names) {
            Usage.requirePlace(spec, "--plots", folder.resolve(name), force);
        }
        return new PlotFolder(folder, force);
    }

    void save(String name, Svg plot) throws IOException {
        byte[] file = plot.file();
        WholeFile.write(folder.resolve(name), force, out -> out.write(file));
    }

    /** Saves charts by their names. */
    void save(Map<String, Svg> charts) throws IOException {
        for (Map.Entry<String, Svg> chart : charts.entrySet()) {
            save(chart.getKey() + ".svg", chart.getValue());
        }
    }
}
