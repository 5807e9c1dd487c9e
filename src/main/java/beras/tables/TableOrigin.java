package beras.tables;

import beras.config.InvalidDataException;
import beras.data.DataException;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableParts;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget.Task;
import beras.data.table.TargetMeans;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** The table of a model, and the parts of its rows, from the provenance in the model file. */
public final class TableOrigin {

    /** In a provenance: the SHA-256 of the data that were trained on. */
    public static final String DATA_HASH = "data_sha256";
    /** Key of the provenance: the SHA-256 of a separate file of validation rows. */
    public static final String VALIDATION_HASH = "validation_sha256";

    /** Key of the provenance: the number of folds, of which each network of an ensemble held out another. */
    static final String FOLDS = "folds";
    /** Key of the provenance: the column of sample weights. */
    static final String SAMPLE_WEIGHT = "sample_weight";

    private static final String DATA = "data";
    private static final String EXAMPLES = "examples";
    private static final String TARGET = "target";
    private static final String TASK = "task";
    private static final String SPLIT = "split";
    private static final String SHARE = "split_share";
    private static final String SEED = "split_seed";
    private static final String FOLD = "fold";
    private static final String OF = " of ";
    private static final String VALIDATION = "validation_data";

    private final Map<String, String> provenance;

    private TableOrigin(Map<String, String> provenance) {
        this.provenance = provenance;
    }

    /** Reads a provenance. */
    public static TableOrigin of(Map<String, String> provenance) {
        return new TableOrigin(Map.copyOf(provenance));
    }

    /**
     * The provenance of a model that was trained on a table.
     *
     * @param fold which of how many folds was tested, see {@link #fold}; empty if the table was split in two
     */
    static Map<String, String> provenance(TableFile file, String sha256, long rows, String target, Task task, TableSplit split,
            String fold, Optional<TableFile> validation) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put(DATA, file.toString());
        provenance.put(DATA_HASH, sha256);
        provenance.put(EXAMPLES, Long.toString(rows));
        provenance.put(TARGET, target);
        provenance.put(TASK, task.name().toLowerCase(Locale.ROOT));
        if (validation.isPresent()) {
            provenance.put(VALIDATION, validation.get().toString());
            provenance.put(VALIDATION_HASH, validation.get().sha256());
        } else {
            provenance.put(SPLIT, split.toString());
            provenance.put(SHARE, Double.toString(split.share()));
            provenance.put(SEED, Long.toString(split.seed()));
        }
        if (!fold.isEmpty()) {
            provenance.put(FOLD, fold);
        }
        return provenance;
    }

    /** Which of how many folds was tested, counted from 1. */
    static String fold(int number, int folds) {
        return number + OF + folds;
    }

    /** Whether these are the very rows of the table that the model was trained on, by their hash. */
    public boolean isTrainedOn(TableFile file) throws IOException {
        return file.sha256().equals(provenance.get(DATA_HASH));
    }

    /** Whether the epoch whose weights were kept was chosen by this file, which held the validation rows. */
    public boolean isValidatedOn(TableFile file) throws IOException {
        return file.sha256().equals(provenance.get(VALIDATION_HASH));
    }

    /** Whether rows of that table were held out from training. */
    public boolean keptRowsApart() {
        try {
            return provenance.containsKey(SPLIT) && split().share() > 0;
        } catch (IllegalArgumentException | NullPointerException e) { // somebody wrote it by hand
            return false;
        }
    }

    private TableSplit split() {
        return TableSplit.parse(provenance.get(SPLIT), Double.parseDouble(provenance.get(SHARE)))
                .seed(Long.parseLong(provenance.get(SEED)));
    }

    /**
     * The part of each row of that table.
     *
     * @param file the table, with the {@link TableFile#missing marks} of missing values of the model's schema
     * @throws DataException if the table cannot be split as then
     * @throws InvalidDataException if the provenance does not contain the split
     */
    public TableParts parts(TableFile file) throws DataException {
        if (!provenance.containsKey(SPLIT)) {
            throw new InvalidDataException(provenance.containsKey(VALIDATION)
                    ? "The validation rows were those of " + provenance.get(VALIDATION)
                    : "The model does not record which rows of its table were held out");
        }
        try {
            TableOptions options = new TableOptions().task(Task.valueOf(provenance.get(TASK).toUpperCase(Locale.ROOT)));
            options = provenance.containsKey(SAMPLE_WEIGHT) ? options.sampleWeight(provenance.get(SAMPLE_WEIGHT)) : options;
            String fold = provenance.get(FOLD);
            if (fold == null) {
                return split().parts(file, provenance.get(TARGET), options);
            }
            int of = fold.indexOf(OF);
            List<TableParts> folds = split().folds(Integer.parseInt(fold.substring(of + OF.length())), file,
                    provenance.get(TARGET), options);
            return folds.get(Integer.parseInt(fold.substring(0, of)) - 1);
        } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException e) { // written by hand
            throw new InvalidDataException("The model does not record in a usable form which rows of its table were held out: " + provenance,
                    e);
        }
    }

    /**
     * The validation rows of that table for each network of a model; one element for all if all held out the same. With target
     * encoding these are the rows of the first fold alone, as the encoding was learnt from all others.
     *
     * @param schema of the model
     * @param nets   the number of networks of the model, see {@link beras.training.Trainable#nets}
     * @throws DataException as {@link #parts}
     * @throws InvalidDataException as {@link #parts}
     */
    public List<LongPredicate> validationRows(TableFile file, TableSchema schema, int nets) throws DataException {
        TableParts parts = parts(file);
        if (!heldOutByNet(nets)) {
            return List.of(parts.validation());
        }
        boolean firstAlone = TargetMeans.areIn(schema);
        int validate = firstAlone ? 1 : parts.folds(); // later networks hold out the rows of an earlier one
        return IntStream.range(0, nets).<LongPredicate>mapToObj(net -> net < validate ? row -> parts.fold(row) == net : row -> false).toList();
    }

    /**
     * The rows of that table that a network of a model was trained on.
     *
     * @param nets as of {@link #validationRows}
     * @throws DataException as {@link #parts}
     * @throws InvalidDataException as {@link #parts}
     */
    public LongPredicate trainingRows(TableFile file, int nets) throws DataException {
        TableParts parts = parts(file);
        return heldOutByNet(nets) ? parts.training().or(parts.validation()) : parts.training();
    }

    private boolean heldOutByNet(int nets) {
        return nets > 1 && provenance.containsKey(FOLDS);
    }
}
