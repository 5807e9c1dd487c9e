package beras.tables;

import beras.data.DataException;
import beras.data.TableFile;
import beras.data.TableOptions;
import beras.data.TableParts;
import beras.data.TableSplit;
import beras.data.TableTarget.Task;
import beras.files.Sha256;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which table a model comes from, and which of its rows decided what, as the provenance in its file says. */
public final class TableOrigin {

    private static final String DATA = "data";
    private static final String HASH = "data_sha256";
    private static final String EXAMPLES = "examples";
    private static final String TARGET = "target";
    private static final String TASK = "task";
    private static final String SPLIT = "split";
    private static final String SHARE = "split_share";
    private static final String SEED = "split_seed";
    private static final String FOLD = "fold";
    private static final String OF = " of ";
    private static final String VALIDATION = "validation_data";
    private static final String VALIDATION_HASH = "validation_sha256";

    private final Map<String, String> provenance;

    private TableOrigin(Map<String, String> provenance) {
        this.provenance = provenance;
    }

    /** What a provenance says. */
    public static TableOrigin of(Map<String, String> provenance) {
        return new TableOrigin(Map.copyOf(provenance));
    }

    /** The provenance of a model that was trained on a table. */
    static Map<String, String> provenance(TableFile file, String sha256, long rows, String target, Task task, TableSplit split,
            Optional<TableFile> validation) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put(DATA, file.toString());
        provenance.put(HASH, sha256);
        provenance.put(EXAMPLES, Long.toString(rows));
        provenance.put(TARGET, target);
        provenance.put(TASK, task.name().toLowerCase(Locale.ROOT));
        if (validation.isPresent()) {
            provenance.put(VALIDATION, validation.get().toString());
            provenance.put(VALIDATION_HASH, hash(validation.get()));
        } else {
            provenance.put(SPLIT, split.toString());
            provenance.put(SHARE, Double.toString(split.share()));
            provenance.put(SEED, Long.toString(split.seed()));
        }
        return provenance;
    }

    /** What the provenance of a model of a cross-validation says besides; the number is counted from 1. */
    static Map<String, String> fold(int number, int folds) {
        return Map.of(FOLD, number + OF + folds);
    }

    static String hash(TableFile file) throws IOException {
        return Sha256.of(List.of(file.path()));
    }

    /** Whether these are the very rows of the table that the model was trained on, by their hash. */
    public boolean isTrainedOn(TableFile file) throws IOException {
        return hash(file).equals(provenance.get(HASH));
    }

    /** Whether the epoch whose weights were kept was chosen by this file, which held the rows to validate. */
    public boolean isValidatedOn(TableFile file) throws IOException {
        return hash(file).equals(provenance.get(VALIDATION_HASH));
    }

    /** Whether rows of that table were kept apart from training. */
    public boolean keptRowsApart() {
        return provenance.containsKey(SPLIT) && !provenance.get(SHARE).equals(Double.toString(0));
    }

    /**
     * Which rows of that table were for what.
     *
     * @throws DataException if the table cannot be split as then
     * @throws IllegalStateException if the provenance does not say how
     */
    public TableParts parts(TableFile file) throws DataException {
        if (!provenance.containsKey(SPLIT)) {
            throw new IllegalStateException(provenance.containsKey(VALIDATION)
                    ? "The rows to validate were those of " + provenance.get(VALIDATION)
                    : "The model does not say which rows of its table were kept apart");
        }
        try {
            TableSplit split = TableSplit.parse(provenance.get(SPLIT), Double.parseDouble(provenance.get(SHARE)))
                    .seed(Long.parseLong(provenance.get(SEED)));
            TableOptions options = new TableOptions().task(task());
            if (!provenance.containsKey(FOLD)) {
                return split.parts(file, provenance.get(TARGET), options);
            }
            String[] fold = provenance.get(FOLD).split(OF);
            return split.folds(Integer.parseInt(fold[1]), file, provenance.get(TARGET), options)
                    .get(Integer.parseInt(fold[0]) - 1);
        } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException e) { // somebody wrote it by hand
            throw new IllegalStateException("The model says in no usable way which rows of its table were kept apart: " + provenance,
                    e);
        }
    }

    private Task task() {
        return Task.valueOf(provenance.get(TASK).toUpperCase(Locale.ROOT));
    }
}
