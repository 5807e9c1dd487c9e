package beras.cli;

import beras.saving.Version;
import picocli.CommandLine.IVersionProvider;

/** The version of BERAS and of the Java that runs it. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"BERAS " + Version.get(), "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"};
    }
}
