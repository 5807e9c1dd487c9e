package beras.optimizers;

import beras.config.Settings;

/** Whose formula an optimizer follows. */
enum Form {
    ASSIGNMENT,
    KERAS;

    /** The setting {@code form}; that of the assignment, the default, is left out of a config. */
    static Form setting(Settings s, Form present) {
        String name = s.byName().text("form", present == ASSIGNMENT ? null : "keras");
        if (name == null || name.equals("assignment")) {
            return name == null ? present : ASSIGNMENT;
        }
        if (!name.equals("keras")) {
            throw new IllegalArgumentException("form must be assignment or keras. Received: " + name);
        }
        return KERAS;
    }
}
