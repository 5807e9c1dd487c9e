package beras.cli.training;

import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.files.FileFailure;
import beras.report.RunReports;
import beras.runs.RunFolder;
import beras.serve.LiveReport;
import beras.serve.ReportServer;
import beras.serve.ServerOptions;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The report of a training in the browser while it runs, for {@code --serve}. The training only counts epochs and batches for
 * it; the report is made by the server, when somebody asks for it, from what the folder of the run has.
 */
final class TrainPage implements Callback, LiveReport {

    /** Any port that is free. */
    static final String ANY_PORT = "0";

    private final RunFolder folder;
    private Training training;
    private volatile String status = "The training begins.";
    private volatile int epochs; // that are made
    private volatile int epoch; // that is made
    private volatile int batches; // of it; -1: not known
    private volatile int batch;
    private volatile boolean isConcluded;

    TrainPage(RunFolder folder) {
        this.folder = folder;
    }

    /** Where it is to listen: a port, or a name or address of this machine and a port with a colon between them. */
    static ServerOptions options(CommandSpec spec, String place) {
        int colon = place.lastIndexOf(':');
        return Usage.check(spec, "--" + TrainOptions.SERVE, () -> {
            try {
                ServerOptions options = new ServerOptions().port(Integer.parseInt(place.substring(colon + 1)));
                return colon < 0 ? options : options.host(place.substring(0, colon));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("it is a port, such as 8080, or a host and a port, such as 0.0.0.0:8080."
                        + " Received: \""
                        + place + "\"", e);
            }
        });
    }

    /** Starts to serve it, and prints where; null, with a warning, if that cannot be: training continues without it. */
    ReportServer start(ServerOptions options, Console console) {
        try {
            ReportServer server = ReportServer.start(this, options.onFailure(failure -> console.err().println(
                    "Warning: the training cannot be shown, which changes nothing else: " + FileFailure.message(failure))));
            console.err().println("The training can be watched at " + server.address());
            return server;
        } catch (IOException | LinkageError e) {
            console.err().println("Warning: training cannot be watched: " + FileFailure.message(e));
            return null;
        }
    }

    // ------------------------------------------------------------------------------------- in the thread that trains

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public boolean wantsBatches() {
        return false; // their numbers would have to be computed
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
    }

    @Override
    public void onEpochBegin(int begun, int count) {
        epoch = begun + 1;
        batches = count;
        batch = 0;
        status = "";
    }

    @Override
    public void onBatchBegin(int begun) {
        batch = begun + 1;
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        epochs = ended + 1;
    }

    /** It has ended, and cannot be concluded. */
    void fail(String outcome) {
        status = outcome;
    }

    /** It has ended, and its folder has the report of that, if it has any. */
    void conclude(String outcome) {
        status = outcome + (Files.exists(folder.report()) ? " The report is in " + folder.report() : "");
        isConcluded = true;
    }

    // ------------------------------------------------------------------------------------ in the threads of the server

    @Override
    public int size() {
        return epochs;
    }

    @Override
    public String status() {
        String known = status;
        return !known.isEmpty() ? known : "Epoch " + epoch + " of " + training.epochs() + (batches < 0 ? ", batch " + batch
                : ", batch " + batch + " of " + batches);
    }

    @Override
    public byte[] page() throws IOException {
        if (!isConcluded) {
            return RunReports.running(folder, RunCommands.INSTANCE);
        }
        return Files.exists(folder.report()) ? Files.readAllBytes(folder.report())
                : RunReports.ended(folder, RunCommands.INSTANCE);
    }
}
