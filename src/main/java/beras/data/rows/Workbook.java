package beras.data.rows;

import beras.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A workbook of Excel, {@code .xlsx}: a zip archive of parts in XML. A sheet becomes CSV while it is read, row by row, so that
 * all that holds for CSV holds for it. Source: ECMA-376, SpreadsheetML.
 */
final class Workbook {

    /** The first bytes of files of Microsoft Office before 2007, and of encrypted ones since. */
    private static final byte[] COMPOUND = {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0};
    private static final String PARTS = "[Content_Types].xml";
    private static final String RELATIONS = "_rels/.rels";
    private static final String BINARY = "xl/workbook.bin";
    private static final String OPEN_DOCUMENT = "content.xml";
    private static final String ROOT = "officeDocument";
    private static final String WORKSHEET = "worksheet";
    private static final String STYLES = "styles";
    private static final String TEXTS = "sharedStrings";
    private static final int MOST_SHEETS = 10_000;
    private static final int MOST_STYLES = 1 << 20;
    /** Texts come to at most so many, and so many characters. */
    private static final int MOST_TEXTS = 1 << 22;
    private static final int MOST_CHARACTERS = 1 << 28;
    /** XML deflates to a tenth or a twentieth. */
    private static final int MOST_GROWTH = 200;
    private static final int SMALL = 1 << 24;

    /** @param isHidden whether Excel does not show it */
    private record Sheet(String name, String path, boolean isHidden) {}

    /** The relation of a part: the last word of the type, and the path of another part. */
    private record Relation(String type, String path) {}

    /** How a number is shown: as it is, or as a date, a time or both. */
    enum NumberStyle { PLAIN, DATE, TIME, DATE_AND_TIME }

    final DataFile file;
    private final ZipFile zip;
    private final List<Sheet> sheets = new ArrayList<>();
    boolean from1904; // whether days are counted from 1904-01-01, as once on the Macintosh, not from 1900
    private final List<NumberStyle> styles = new ArrayList<>();
    final List<String> texts = new ArrayList<>(); // to which cells refer by number

    /** Rejects a file that does not begin like a zip archive. */
    static void requireNotOld(DataFile file, byte[] first) throws DataException {
        if (Arrays.equals(first, COMPOUND)) {
            throw file.error("expected a table. Received: a workbook in the format of Excel 97, or one with a password. Save it"
                    + " as .xlsx without a password, or as CSV");
        }
    }

    /** Whether a zip archive is some workbook. */
    static boolean isIn(ZipFile zip) {
        return zip.getEntry(PARTS) != null && zip.stream().anyMatch(entry -> entry.getName().startsWith("xl/"))
                || zip.getEntry("mimetype") != null && zip.getEntry(OPEN_DOCUMENT) != null;
    }

    /** A sheet as the text of a CSV file in UTF-8; null: the first that is not hidden. */
    static DataFile table(DataFile file, ZipFile zip, String sheet) throws DataException {
        boolean isBinary = zip.getEntry(BINARY) != null;
        if (isBinary || zip.getEntry(PARTS) == null) {
            throw file.error("expected a workbook in the format .xlsx. Received: one of " + (isBinary ? ".xlsb" : "OpenDocument")
                    + ". Save it as .xlsx or as CSV");
        }
        return new Workbook(file, zip).table(sheet);
    }

