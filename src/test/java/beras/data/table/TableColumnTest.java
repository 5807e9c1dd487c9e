package beras.data.table;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.ConfigText;
import beras.data.table.DateColumn.Part;
import beras.data.table.TableColumn.Input;
import beras.data.table.TableColumn.Level;
import beras.data.table.TableColumn.Type;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What all types of columns have in common, and what each tells of itself. */
@Tag("data")
class TableColumnTest {

    private static final NumericColumn NUMBERS = new NumericColumn("size", 0, "", 2, 0.5, true, 1, 4);
    private static final NumericColumn CODED = NumericColumn.robust("mass", 1, "", 3, 2, List.of(2.0, 5.0), false, 1, 9);
    private static final NumericColumn WEIGHED = CODED.unit("kg");
    private static final CategoryColumn TEXTS = new CategoryColumn("land", 2, "", List.of("Chad", "Peru"), 3);
    private static final DateColumn DATES = new DateColumn("day", 1, "", true, List.of(Part.YEAR, Part.WEEKDAY), 0, 0, 2020, 2);
    private static final IgnoredColumn IGNORED = new IgnoredColumn("id", 7, "as requested");

    private static final ListColumn LISTS = new ListColumn("tags", 1, "", ';', List.of("new", "sale"), 2);
    private static final TextColumn WORDS = new TextColumn("review", 1, "", List.of("good", "not good"), List.of(1.5, 2.25));

    /** Of each type there are. */
    private static final List<TableColumn> COLUMNS = List.of(NUMBERS, new NumericColumn("here", 5, "all are 3", 3, 0), TEXTS,
            new CategoryColumn("flag", 0, "", List.of("true"), 0), DATES, IGNORED, CODED, WEIGHED, LISTS, WORDS,
            new SequenceColumn("plot", 1, "", List.of("and", "twist"), 5));

    /** A new type must be added above: then all that follows holds of it, too. */
    @Test
    void eachTypeIsChecked() {
        EnumSet<Type> learnt = EnumSet.complementOf(EnumSet.of(Type.DAYFIRST, Type.MONTHFIRST)); // which are asked for alone
        assertEquals(learnt, COLUMNS.stream().map(TableColumn::type).collect(Collectors.toSet()));
    }

    @Test
    void eachComesBackFromItsConfig() {
        for (TableColumn column : COLUMNS) {
            TableColumn back = TableColumn.of(ConfigText.parse(column.config().toString()));
            assertEquals(column, back);
            assertEquals(column.hashCode(), back.hashCode());
            assertEquals(column.config(), back.config());
            Map<String, Object> settings = new LinkedHashMap<>(column.config().values());
            assertEquals(List.of("name", "missing", "note"), List.copyOf(settings.keySet()).subList(0, 3));
            for (String name : List.copyOf(settings.keySet())) {
                if (!Set.of("least", "most", "decimalMark", "unit", "spellings").contains(name)) { // which may be absent
                    Config less = column.config().with(name, null);
                    assertRefused(IllegalArgumentException.class, () -> TableColumn.of(less), name, "Received: nothing");
                }
            }
            for (TableColumn other : COLUMNS) {
                assertEquals(column == other, column.equals(other), () -> column + " and " + other);
            }
        }
    }

    @Test
    void eachHasANameForEachFeature() {
        for (TableColumn column : COLUMNS) {
            assertEquals(column.width(), column.features().size(), column::toString);
            assertTrue(column.features().stream().allMatch(feature -> feature.startsWith(column.name())), column::toString);
            assertEquals(column.missing() > 0 && column.type() != Type.IGNORED,
                    column.features().contains(column.name() + " is missing"), column::toString);
        }
        assertEquals(List.of("land = Chad", "land = Peru", "land is another", "land is missing"), TEXTS.features());
    }

    /** In the last feature, if training rows lacked one; between its neighbours nothing is touched. */
    @Test
    void eachSaysWhereAValueIsMissing() throws Exception {
        for (TableColumn column : COLUMNS) {
            float[] out = new float[column.width() + 2];
            Arrays.fill(out, 7f);
            column.clear(out, 1);
            assertEquals(RowEncoder.Found.MISSING, column.encode(null, out, 1));
            float[] expected = new float[column.width() + 2];
            expected[0] = 7;
            expected[column.width() + 1] = 7;
            expected[column.width()] = column.missing() > 0 && column.width() > 0 ? 1 : expected[column.width()];
            assertArrayEquals(expected, out, column.toString());
        }
    }

