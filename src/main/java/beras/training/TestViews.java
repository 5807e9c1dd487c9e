package beras.training;

import beras.config.Arguments;
import beras.config.SettingException;

/**
 * The variants of an image for test-time augmentation by {@code beras.models.Views}: the image itself, shifted, and all of
 * these mirrored.
 *
 * @param flips whether mirror images are included
 * @param shift by how many pixels two of them are shifted; 0: none
 */
public record TestViews(boolean flips, int shift) {

    /** The image alone. */
    public static final TestViews NONE = new TestViews(false, 0);

    private static final String FLIP = "flip";
    private static final String SHIFT = "shift=";

    /** @throws IllegalArgumentException if the shift is less than 0 */
    public TestViews {
        Arguments.atLeast(0, "The shift of a view", shift);
    }

    /**
     * Parses {@code flip}, {@code shift=1} or {@code flip,shift=1}; an empty text is the image alone.
     *
     * @throws SettingException if it has another form
     */
    public static TestViews parse(String text) {
        TestViews views = NONE;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String word = part.strip();
            if (word.equals(FLIP) && !views.flips) {
                views = new TestViews(true, views.shift);
            } else if (word.matches(SHIFT + "[1-9]\\d{0,3}") && views.shift == 0) {
                views = new TestViews(views.flips, Integer.parseInt(word.substring(SHIFT.length())));
            } else {
                throw new SettingException("views", "it must be flip, a shift in pixels, or both, such as flip,shift=1. Received: "
                        + text);
            }
        }
        return views;
    }

    /** How many there are. */
    public int count() {
        return (flips ? 2 : 1) * (shift > 0 ? 3 : 1);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (flips ? FLIP : "") + (flips && shift > 0 ? "," : "") + (shift > 0 ? SHIFT + shift : "");
    }
}
