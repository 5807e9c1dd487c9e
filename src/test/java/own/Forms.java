package own;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.feed.Preprocessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which forms of pictures there are, and what models make of pictures whose files name them. */
public final class Forms {

    /** Prints {@link #lines}. */
    public static void main(String[] names) {
        lines(names).forEach(System.out::println);
    }

    /** A line for the form of grey images, and one for each of these forms. */
    public static List<String> lines(String... names) {
        PictureForm grey = PictureForm.ofGrey();
        List<String> lines = new ArrayList<>(List.of(grey.name() + " " + grey.getClass().getModule().isNamed()));
        for (String name : names) {
            Config config = Config.of("ImagePreprocessor").with("height", 1).with("width", 2).with("channels", 3)
                    .with("labels", List.of("a", "b")).with("outputs", 2).with("pictures", name);
            ImagePreprocessor images = (ImagePreprocessor) Preprocessor.of(config);
            lines.add(images.form().name() + " " + Arrays.toString(images.encode(new Picture(1, 1, new byte[] {51}))));
            if (!images.config().equals(config)) {
                throw new AssertionError(images.config());
            }
        }
        return lines;
    }

    private Forms() {}
}
