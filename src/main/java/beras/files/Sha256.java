package beras.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256, which shows whether contents are the same. */
public final class Sha256 {

    /** A digest of nothing yet. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    /**
     * The hash of the bytes of some files, one after the other, in hexadecimal.
     *
     * @throws IOException if one cannot be read; it names the file
     */
    public static String of(List<Path> files) throws IOException {
        MessageDigest digest = begin();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                add(in, digest);
            } catch (IOException e) {
                throw FileFailure.withFile(file, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The hash of the rest of a stream, in hexadecimal.
     *
     * @throws IOException if it cannot be read
     */
    public static String of(InputStream in) throws IOException {
        MessageDigest digest = begin();
        add(in, digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(InputStream in, MessageDigest digest) throws IOException {
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    }

    private Sha256() {}
}
