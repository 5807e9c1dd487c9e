package beras.cli;

import beras.files.WholeFile;
import beras.kernels.Threads;
import beras.models.Sequential;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.training.Callback;
import beras.training.DivergedException;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.Outcome;
import beras.training.ReduceLROnPlateau;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** Trains a net, shows how that goes, and saves it: what is the same whatever is learnt from. */
abstract class Trainer {

    final Console console;
    final CommandSpec spec;
    final TrainOptions options;
    private String backend;

    Trainer(Console console, CommandSpec spec, TrainOptions options) {
        this.console = console;
        this.spec = spec;
        this.options = options;
    }

    /** Reads the data and trains; returns the exit code. */
    abstract Integer run() throws Exception;

    /** Commands that may come next, without the name of the jar; {@code model} is the option that names it. */
    abstract List<String> next(String model) throws IOException;

    /** Refuses an option that is for other data. */
    void requireAbsent(String option, Object value, String purpose) {
        if (value != null) {
            throw Usage.invalid(spec, option, "it is for " + purpose + ". Leave it out");
        }
    }

    /** Checks before long work that all files can be written. */
    void requirePlaces() throws IOException {
        if (options.run != null) {
            RunFolder.requirePlace(spec, options.run, options.force);
        }
        requirePlace("--out", options.out);
        if (options.checkpoint != null) {
            requirePlace("--checkpoint", options.checkpoint);
        }
    }

    private void requirePlace(String option, Path file) throws IOException {
        // The folder of a run is made in time.
        if (options.run == null || !WholeFile.place(options.run).equals(WholeFile.place(file).getParent())) {
            Usage.requirePlace(spec, option, file, options.force);
        }
    }

    /** Waits for the kernels, and says what runs. */
    void start() throws Exception {
        backend = console.backend();
        if (options.threads != null) {
            Usage.check(spec, "--threads", () -> {
                Threads.set(options.threads);
                return options.threads;
            });
        }
        console.err().println("BERAS " + Version.get() + " on " + backend + "; " + Text.count(Threads.count(), "thread"));
    }

    /** Where the model will come from. */
    Map<String, String> provenance(long examples) {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("beras", Version.get());
        TrainOptions.settings(spec).forEach((name, value) -> {
            provenance.put(name.replace('-', '_'), value.toString());
            if (name.equals("data")) {
                provenance.put("examples", Long.toString(examples));
            }
        });
        return provenance;
    }

    /**
     * How to train, without validation and callbacks.
     *
     * @param labels   of the classes
     * @param balanced makes the balanced weights of classes
     */
    FitOptions fitOptions(Supplier<List<String>> labels, Supplier<float[]> balanced) {
        FitOptions plain = new FitOptions().epochs(options.epochs);
        return options.classWeight == null ? plain : Usage.check(spec, "--class-weight",
                () -> plain.classWeight(WeightChoice.weights(options.classWeight, labels.get(), balanced)));
    }

    /**
     * Trains and saves.
     *
     * @param model      compiled
     * @param fitOptions without validation and callbacks
     */
    int train(Sequential model, Lessons lessons, FitOptions fitOptions, Map<String, String> provenance) throws IOException {
        EarlyStopping stopping = options.earlyStopping == null ? null
                : new EarlyStopping("val_loss").patience(options.earlyStopping).restoreBestWeights(true);
        List<Callback> callbacks = callbacks(provenance, stopping);
        List<Callback> loggers = options.run == null ? List.of()
                : RunFolder.open(options.run, TrainOptions.settings(spec), options.force);
        try (Interruption interruption = new Interruption()) {
            TrainReport report = new TrainReport(console, interruption, model, lessons, options);
            callbacks.add(0, report);
            callbacks.addAll(loggers);
            Outcome outcome;
            try {
                FitOptions all = fitOptions.callbacks(callbacks.toArray(Callback[]::new));
                outcome = model.fit(lessons.training(),
                        (lessons.validation() == null ? all : all.validationData(lessons.validation()))
                                .onWarning(warning -> console.err().println("Warning: " + warning))).outcome();
            } catch (DivergedException e) {
                throw new Failure(Exit.DIVERGED, e.getMessage() + ". No model is saved");
            } finally {
                report.closeProgress();
            }
            if (outcome.kind() == Outcome.Kind.INTERRUPTED) {
                String place = "epoch " + (outcome.epoch().orElse(0) + 1) + ", batch " + (outcome.batch().orElse(0) + 1);
                provenance.put("interrupted", place);
                save(model, provenance);
                console.err().println("Interrupted at " + place + ". The model as of then is saved in " + options.out);
                return Exit.INTERRUPTED;
            }
            Map<String, Double> values = options.ema == null ? report.last() : report.measure();
            if (stopping != null) {
                values = report.values(stopping.bestEpoch());
                console.err().println("The weights are those of epoch " + (stopping.bestEpoch() + 1)
                        + ", which has the least validation loss");
            }
            save(model, provenance);
            if (options.json) {
                printSummary(model, report, values);
            } else {
                printNextSteps(report, values);
            }
            return Exit.DONE;
        }
    }

