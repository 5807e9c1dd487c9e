package beras.training;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.SettingException;

/**
 * The views of an image that a net of {@code beras.models.Views} looks at: the image itself, moved, and all of these mirrored.
 * Immutable: each method gives a changed copy.
 *
 * @param flips whether mirror images are among them
 * @param shift by how many pixels two of them are moved; 0: none is
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

    /** Adds the mirror image of each view. */
    @CheckReturnValue
    public TestViews flip() {
        return new TestViews(true, shift);
    }

    /**
     * Adds two views that are moved by so many pixels, towards the upper left and the lower right; 0: there are no such.
     *
     * @throws IllegalArgumentException if it is less than 0
     */
    @CheckReturnValue
    public TestViews shift(int pixels) {
        return new TestViews(flips, pixels);
    }

    /**
     * What a text says: {@code flip}, {@code shift=1} or {@code flip,shift=1}; an empty one is of the image alone.
     *
     * @throws SettingException if it has another form
     */
    public static TestViews parse(String text) {
        TestViews views = NONE;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String word = part.strip();
            if (word.equals(FLIP) && !views.flips) {
                views = views.flip();
            } else if (word.matches(SHIFT + "[1-9]\\d{0,3}") && views.shift == 0) {
                views = views.shift(Integer.parseInt(word.substring(SHIFT.length())));
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
