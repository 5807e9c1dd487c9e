package beras.data.rows;

import beras.data.DataException;
import beras.data.image.PictureFolder;
import beras.files.FileFailure;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A folder of texts for each class, as the rows of a table: the name of each file below the folder, its class and its text. A folder of
 * texts alone has no classes. Names of files end with {@code .txt} or {@code .txt.gz}; classes, links and ignored files are as in a
 * {@link PictureFolder}.
 */
public final class TextFolder implements RowSource {

    /** The column of the names of files, which is no feature. */
    public static final String FILE = "file";
    /** The column of the classes. */
    public static final String CLASS = "class";
    /** The column of the texts. */
    public static final String TEXT = "text";

    /** A part of a text is as large at least, in characters. */
    private static final int PART = 1 << 20;

    private final PictureFolder folder;
    private final boolean hasClasses;
    private final Charset encoding; // null: each file shows it
    private final List<String> remarks = new ArrayList<>();
    private int row = -1;
    private String text;

    private TextFolder(PictureFolder folder, boolean hasClasses, Charset encoding) {
        this.folder = folder;
        this.hasClasses = hasClasses;
        this.encoding = encoding;
    }

    /** Whether the first file in a folder, or in folders in it, is a text. */
    public static boolean isOne(Path folder) {
        return PictureFolder.first(folder).filter(file -> RowSource.endsWith(file.toString(), ".txt")).isPresent();
    }

    /**
     * Lists the texts; none is read.
     *
     * @param encoding of the texts; null: each shows it
     * @throws DataException if the folder cannot be read, holds other files, or folders of classes are in folders of parts
     */
    public static TextFolder open(Path folder, Charset encoding) throws DataException {
        boolean hasClasses = PictureFolder.isOne(folder);
        PictureFolder files = hasClasses ? PictureFolder.open(folder) : PictureFolder.ofOneClass(folder);
        if (files.hasPart(PictureFolder.Part.TRAIN)) {
            throw new DataException(folder + ": expected a folder for each class, with its texts. Received: folders of parts, such as train."
                    + " Train with --data " + folder.resolve("train") + " and evaluate with that of the others");
        }
        Optional<Path> other = IntStream.of(files.all()).mapToObj(files::file)
                .filter(file -> !RowSource.endsWith(file.toString(), ".txt")).findFirst();
        if (other.isPresent()) {
            throw new DataException(other.get() + ": expected a text, with a name that ends with .txt or .txt.gz, as others in " + folder
                    + ". Received: another name. Rename or remove it");
        }
        TextFolder texts = new TextFolder(files, hasClasses, encoding);
        if (files.ignored() > 0) {
            texts.remarks.add(files.ignored() + " files beside the folders of the classes are ignored");
        }
        return texts;
    }

    @Override
    public List<String> names() {
        return hasClasses ? List.of(FILE, CLASS, TEXT) : List.of(FILE, TEXT);
    }

    @Override
    public boolean next() throws DataException {
        if (row + 1 >= folder.count()) {
            return false;
        }
        row++;
        StringBuilder parts = new StringBuilder();
        readParts(folder.file(row), encoding, remarks, parts::append);
        text = parts.toString();
        return true;
    }

    /** Takes a part of a text. */
    @FunctionalInterface
    public interface Part {

        /** Takes the next part. */
        void take(String part) throws IOException;
    }

    /**
     * The text of a file, with the ends of lines of Unix, in parts: each but the last ends before white space and not in it.
     *
     * @param encoding null: the file shows it
     * @param remarks  takes how it is written
     * @throws DataException if the file cannot be read, or {@code action} fails
     */
    public static void readParts(Path file, Charset encoding, List<String> remarks, Part action) throws DataException {
        StringBuilder text = new StringBuilder();
        try (TextReader reader = new TextReader(DataFile.open(file), encoding)) {
            char[] chars = new char[TextReader.MOST_PEEKED];
            for (int count = reader.read(chars, 0, chars.length); count >= 0; count = reader.read(chars, 0, chars.length)) {
                reader.beginRow(); // a text is no row
                int searched = text.length();
                text.append(chars, 0, count);
                for (int at = text.length() - 1; text.length() > PART && at >= searched; at--) {
                    if (isSpace(text.charAt(at)) && !isSpace(text.charAt(at - 1))) {
                        action.take(text.substring(0, at).replace("\r\n", "\n"));
                        text.delete(0, at);
                        break;
                    }
                }
            }
            reader.remarks().forEach(remark -> remarks.add(file + ": " + remark));
            action.take(text.toString().replace("\r\n", "\n"));
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(FileFailure.message(e), e);
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r'; // as \s of a pattern
    }

    @Override
    public String cell(int column) {
        return switch (names().get(column)) {
            case FILE -> folder.name(row);
            case CLASS -> folder.classes().get(folder.label(row));
            default -> text.strip();
        };
    }

    /** The number of the file, from 1. */
    @Override
    public long line() {
        return row + 1L;
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }
}