    /** Saves the model, beside its place if that was taken meanwhile: a training is not lost for a name. */
    private void save(Sequential model, Map<String, String> provenance) throws IOException {
        Path place = options.out;
        while (true) {
            try {
                SavedModel saved = new SavedModel(model).provenance(provenance);
                if (options.force) {
                    ModelFile.replace(saved, options.out);
                } else {
                    ModelFile.save(saved, options.out);
                }
                return;
            } catch (FileAlreadyExistsException e) {
                options.out = WholeFile.free(place);
                console.err().println(place + " was made by somebody else meanwhile, so the model goes to " + options.out);
            }
        }
    }

    private List<Callback> callbacks(Map<String, String> provenance, EarlyStopping stopping) {
        List<Callback> callbacks = new ArrayList<>();
        if (stopping != null) {
            callbacks.add(stopping);
        }
        if (options.reduceLr != null) {
            callbacks.add(new ReduceLROnPlateau("val_loss").patience(options.reduceLr));
        }
        if (options.checkpoint != null) {
            callbacks.add(Usage.check(spec, "--checkpoint", () -> new ModelCheckpoint(options.checkpoint.toString()))
                    .saveBestOnly(true).overwrite(options.force).parts(saved -> saved.provenance(provenance)));
        }
        return callbacks;
    }

    private void printSummary(Sequential model, TrainReport report, Map<String, Double> values) throws IOException {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("epochs", report.epochs());
        summary.putAll(values);
        summary.put("seconds", report.seconds());
        long now = System.currentTimeMillis(); // before the management beans are loaded, which takes a while
        summary.put("seconds_since_start", (now - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3);
        summary.put("backend", backend);
        summary.put("threads", Threads.count());
        summary.put("seed", options.seed);
        summary.put("weights_sha256", ModelFile.weightsSha256(model));
        summary.put("model", options.out.toString());
        JsonLines.print(console.out(), Map.of("summary", summary));
    }

    private void printNextSteps(TrainReport report, Map<String, Double> values) throws IOException {
        console.out().println(headline(values) + " after " + Text.count(report.epochs(), "epoch") + " and "
                + Text.decimals(report.seconds(), 2) + " s of training. The model is in " + options.out);
        console.out().println("Next:");
        for (String command : next("--model " + Text.quote(options.out))) {
            console.out().println("  " + Text.command(command));
        }
    }

    /** The number that says most, such as {@code Test accuracy 0.9783}. */
    private static String headline(Map<String, Double> values) {
        for (String part : new String[] {"test_", "val_", ""}) {
            for (String name : new String[] {"accuracy", "mae"}) {
                if (values.containsKey(part + name)) {
                    String words = part.equals("test_") ? "Test " : part.equals("val_") ? "Validation " : "Training ";
                    return words + name + " " + Text.decimals(values.get(part + name), 4);
                }
            }
        }
        throw new AssertionError("A training reports an accuracy or an error");
    }
}
