package beras.bench;

import beras.files.WholeFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plots}: draws the measurements of other commands, an image beside each file. */
@Command(name = "plots",
        description = {"Draws gemm-*.png from each rivals-*.csv, and speedup-*.png from each kernels-*.csv."})
final class PlotsCommand implements Callable<Integer> {

    @Option(names = "--out", paramLabel = "FOLDER", defaultValue = "results",
            description = "Folder of the CSV files and of the pictures. Default: ./${DEFAULT-VALUE}.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("There is no folder " + folder + ". Run from the root of the repository, or give --out");
        }
        System.setProperty("java.awt.headless", "true");
        int drawn = draw("rivals", "gemm", Plots::gemm) + draw("kernels", "speedup", Plots::speedup);
        if (drawn == 0) {
            throw new IOException("In " + folder + " is no kernels-*.csv or rivals-*.csv. Run kernels or rivals first");
        }
        return 0;
    }

    private int draw(String kind, String picture, Function<List<Row>, BufferedImage> plot) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, kind + "-*.csv")) {
            found.forEach(files::add);
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            Path png = folder.resolve(picture + name.substring(kind.length(), name.length() - ".csv".length()) + ".png");
            BufferedImage image = image(file, plot);
            WholeFile.write(png, true, out -> ImageIO.write(image, "png", out));
            System.out.println("Written: " + png);
        }
        return files.size();
    }

    private static BufferedImage image(Path file, Function<List<Row>, BufferedImage> plot) throws IOException {
        try {
            return plot.apply(Row.read(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
