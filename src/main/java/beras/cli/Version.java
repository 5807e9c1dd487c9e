package beras.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of BERAS and of the Java that runs it. */
final class Version implements IVersionProvider {

    static String get() {
        return beras.saving.Version.get();
    }

    @Override
    public String[] getVersion() {
        return new String[] {"BERAS " + get(), "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"};
    }
}
