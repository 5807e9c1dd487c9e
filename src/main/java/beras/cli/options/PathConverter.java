package beras.cli.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts paths, and rejects those that Java did not receive as given, for it would write to others. */
public final class PathConverter implements ITypeConverter<Path> {

    /** Java's replacement for bytes that are invalid in the encoding of names. */
    private static final char REPLACEMENT = '\ufffd';

    @Override
    public Path convert(String name) {
        String encoding = System.getProperty("sun.jnu.encoding");
        try {
            if (name.indexOf(REPLACEMENT) < 0) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            if (name.chars().allMatch(c -> c < 128)) { // such as a name with a character NUL
                throw new TypeConversionException("expected the name of a file. Received: " + e.getMessage());
            }
        }
        throw new TypeConversionException("expected a name in the encoding of this system's names, " + encoding + ". Received: "
                + name + ". " + ("UTF-8".equals(encoding) ? "Rename the file" : "Set LC_ALL=C.UTF-8"));
    }
}
