package beras.saving.bytes;

import beras.config.InvalidDataException;

/** Checks of what a file says. */
public final class Check {

    /**
     * Refuses a file if something in it is wrong.
     *
     * @param message what was expected, and what was received; it is made in any case, so not of what may be large
     * @throws InvalidDataException with this message
     */
    public static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw new InvalidDataException(message);
        }
    }

    private Check() {}
}
