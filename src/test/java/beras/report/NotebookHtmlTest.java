package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class NotebookHtmlTest {

    private static Document parsed(String html) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(("<div>" + html + "</div>").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aTrainingIsShown() throws Exception {
        Sequential model = new Sequential(1, new Input(2), new Dense(1));
        model.compile(new Adam(0.01), "mse", "mae");
        Examples examples = Examples.of(Tensor.generate(i -> i % 5, 20, 2), Tensor.generate(i -> i % 3, 20, 1));
        History history = model.fit(examples, new FitOptions().epochs(3).validationSplit(0.5));
        Document curves = parsed(NotebookHtml.of(history));
        assertEquals(2, curves.getElementsByTagName("figure").getLength(), "loss and mae");
        assertTrue(curves.getElementsByTagName("p").item(0).getTextContent().startsWith("History of 3 epochs"));
        String values = parsed(NotebookHtml.of(model.evaluate(examples))).getDocumentElement().getTextContent();
        assertTrue(values.contains("20 examples") && values.contains("mae"), values);
        assertEquals(model.summary().strip(), parsed(NotebookHtml.of(model)).getDocumentElement().getTextContent().strip());
        assertEquals(0, parsed(NotebookHtml.of(new History())).getElementsByTagName("figure").getLength());
    }

    @Test
    void aTableShowsItsFirstRows(@TempDir Path folder) throws Exception {
        Path table = Files.writeString(folder.resolve("t.csv"), "name,value\n" + "<script>,1\n".repeat(12));
        String html = NotebookHtml.of(table);
        assertFalse(html.contains("<script>"));
        assertEquals(11, parsed(html).getElementsByTagName("tr").getLength());
    }

    /** The cells of the example run in JShell, as they do in a kernel, which adds {@code display}. */
    @Tag("process")
    @Test
    void theExampleNotebookRuns() throws IOException {
        JsonObject notebook = JsonParser.parseString(Files.readString(Path.of("src/examples/notebook/penguins.ipynb"))).getAsJsonObject();
        int shown = 0;
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            String[] start = {"import java.nio.file.*;", "import java.util.*;",
                "void display(String html, String type) { if (!html.startsWith(\"<\")) throw new AssertionError(html); }"};
            for (String line : start) {
                run(shell, line);
            }
            for (JsonElement each : notebook.getAsJsonArray("cells")) {
                JsonObject cell = each.getAsJsonObject();
                StringBuilder source = new StringBuilder();
                cell.getAsJsonArray("source").forEach(line -> source.append(line.getAsString()));
                if (cell.get("cell_type").getAsString().equals("code") && source.charAt(0) != '%') {
                    run(shell, source.toString().replace("../../../", ""));
                    shown++;
                }
            }
        }
        assertEquals(6, shown);
    }

    private static void run(JShell shell, String source) {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        for (String rest = source; !rest.isBlank(); ) {
            SourceCodeAnalysis.CompletionInfo next = analysis.analyzeCompletion(rest);
            String snippet = next.source() == null ? rest : next.source();
            for (SnippetEvent event : shell.eval(snippet)) {
                assertEquals(Snippet.Status.VALID, event.status(), () -> snippet + shell.diagnostics(event.snippet()).toList());
                assertNull(event.exception(), snippet);
            }
            rest = next.remaining();
        }
    }
}
