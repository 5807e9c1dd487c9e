package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.OptionRules;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Interruption;
import beras.data.DataException;
import beras.runs.RunFolder;
import beras.runs.RunSummary;
import beras.saving.SavedModel;
import beras.serve.ModelServer;
import beras.serve.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code serve}: a page to try a model, and HTTP for programs. */
@Command(name = "serve", header = "Serves a page and an address for predictions.", sortOptions = false,
        description = {"Serves a model of images or of a table on this machine: a page to draw a digit, drop a picture or a"
            + " photograph of a page of digits, or fill in a row, and POST /predict for programs. Prints the address of the"
            + " page; /api there describes the requests. Runs until it is stopped, by Ctrl-C for instance: requests"
            + " that are being"
            + " served get their answers.",
            "There is no TLS and no password. For others than this machine put it behind a proxy that has them."},
        footer = {"", "Examples:",
            "  beras serve model.beras",
            "  curl --data-binary @photo.png -H 'Content-Type: image/png' http://127.0.0.1:8080/predict"})
public final class ServeCommand extends BaseCommand {

    private static final int MEBIBYTE = 1 << 20;

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @OptionRules.Sets(ServerOptions.class)
    @Option(names = "--port", paramLabel = "N", description = "Where it listens; 0 is any port that is free. Default: "
            + ServerOptions.PORT + ".")
    int port = ServerOptions.PORT;

    @OptionRules.Sets(ServerOptions.class)
    @Option(names = "--host", paramLabel = "NAME", description = "The name or address of this machine at which it listens; 0.0.0.0 is"
            + " all of them. Default: " + ServerOptions.HOST + ", which other machines do not reach.")
    String host = ServerOptions.HOST;

    @Option(names = "--allow-host", paramLabel = "NAME,...", split = ",", hideParamSyntax = true, description = "More names by which"
            + " clients may call it, in Host. Besides localhost, --host and addresses any other is refused, for it may be a page of the"
            + " web that lets its name point here.")
    private List<String> allowed = List.of();

    @Option(names = "--max-body", paramLabel = "MB", description = "The largest body of a request. Default: 8.")
    private int maxBody = ServerOptions.MAX_BODY / MEBIBYTE;

    @OptionRules.Sets(ServerOptions.class)
    @Option(names = "--max-rows", paramLabel = "N", description = "The most rows or images of a request. Default: "
            + ServerOptions.MAX_ROWS + ".")
    int maxRows = ServerOptions.MAX_ROWS;

    @OptionRules.Sets(ServerOptions.class)
    @Option(names = "--max-connections", paramLabel = "N", description = "The most connections at once. For one more the one is closed"
            + " that has kept the server waiting for longest. Default: " + ServerOptions.MAX_CONNECTIONS + ".")
    int maxConnections = ServerOptions.MAX_CONNECTIONS;

    @Option(names = "--max-wait", paramLabel = "SECONDS", description = "How long a client may take to send a request, to read the"
            + " answer, and to come with the next one, and how long a request is worked on. Default: 30.")
    private int maxWait = (int) ServerOptions.MAX_WAIT.toSeconds();

    @Mixin
    final RejectOption reject = new RejectOption();

    @Mixin
    final IntervalOption interval = new IntervalOption();

    @Override
    public Integer call() throws Exception {
        ServerOptions options = options();
        console.start(null);
        SavedModel saved = Predictions.requireNoText(Predictions.load(modelFile.path), modelFile.path);
        CountDownLatch ended = new CountDownLatch(1);
        ServerOptions described = options.about(about(saved));
        try (ModelServer server = Failure.blaming(modelFile.path, () -> ModelServer.start(saved, described));
                Interruption interruption = new Interruption(console, "", () -> {
                    server.close();
                    ended.countDown();
                })) {
            console.out().println(server.address());
            ended.await();
        }
        console.err().println("Stopped");
        return Exit.DONE;
    }

    /** Who the model is: names of files without their folders, as whoever reaches the server sees them. */
    private Map<String, Object> about(SavedModel saved) throws IOException {
        Path file = modelFile.path.toAbsolutePath();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("file", file.getFileName().toString());
        about.put("saved", Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS).toString());
        String data = saved.provenance().getOrDefault("data", "");
        if (!data.isEmpty()) {
            about.put("data", data.replaceFirst("[/\\\\]+$", "").replaceFirst(".*[/\\\\]", ""));
            about.put("examples", saved.provenance().getOrDefault("examples", ""));
        }
        try {
            about.put("measured", RunSummary.measured(new RunFolder(file.getParent()), saved));
        } catch (DataException e) {
            console.err().println("The page has no figures on the quality of the model. " + e.getMessage());
        }
        return about;
    }

    private ServerOptions options() {
        ServerOptions given = OptionRules.set(spec, new ServerOptions()).onFailure(this::report);
        ServerOptions sized = Usage.check(spec, "--max-body",
                () -> given.maxBody((int) Math.min(Integer.MAX_VALUE, (long) maxBody * MEBIBYTE)));
        ServerOptions options = Usage.check(spec, "--max-wait", () -> sized.maxWait(Duration.ofSeconds(maxWait)));
        for (String name : allowed) {
            options = options.allowHost(name);
        }
        return options;
    }

    private void report(Throwable failure) {
        console.err().println("beras: a request failed:");
        failure.printStackTrace(console.err());
    }
}
