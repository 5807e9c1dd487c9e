package beras.bench.rivals;

import java.util.ResourceBundle;

/** The libraries' versions, as the pom has them. */
final class Versions {

    private static final ResourceBundle VERSIONS = ResourceBundle.getBundle("beras.bench.rivals.versions");

    static String of(String library) {
        return VERSIONS.getString(library);
    }

    private Versions() {}
}
