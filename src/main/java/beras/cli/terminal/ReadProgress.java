package beras.cli.terminal;

import beras.models.ReadListener;

/** Prints remarks on data that are read, and shows on a terminal how many pictures are. */
public final class ReadProgress implements ReadListener {

    private final Console console;
    private final ProgressLine progress; // null: none is shown

    /** Prints to the standard error of a console. */
    public ReadProgress(Console console) {
        this.console = console;
        this.progress = console.progress();
    }

    @Override
    public void onRemark(String sentence) {
        console.err().println(sentence);
    }

    @Override
    public void onBegin(int pictures) {
        if (progress != null) {
            progress.begin("Pictures", pictures, 0);
        }
    }

    @Override
    public void onRead(int pictures) {
        if (progress != null) {
            progress.step(pictures);
        }
    }

    @Override
    public void onEnd() {
        if (progress != null) {
            progress.clear();
        }
    }
}
