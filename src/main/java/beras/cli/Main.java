package beras.cli;

/** The entry point of {@code beras.jar}. */
public final class Main {

    public static void main(String[] args) {
        System.exit(2);
    }

    private Main() {}
}