    @Test
    void eachTellsWhatItIsGiven() {
        assertEquals(new Input(Set.of(Input.Kind.NUMBER, Input.Kind.TEXT), List.of(),
                "Training had 1.0 to 4.0; what lies beyond counts as the nearest."), NUMBERS.input());
        assertEquals(new Input(Set.of(Input.Kind.values()), List.of("Chad", "Peru"), "A category."), TEXTS.input());
        assertEquals(Set.of(Input.Kind.NUMBER, Input.Kind.TEXT, Input.Kind.DATE), DATES.input().kinds());
        assertEquals(List.of(true, true, false, false, false, false, true, true, false, false, false),
                COLUMNS.stream().map(TableColumn::isNumeric).toList());
        assertEquals(List.of(0L, 0L, 3L, 0L, 0L, 0L, 0L, 0L, 2L, 0L, 0L), COLUMNS.stream().map(TableColumn::others).toList());
        assertEquals(List.of("number", "number", "category", "category", "date", "value", "number", "number", "list", "text", "text"),
                COLUMNS.stream().map(TableColumn::noun).toList());
        assertEquals(List.of("using the training mean", "using the training mean, and a feature that marks it",
                "treated as a category", "treated as unknown", "its features are 0, except one that marks it",
                "its features are 0", "using the training median, and a feature that marks it",
                "using the training median, and a feature that marks it",
                "its features are 0, except one that marks it",
                "its features are 0, except one that marks it",
                "its features are 0, except one that marks it"), COLUMNS.stream().map(TableColumn::ifMissing).toList());
    }

    // ------------------------------------------------------------------------------------------------------ levels

    private static List<Level> levels(TableColumn column, int most, Object... cells) throws Exception {
        float[] rows = new float[cells.length * column.width()];
        for (int row = 0; row < cells.length; row++) {
            column.encode(cells[row], rows, row * column.width());
        }
        return column.levels(Tensor.wrap(rows, cells.length, column.width()), most);
    }

    private static List<String> values(List<Level> levels) {
        return levels.stream().map(Level::value).toList();
    }

    @Test
    void eachLevelHasTheFeaturesOfItsValue() throws Exception {
        List<Level> sizes = levels(NUMBERS, 20, 3.5, 1, 2.25, 1);
        assertEquals(List.of("1", "2.25", "3.5"), values(sizes));
        for (Level level : sizes) {
            float[] expected = new float[1];
            NUMBERS.encode(level.number().orElseThrow(), expected, 0);
            assertArrayEquals(expected, level.features().toArray());
        }
        List<Level> masses = levels(CODED, 20, 1, null, 8.5, 4, 8.5);
        assertEquals(List.of("1", "4", "8.5"), values(masses));
        for (Level level : masses) {
            float[] expected = new float[5];
            CODED.encode(level.number().orElseThrow(), expected, 0);
            assertArrayEquals(expected, level.features().toArray());
        }
        List<Level> lands = levels(TEXTS, 20, "Peru", null, "Mali", "Peru", "Mali", "Peru");
        assertEquals(List.of("Peru", "(others)", "(missing)"), values(lands));
        assertArrayEquals(new float[] {0, 1, 0, 0}, lands.get(0).features().toArray());
        assertArrayEquals(new float[] {0, 0, 0, 1}, lands.get(2).features().toArray());
        assertEquals(List.of("Peru"), values(levels(TEXTS, 1, "Peru", null, "Peru")));
        assertEquals(List.of(), levels(DATES, 20, "2024-01-31"));
        assertEquals(List.of(), levels(NUMBERS, 20));
        List<Level> here = levels(COLUMNS.get(1), 20, 3, null);
        assertEquals(List.of("(any)", "(missing)"), values(here));
        assertArrayEquals(new float[] {1}, here.get(1).features().toArray());
    }

    /** Without the tails, in equal steps if there are more values than levels, each once. */
    @Test
    void levelsOfManyNumbersAreAGrid() throws Exception {
        NumericColumn column = new NumericColumn("n", 1, "", 50, 20);
        Object[] all = IntStream.rangeClosed(0, 99).boxed().toArray();
        assertEquals(List.of("5", "49.5", "94"), values(levels(column, 3, all)));
        NumericColumn small = new NumericColumn("n", 1, "", 1.5, 0.5);
        Object[] few = IntStream.rangeClosed(0, 99).mapToObj(i -> i == 50 ? null : (Object) (i % 3)).toArray();
        assertEquals(List.of("0", "1", "2"), values(levels(small, 3, few)), "a missing value is none of them");
        Object[] mostlyOne = IntStream.rangeClosed(0, 99).mapToObj(i -> (Object) (i == 0 ? 9 : 4)).toArray();
        assertEquals(List.of("4", "9"), values(levels(small, 3, mostlyOne)), "with the tails, as else one would be left");
        assertNotEquals(values(levels(small, 3, few)), values(levels(small, 2, few)));
    }

    /** The number on its scale alone does not tell 3e11 from 5e11 there. */
    @Test
    void levelsAreExactBetweenOutliers() throws Exception {
        NumericColumn column = NumericColumn.robust("n", 0, "", 3, 2, List.of(2.0, 5.0), false, -9999, 1e12);
        assertEquals(List.of("-9999", "1.25", "2", "3", "4.5", "5", "6", "300000000000", "500000000000", "1000000000000"),
                values(levels(column, 20, 4.5, 3, 2, 5, 1e12, 1.25, 3e11, 6, -9999, 5e11)));
        NumericColumn withoutCode = NumericColumn.robust("n", 0, "", 3, 2, List.of(), false, -10, 100);
        assertEquals(List.of("-10", "2.5", "3", "40", "100"), values(levels(withoutCode, 20, 40, 3, 100, 2.5, -10)));
    }
}