    private Workbook(DataFile file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    private DataFile table(String name) throws DataException {
        String book = only(ROOT, relations(RELATIONS, "").values());
        int base = book.lastIndexOf('/') + 1;
        Map<String, Relation> relations = relations(book.substring(0, base) + "_rels/" + book.substring(base) + ".rels",
                book.substring(0, base));
        readSheets(book, relations);
        List<String> names = sheets.stream().map(Sheet::name).toList();
        Sheet sheet = sheets.stream().filter(each -> name == null ? !each.isHidden : each.name.equals(name)).findFirst()
                .orElseThrow(() -> file.error("expected a workbook with " + (name == null ? "a sheet that is not hidden"
                        : "the sheet " + CsvRows.shown(name)) + ". Received the sheets: " + Archive.listed(names)
                        + ". Name one of these with `sheet`"));
        if (name == null && sheets.size() > 1) {
            file.remark("The table is the sheet " + CsvRows.shown(sheet.name) + " of the workbook, which has the sheets "
                    + Archive.listed(names) + " (`sheet` takes another)");
        }
        String styled = only(STYLES, relations.values());
        if (!styled.isEmpty()) {
            readStyles(styled);
        }
        String shared = only(TEXTS, relations.values());
        if (!shared.isEmpty()) {
            readTexts(shared);
        }
        return file.entry("sheet " + CsvRows.shown(sheet.name), new SheetText(this, part(sheet.path), zip.getEntry(sheet.path).getCompressedSize()));
    }

    private XmlPart part(String path) throws DataException {
        ZipEntry entry = zip.getEntry(path);
        if (entry == null) {
            throw file.error("expected a workbook with a part " + CsvRows.shown(path)
                    + ". Received: none. Save it again, or as CSV");
        }
        if (entry.getSize() > SMALL && entry.getSize() / MOST_GROWTH > entry.getCompressedSize()) {
            throw file.error("expected parts of a workbook that unpack to at most " + MOST_GROWTH + " times their size."
                    + " Received: " + CsvRows.shown(path) + ", from " + entry.getCompressedSize() + " to " + entry.getSize()
                    + " bytes. Save the table as CSV");
        }
        return new XmlPart(file, path, Archive.stream(file, zip, entry));
    }

    // -------------------------------------------------------------------------------------------------- sheets

    /** Reads the relations of a part, by id. */
    private Map<String, Relation> relations(String path, String base) throws DataException {
        Map<String, Relation> relations = new HashMap<>();
        try (XmlPart part = part(path)) {
            while (part.nextTag()) {
                if (part.isStart("Relationship") && relations.size() < MOST_SHEETS) {
                    String type = part.attribute("Type");
                    String target = part.attribute("Target");
                    relations.put(part.attribute("Id"), new Relation(type.substring(type.lastIndexOf('/') + 1),
                            target.startsWith("/") ? target.substring(1) : base + target));
                }
            }
        }
        return relations;
    }

    /** The path of the part of a type; empty if there is none. */
    private static String only(String type, Collection<Relation> relations) {
        return relations.stream().filter(each -> each.type.equals(type)).map(Relation::path).findFirst().orElse("");
    }

    private void readSheets(String path, Map<String, Relation> relations) throws DataException {
        try (XmlPart book = part(path)) {
            while (book.nextTag()) {
                if (book.isStart("workbookPr")) {
                    from1904 = isTrue(book.attribute("date1904"));
                } else if (book.isStart("sheet") && sheets.size() < MOST_SHEETS) {
                    Relation relation = relations.get(book.attribute("id"));
                    if (relation != null && relation.type.equals(WORKSHEET)) { // no chart
                        String state = book.attribute("state");
                        boolean isHidden = !state.isEmpty() && !state.equals("visible");
                        sheets.add(new Sheet(book.attribute("name"), relation.path, isHidden));
                    }
                }
            }
        }
    }

    static boolean isTrue(String value) {
        return value.equals("1") || value.equals("true");
    }

    // -------------------------------------------------------------------------------------------------- styles

    private void readStyles(String path) throws DataException {
        Map<String, NumberStyle> custom = new HashMap<>();
        boolean inCells = false;
        try (XmlPart part = part(path)) {
            while (part.nextTag()) {
                if (part.isStart("numFmt")) {
                    custom.put(part.attribute("numFmtId"), style(part.attribute("formatCode")));
                } else if (part.isStart("cellXfs") || part.isEnd("cellXfs")) {
                    inCells = part.isStart();
                } else if (inCells && part.isStart("xf")) {
                    String id = part.attribute("numFmtId");
                    styles.add(custom.getOrDefault(id, builtIn(id)));
                }
                if (styles.size() > MOST_STYLES || custom.size() > MOST_STYLES) {
                    throw file.error("expected a workbook of at most " + MOST_STYLES + " styles. Received: more");
                }
            }
        }
    }

    /** The style of a format that has a number and no code in the file; 27 to 36 and 50 to 58 are dates in East Asia. */
    private static NumberStyle builtIn(String id) {
        if (!id.matches("[0-9]{1,2}")) {
            return NumberStyle.PLAIN;
        }
        int number = Integer.parseInt(id);
        return number >= 14 && number <= 17 || number >= 27 && number <= 31 || number == 36 || number >= 50 && number <= 58
                ? NumberStyle.DATE
                : number >= 18 && number <= 21 || number >= 32 && number <= 35 || number == 45 || number == 47 ? NumberStyle.TIME
                : number == 22 ? NumberStyle.DATE_AND_TIME : NumberStyle.PLAIN;
    }

    /** The style of a format such as {@code [$-409]d\-mmm\-yy;@}. Hours beyond a day, {@code [h]:mm}, are a number of days. */
    static NumberStyle style(String code) {
        boolean date = false;
        boolean time = false;
        for (int i = 0; i < code.length(); i++) {
            char c = Character.toLowerCase(code.charAt(i));
            int end = c == '"' ? code.indexOf('"', i + 1) : c == '[' ? code.indexOf(']', i) : i;
            if (c == '[' && end > 0 && code.substring(i + 1, end).matches("(?i)h+|m+|s+") || c == ';' && !date && !time) {
                return NumberStyle.PLAIN;
            }
            if (c == ';' || end < 0) {
                break;
            }
            i = c == '\\' || c == '_' || c == '*' ? i + 1 : end;
            date |= c == 'd' || c == 'y';
            time |= c == 'h' || c == 's';
        }
        // m is a month or a minute: alone it is a month.
        boolean month = !date && !time && code.matches("(?i)m+([/.-]m+)?");
        return date || month ? time ? NumberStyle.DATE_AND_TIME : NumberStyle.DATE : time ? NumberStyle.TIME : NumberStyle.PLAIN;
    }

    /** The style of a cell's number. */
    NumberStyle style(int index) {
        return index < styles.size() ? styles.get(index) : NumberStyle.PLAIN;
    }

    // --------------------------------------------------------------------------------------------------- texts

    private void readTexts(String path) throws DataException {
        try (XmlPart part = part(path)) {
            long total = 0;
            while (part.nextTag()) {
                if (part.isStart("si")) {
                    String text = SheetText.richText(part, "si");
                    total += text.length();
                    if (texts.size() == MOST_TEXTS || total > MOST_CHARACTERS) {
                        throw file.error("expected a workbook of at most " + MOST_TEXTS + " texts and " + MOST_CHARACTERS
                                + " characters in these. Received: more. Save the table as CSV");
                    }
                    texts.add(text);
                }
            }
        }
    }
}
