package beras.data.image;

import beras.data.image.TileSheet.Tile;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A picture of many small pictures, a section for each class. */
public final class ContactSheet {

    /** Images of a class that are drawn. */
    private static final int PER_CLASS = 42;
    private static final int SIDE = 64;
    private static final int CAPTION = 9;

    /**
     * Draws the first images of each class with the ends of their names, as a net sees them.
     *
     * @param images  with labels
     * @param names   of the images
     * @param classes the names of the labels
     * @return a PNG file
     * @throws IllegalArgumentException if there is no image
     */
    public static byte[] png(Images images, List<String> names, List<String> classes) {
        if (images.count() == 0) {
            throw new IllegalArgumentException("A contact sheet needs images. Received: none");
        }
        TileSheet sheet = new TileSheet();
        for (int label = 0; label < classes.size(); label++) {
            int of = label;
            int[] all = IntStream.range(0, images.count()).filter(i -> images.label(i) == of).toArray();
            List<Tile> tiles = new ArrayList<>();
            for (int i = 0; i < Math.min(PER_CLASS, all.length); i++) {
                tiles.add(new Tile(caption(names.get(all[i])), seen(images.slice(all[i], all[i] + 1))));
            }
            if (!tiles.isEmpty()) {
                sheet.add(classes.get(label) + ": " + (all.length > PER_CLASS ? "the first " + PER_CLASS + " of " : "")
                        + all.length + (all.length == 1 ? " picture" : " pictures"), 0, Float.NaN, SIDE, 1, tiles);
            }
        }
        return sheet.png();
    }

    /** The end of a name, where cameras count. */
    private static String caption(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return file.length() <= CAPTION ? file : "\u2026" + file.substring(file.length() - CAPTION + 1);
    }

    private static BufferedImage seen(Images image) {
        return TileSheet.seen(image.inputs().toArray(), image.height(), image.width(), image.channels());
    }

    private ContactSheet() {}
}
