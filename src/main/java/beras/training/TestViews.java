package beras.training;

import beras.config.SettingException;
import java.util.ArrayList;
import java.util.List;

/**
 * The views of an image that a net of {@code beras.models.Views} looks at: the image itself, moved, and all of these mirrored.
 *
 * @param flips whether mirrored ones are among them
 * @param shift by how many pixels two more are moved, towards the upper left and the lower right; 0: there are no such
 */
public record TestViews(boolean flips, int shift) {

    /** The image alone. */
    public static final TestViews NONE = new TestViews(false, 0);

    private static final String FLIP = "flip";
    private static final String SHIFT = "shift=";

    /** @throws IllegalArgumentException if the shift is negative */
    public TestViews {
        if (shift < 0) {
            throw new IllegalArgumentException("The shift of a view must be at least 0 pixels. Received: " + shift);
        }
    }

    /**
     * What a text says: {@code flip}, {@code shift=1} or {@code flip,shift=1}; an empty one is of the image alone.
     *
     * @throws SettingException if it has another form
     */
    public static TestViews parse(String text) {
        boolean flips = false;
        int shift = 0;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String word = part.strip();
            if (word.equals(FLIP) && !flips) {
                flips = true;
            } else if (word.matches(SHIFT + "[1-9]\\d{0,3}") && shift == 0) {
                shift = Integer.parseInt(word.substring(SHIFT.length()));
            } else {
                throw new SettingException("views", "it must be flip, a shift in pixels, or both, such as flip,shift=1. Received: "
                        + text);
            }
        }
        return new TestViews(flips, shift);
    }

    /** How many there are. */
    public int count() {
        return (flips ? 2 : 1) * (shift > 0 ? 3 : 1);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (flips) {
            parts.add(FLIP);
        }
        if (shift > 0) {
            parts.add(SHIFT + shift);
        }
        return String.join(",", parts);
    }
}
