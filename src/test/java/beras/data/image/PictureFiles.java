package beras.data.image;

import beras.tensor.Rng;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures that tests write. */
public final class PictureFiles {

    /** Writes a picture in the format that its name ends with. */
    public static Path write(BufferedImage image, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String name = file.getFileName().toString();
        return Files.write(file, bytes(image, name.substring(name.lastIndexOf('.') + 1)));
    }

    /** The file of a picture. */
    static byte[] bytes(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new AssertionError("Java cannot write this as " + format);
        }
        return out.toByteArray();
    }

    /** A picture of one colour. */
    public static BufferedImage plain(int width, int height, int red, int green, int blue) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, new Color(red, green, blue).getRGB());
        }
        return image;
    }

    /** A picture in which each pixel has its own colour. */
    static BufferedImage colourful(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Rng rng = new Rng(1, "test", 0);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, (int) rng.bits(i) & 0xffffff);
        }
        return image;
    }

    /**
     * A folder with a folder for each class: red and blue pictures of any size, darker and brighter.
     *
     * @param count of each class
     */
    public static Path redAndBlue(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int light = 120 + 10 * (i % 12);
            write(plain(20 + i % 7, 20 + i % 5, light, 30, 30), folder.resolve("red/" + i + ".png"));
            write(plain(20 + i % 5, 20 + i % 9, 30, 30, light), folder.resolve("blue/" + i + (i % 2 == 0 ? ".png" : ".jpg")));
        }
        return folder;
    }

    /**
     * A folder with a folder for each class, {@code a}, {@code b} and so on: noise of 8 x 8 pixels, brighter in one column.
     *
     * @param count of each class
     */
    public static Path blots(Path folder, int classes, int count) throws IOException {
        Rng rng = new Rng(2, "blots", 0);
        for (int i = 0; i < classes * count; i++) {
            BufferedImage image = plain(8, 8, 0, 0, 0);
            for (int at = 0; at < 64; at++) {
                int level = (int) (160 * rng.uniform(64L * i + at)) + (at % 8 == i / count ? 60 : 0);
                image.setRGB(at % 8, at / 8, new Color(level, level, level).getRGB());
            }
            write(image, folder.resolve((char) ('a' + i / count) + "/" + i + ".png"));
        }
        return folder;
    }

    private PictureFiles() {}
}
