package beras.cli.data;

import beras.cli.options.TableTypes;
import beras.cli.terminal.Console;
import beras.cli.terminal.ReadProgress;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.config.SettingException;
import beras.data.DataException;
import beras.data.image.Picture;
import beras.data.image.PictureFolder;
import beras.data.image.PictureFolder.Facts;
import beras.data.image.PictureFolder.Part;
import beras.data.image.PictureForm;
import beras.runs.Json;
import beras.sources.ImageOptions;
import beras.sources.ImageOptions.Size;
import beras.sources.PictureSource;
import beras.sources.PictureTwins;
import beras.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is in a folder of pictures, and what of it may spoil a training. */
final class FolderProfile {

    private static final String CLASS = "class";
    private static final String PICTURES = "pictures";
    private static final int MOST_NAME = 40;
    /** A picture is long if one side has so many times the pixels of the other. */
    private static final int LONG = 2;

    private final PictureFolder folder;
    private final PictureFolder.Read survey;
    private final Size size; // that a training makes them into
    private final Optional<PictureSource> source; // as a training splits it; empty: there is too little to train on
    private final Optional<PictureTwins> twins;
    private final List<String> refusals = new ArrayList<>(); // why a training by default cannot begin
    private final List<Part> parts = new ArrayList<>(); // those that have folders; none: there is one number for each class

    /** Reads all pictures. */
    FolderProfile(Path data, Console console) throws IOException {
        folder = PictureFolder.open(data).skipBroken();
        size = PictureSource.usualSize(folder.sizes());
        ReadProgress progress = new ReadProgress(console);
        progress.onBegin(folder.count());
        try {
            survey = folder.read(folder.all(), PictureForm.SCALED, size.rows(), size.columns(), Picture.RGB, progress::onRead);
        } finally {
            progress.onEnd();
        }
        source = source(data);
        twins = source.map(each -> new PictureTwins(folder, survey.twins(), each.split()));
        for (Part part : Part.values()) {
            if (folder.hasPart(part)) {
                parts.add(part);
            }
        }
    }

    private Optional<PictureSource> source(Path data) {
        try {
            return Optional.of(PictureSource.of(data, new ImageOptions().skipBroken()));
        } catch (DataException | SettingException e) {
            refusals.add("Without other options train refuses this folder: " + e.getMessage());
            return Optional.empty();
        }
    }

    // -------------------------------------------------------------------------------------------------------- numbers

    /** The numbers of a class, by what they are of. */
    private Map<String, Long> counts(int label) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Part part : parts) {
            counts.put(TableTypes.word(part), count(label, folder.part(part)));
        }
        if (parts.isEmpty()) {
            counts.put(PICTURES, count(label, folder.all()));
        }
        return counts;
    }

    /** Without broken ones. */
    private long count(int label, int[] which) {
        return Arrays.stream(which).filter(i -> folder.label(i) == label && !survey.problems().containsKey(i)).count();
    }

    /** The least and the most rows or columns. */
    private List<Integer> range(int axis) {
        IntSummaryStatistics sides = survey.facts().stream().mapToInt(facts -> facts.size().dim(axis)).summaryStatistics();
        return sides.getCount() == 0 ? List.of(0, 0) : List.of(sides.getMin(), sides.getMax());
    }

    private long longer(int axis) {
        return survey.facts().stream().map(Facts::size).filter(each -> each.dim(axis) >= (long) LONG * each.dim(1 - axis))
                .count();
    }

    /** Of the images that a training makes, the share that the median picture fills; the rest is black. */
    private double filled() {
        double[] shares = survey.facts().stream().map(Facts::size).mapToDouble(this::filled).sorted().toArray();
        return shares.length == 0 ? 0 : shares[shares.length / 2];
    }

    private double filled(Shape picture) {
        double wide = (double) picture.dim(1) * size.rows() / ((double) picture.dim(0) * size.columns());
        return Math.min(wide, 1 / wide);
    }

    /** All of it. */
    Result result() {
        int count = survey.facts().size();
        List<Integer> rows = range(0);
        List<Integer> columns = range(1);
        long colored = survey.facts().stream().filter(Facts::isColored).count();
        long transparent = survey.facts().stream().filter(Facts::isTransparent).count();
        Result result = new Result();
        result.section(Text.count(count, "picture") + " of " + folder.classes().size() + " classes, of " + rows.get(0) + " to " + rows.get(1)
                + " rows and " + columns.get(0) + " to " + columns.get(1) + " columns", "l", "  r10").row(CLASS, counts(0).keySet());
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int label = 0; label < folder.classes().size(); label++) {
            Map<String, Long> counts = counts(label);
            classes.add(Json.object("name", folder.classes().get(label)));
            classes.get(label).putAll(counts);
            result.row(Text.cut(folder.classes().get(label), MOST_NAME), counts.values().stream().map(Object::toString).toList());
        }
        Map<String, Object> broken = new LinkedHashMap<>();
        survey.problems().forEach((i, problem) -> broken.put(folder.name(i), problem));
        result.put("data", folder.toString(), PICTURES, count, "classes", classes, "rows", rows, "columns", columns,
                "size", List.of(size.rows(), size.columns()), "filled", filled(), "colored", colored, "transparent", transparent,
                "wide", longer(1), "high", longer(0), "groups", folder.groups(), "broken", broken);
        twins.ifPresent(each -> result.put("twins", Json.object("in_classes", each.inClasses(), "in_parts", each.inParts(),
                "others", each.others())));
        result.section().row("Each becomes " + size.rows() + " x " + size.columns() + (colored > 0 ? " x 3" : ", grey")
                + " (train --size); the median picture fills " + Math.round(100 * filled()) + " % of that, the rest is black")
                .row(colored + " in colours, " + (count - colored) + " grey; " + transparent + " with transparency; " + longer(1)
                        + " at least twice as wide as high, " + longer(0) + " at least twice as high as wide");
        if (folder.groups() > 0) {
            result.row(Text.count(folder.groups(), "folder") + " within classes, whose pictures stay together when they are split");
        }
        survey.summary().ifPresent(result::row);
        return result.lines(twins.map(PictureTwins::all).orElse(List.of())).lines(refusals)
                .lines(source.map(each -> each.advice(i -> !survey.problems().containsKey(i))).orElse(List.of()));
    }
}
