package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that {@code generate-completion} prints, which picocli makes. */
@Tag("cli")
class CompletionTest {

    @TempDir
    Path folder;

    @Test
    void bashCompletesCommandsOptionsAndFiles() throws Exception {
        Programs.require("bash");
        Files.createFile(folder.resolve("photo.png"));
        Path script = Files.writeString(folder.resolve("beras.bash"), Commands.run("generate-completion").out());
        String complete = "exec 2> /dev/null; source " + script + "\nfor line; do read -ra COMP_WORDS <<< \"$line\"; COMP_LINE=$line;"
                + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _complete_beras; echo \"$line > ${COMPREPLY[*]}\"; done";
        Result result = Programs.run(folder, "bash", "--norc", "-c", complete, "bash", "beras tra", "beras train --opti",
                "beras predict ph");
        assertEquals(List.of("beras tra > train", "beras train --opti > --optimizer", "beras predict ph > photo.png"),
                result.out().lines().toList());
    }
}
