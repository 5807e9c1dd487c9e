package beras.cli.terminal;

/** How a terminal with colours shows a line, or what it begins with. */
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
