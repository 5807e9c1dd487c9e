package beras.cli.training;

import beras.cli.options.HelpPage;
import beras.files.WholeFile;
import beras.runs.RunFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The outputs of a training run or a search, and the run to resume. */
public final class RunOptions {

    @HelpPage.Begins("Run and output")
    @HelpPage.Common("How many to use at most.")
    @Option(names = "--threads", paramLabel = "N", description = "Threads to use at most, for a tuning so many trials at a time; one"
            + " for each processor by default.")
    Integer threads;

    @HelpPage.Common("Where the model goes.")
    @Option(names = "--out", paramLabel = "FILE", description = "Where the model goes. Default: " + RunFolder.MODEL
            + ", in the folder of --run if given, else the first free one of that, model-2.beras, model-3.beras ...")
    Path out;

    @HelpPage.Common("A folder for log, report, model and state.")
    @Option(names = "--run", paramLabel = "FOLDER",
            description = "Makes this folder and keeps all there: config.json, the model, and all that --resume needs; of a training run"
                + " columns.csv of a table, log.csv, events for TensorBoard, the best model so far, summary.json, and report.html, a page"
                + " that shows all of it, while training runs, too; of a tuning all trials in trials.csv, and the best settings in"
                + " config.json, for train --config.")
    Path run;

    @HelpPage.Common("Resumes what was interrupted.")
    @Option(names = "--resume", paramLabel = "RUN|FILE",
            description = "Resumes a training run or a tuning that was interrupted or killed, with bit-identical results: the"
                + " folder of --run, or the model that an interrupted training run without one left. Options are those of its start,"
                + " except --threads, and of a training run --json and --epochs (more of them extend a finished run, unless its"
                + " learning rate falls over all epochs). --out outside of the folder must be given again, as no file decides where to"
                + " write; --data if the data were moved.")
    Path resume;

    @Option(names = "--force", description = "Replace files that exist.")
    boolean force;

    @Option(names = "--config", paramLabel = "FILE.json",
            description = "Takes options from this file, such as config.json of a run or the types that inspect --out writes: names"
                + " without dashes, such as {\"batch-size\": 64}. Options given here come first.")
    Path config;

    private Path usual; // null: not chosen yet

    /** Where the model goes: without a name to a free one, such as {@code model-2.beras}, unless files are replaced. */
    public Path out() {
        if (usual == null) {
            Path name = Path.of(RunFolder.MODEL);
            usual = run != null ? run.resolve(name) : force ? name : WholeFile.free(name, 2);
        }
        return out != null ? out : usual;
    }
}
