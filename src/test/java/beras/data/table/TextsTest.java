package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.data.table.TableColumn.Type;
import beras.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Free text, lists, and parts of texts. */
@Tag("data")
class TextsTest {

    private static final TableOptions PLAIN = new TableOptions();
    private static final Rng RNG = new Rng(3, "texts", 0);

    @TempDir
    Path folder;

    private TableFile table(int rows, IntFunction<String> cells) throws IOException {
        List<String> lines = new ArrayList<>(List.of("x\tother\ty"));
        for (int i = 0; i < rows; i++) {
            lines.add(cells.apply(i) + "\t" + i % 3 + "\t" + "ab".charAt(i % 2));
        }
        return TableFile.of(Files.write(folder.resolve("t.tsv"), lines)).separator('\t');
    }

    private TableColumn column(TableOptions options, int rows, IntFunction<String> cells) throws IOException {
        TableSchema schema = TableSchema.infer(table(rows, cells), "y", options);
        assertEquals(schema, TableSchema.of(ConfigText.parse(schema.config().toString())));
        return schema.columns().get(0);
    }

    private static float[] encoded(TableColumn column, String cell) {
        TableSchema schema = new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(column), 10);
        float[] row = new float[schema.width()];
        new TablePreprocessor(TableSchema.of(schema.config())).encode(Map.of(column.name(), cell), row, 0);
        return row;
    }

    // ------------------------------------------------------------------------------------------------------ text

    private static String sentence(int row) {
        return IntStream.range(0, 6).mapToObj(i -> "w" + (int) (40 * RNG.uniform(row * 6L + i))).collect(Collectors.joining(" "))
                + " r" + row;
    }

    @Test
    void textBecomesItsFrequentWordsAndPairs() throws IOException {
        TextColumn text = assertInstanceOf(TextColumn.class, column(PLAIN, 400, TextsTest::sentence));
        assertTrue(text.terms().containsAll(IntStream.range(0, 40).mapToObj(i -> "w" + i).toList()), text.terms()::toString);
        assertTrue(text.terms().stream().anyMatch(term -> term.matches("w\\d+ w\\d+")), "pairs");
        assertTrue(text.terms().stream().noneMatch(term -> term.matches("r.*")), "words of one row alone");
        assertEquals("text: " + text.terms().size() + " words and pairs of words", text.becomes());
        assertEquals("x has \"" + text.terms().get(0) + "\"", text.features().get(0));
        TableProfile profile = TableProfile.of(table(400, TextsTest::sentence), Optional.of("y"), PLAIN);
        assertTrue(profile.columns().get(0).note().contains("becomes text: "), profile.columns().get(0).note());
    }

    /** The weights of scikit-learn 1.4's TfidfVectorizer(ngram_range=(1, 2)) of the same terms. */
    @Test
    void weightsAreByFrequencyInTheTextAndRarenessInOthers() throws IOException {
        String[] texts = {"red fox", "red red dog", "Dog, FOX!", "red fox"};
        TextColumn text = assertInstanceOf(TextColumn.class,
                column(PLAIN.types(Map.of("x", Type.TEXT)), 12, i -> texts[i % 4]));
        assertEquals(List.of("fox", "red", "dog"), text.terms().subList(0, 3), "those of more rows first");
        TextColumn one = (TextColumn) TableColumn.of(ConfigText.parse(
                "Text(name='x', missing=0, note='', terms=['red', 'fox', 'red fox'], weights=[1.0, 2.0, 2.0])"
                        .replace('\'', '"')));
        double norm = Math.sqrt(4 + 4 + 4);
        float equal = (float) (2 / norm);
        assertArrayEquals(new float[] {equal, equal, equal}, encoded(one, "Red, RED fox?"));
        assertArrayEquals(new float[] {0, 0, 0}, encoded(one, "blue"));
        assertEquals(Math.log((1 + 12.0) / (1 + 9.0)) + 1, text.config().numbers("weights").get(1), 1e-12);
    }

    /** The words of more texts than are counted are all seen. */
    @Test
    void aSequenceIsThePlacesOfItsWords() throws IOException {
        SequenceColumn texts = assertInstanceOf(SequenceColumn.class, column(PLAIN.types(Map.of("x", Type.SEQUENCE)), 12_000,
                i -> i % 100 == 0 ? "" : "the twin" + i / 2 + (i % 3 == 0 ? " the end" : "") + (i % 1000 == 1 ? " and".repeat(500) : "")));
        assertEquals(List.of("the", "end", "and"), texts.words().subList(0, 3), "those of more rows first");
        assertEquals(6000 - 120 + 3, texts.words().size(), "a word of one text is another");
        assertEquals(4, texts.steps());
        assertEquals(120, texts.missing());
        assertArrayEquals(new float[] {2, 1, 3, 4, 0}, encoded(texts, "The twin0? END and the"));
        assertArrayEquals(new float[] {3, 0, 0, 0, 0}, encoded(texts, "end"));
        assertArrayEquals(new float[] {0, 0, 0, 0, 1}, encoded(texts, ""));
        assertEquals("x word 4", texts.features().get(3));
    }

    @Test
    void idsAndNamesAreLeftOutWithTheOptionThatTakesTheirWords() throws IOException {
        assertInstanceOf(IgnoredColumn.class, column(PLAIN, 400, i -> "id" + i));
        String note = assertInstanceOf(IgnoredColumn.class, column(PLAIN, 400, i -> "first" + i + " last" + i)).note();
        assertEquals("400 of 400 values differ, as those of ids do", note);
        String odd = assertInstanceOf(IgnoredColumn.class, column(PLAIN, 400,
                i -> IntStream.range(0, 7).mapToObj(j -> "w" + (7 * i + j)).collect(Collectors.joining(" ")))).note();
        assertTrue(odd.contains("free text"), odd);
        assertInstanceOf(TextColumn.class, column(PLAIN.types(Map.of("x", Type.TEXT)), 400, i -> "first" + i % 9 + " last" + i));
        assertBadData(() -> column(PLAIN.types(Map.of("x", Type.TEXT)), 30, i -> "!".repeat(i + 1)),
                "column 1 (x): expected text");
    }

    /** Domains, hosts and prefixes are words. */
    @Test
    void partsThatRepeatAreAskedFor() throws IOException {
        for (String form : new String[] {"user%d@post.example", "https://www.example.org/page/%d", "AX-%06d"}) {
            String note = assertInstanceOf(IgnoredColumn.class, column(PLAIN, 400, i -> String.format(form, i))).note();
            assertEquals("400 of 400 values differ, as those of ids do; `types x=text` takes its words", note);
        }
    }

    /** Text that is nothing but numbers says so. */
    @Test
    void numbersInTextAreSaid() throws IOException {
        assertTrue(column(PLAIN, 400, i -> i + " - " + i % 13 + " / " + i % 17).note().contains("most of its words are numbers"));
    }

    /** Of more texts than are counted a sample decides, in any order of the rows. */
    @Test
    void manyTextsAreLearntFromASample() throws IOException {
        TextColumn up = assertInstanceOf(TextColumn.class, column(PLAIN, 12_000, TextsTest::sentence));
        assertEquals(up, column(PLAIN, 12_000, i -> sentence(11_999 - i)));
        assertTrue(up.terms().containsAll(List.of("w0", "w39")), up.terms()::toString);
    }

    // ----------------------------------------------------------------------------------------------------- lists

    private static String list(int row, String separator) {
        return IntStream.range(0, 12).filter(i -> RNG.uniform(row * 12L + i) < 0.3).mapToObj(i -> "tag " + i)
                .collect(Collectors.joining(separator));
    }

    @ParameterizedTest
    @CsvSource({"';'", "'|'", "', '", "' | '"})
    void listsBecomeAOneForEachValue(String separator) throws IOException {
        ListColumn list = assertInstanceOf(ListColumn.class, column(PLAIN, 500, i -> list(i, separator)));
        assertEquals(IntStream.range(0, 12).mapToObj(i -> "tag " + i).sorted().toList(), list.values());
        assertTrue(list.becomes().startsWith("a list of 12 values, with " + separator.strip()), list.becomes());
        float[] row = encoded(list, "tag 3" + separator + " tag 0" + separator + "never seen");
        for (int i = 0; i < 12; i++) {
            assertEquals(List.of("tag 0", "tag 3").contains(list.values().get(i)) ? 1 : 0, row[i]);
        }
        assertTrue(list.missing() > 0, "empty lists");
        assertEquals(0, row[12]);
    }

    @Test
    void rareValuesOfListsShareAFeature() throws IOException {
        ListColumn list = assertInstanceOf(ListColumn.class, column(PLAIN, 500,
                i -> IntStream.range(0, 25).filter(j -> RNG.uniform(i * 25L + j) < 0.3).mapToObj(j -> "t" + j).collect(
                        Collectors.joining(";", "t0;", i < 9 ? ";rare" + i : ""))));
        assertEquals(9, list.others());
        float[] row = encoded(list, "t3;rare5");
        assertEquals(2, IntStream.range(0, row.length).filter(i -> row[i] == 1).count());
        assertEquals(1, row[list.values().size()]);
    }

    @Test
    void arraysOfJsonAreLists() throws IOException {
        assertEquals(List.of("a, b", "c\"d", "7"), ListColumn.items("[\"a, b\", \"c\\\"d\",7, 7]", '['));
        assertEquals(List.of(), ListColumn.items("[]", '['));
        assertEquals(List.of("[a"), ListColumn.items("[a", '['));
        Path file = folder.resolve("t.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String items = list(i, "\",\"");
            lines.add("{\"x\": [" + (items.isEmpty() ? "" : "\"" + items + "\"") + "], \"y\": \"" + "ab".charAt(i % 2) + "\"}");
        }
        Files.write(file, lines);
        ListColumn list = assertInstanceOf(ListColumn.class, TableSchema.infer(file, "y", PLAIN).columns().get(0));
        assertEquals(12, list.values().size());
        assertEquals(3, sum(encoded(list, "[\"tag 1\",\"tag 2\",\"tag 11\"]")));
    }

    private static float sum(float[] row) {
        float sum = 0;
        for (float each : row) {
            sum += each;
        }
        return sum;
    }

    /** Two parts that always are there, and sentences, are no lists; nor are few values, which are categories anyway. */
    @Test
    void notEachCommaIsThatOfAList() throws IOException {
        assertInstanceOf(CategoryColumn.class, column(PLAIN, 500, i -> "city " + i % 40 + ", state " + i % 5));
        assertInstanceOf(IgnoredColumn.class, column(PLAIN, 500, i -> "Name" + i + ", First" + i));
        assertInstanceOf(CategoryColumn.class, column(PLAIN, 500, i -> new String[] {"a;b", "a", "b"}[i % 3]));
        assertInstanceOf(ListColumn.class, column(PLAIN.types(Map.of("x", Type.LIST)), 500,
                i -> new String[] {"a;b", "a", "b"}[i % 3]));
        assertBadData(() -> column(PLAIN.types(Map.of("x", Type.LIST)), 30, i -> "v" + i), "column 1 (x): expected lists");
    }

    // ----------------------------------------------------------------------------------------------------- parts
}
