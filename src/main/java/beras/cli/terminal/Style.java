package beras.cli.terminal;

/** The styles of a line, or of its beginning, on a terminal with colours. */
public enum Style {

    ERROR("1;31"), WARNING("1;33"), HEADING("1"), BEST("32");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** A text in this style, for a terminal. */
    public String of(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
