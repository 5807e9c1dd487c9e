package beras.saving.bytes;

import beras.config.InvalidDataException;

/** Checks of values read from a file. */
public final class Check {

    /**
     * Refuses a file if something in it is wrong.
     *
     * @param message the expected and the received value; it is built in any case, so it must not contain large data
     * @throws InvalidDataException with this message
     */
    public static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw new InvalidDataException(message);
        }
    }

    private Check() {}
}
