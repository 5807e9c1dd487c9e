package beras.spark;

import beras.data.DataException;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The roles of an estimator's columns of a DataFrame.
 *
 * @param features   the column of vectors to learn from; empty: there is none
 * @param inputs     the columns to learn from; empty: all that are for nothing else, unless there are vectors
 * @param weight     of the rows; empty: all count the same
 * @param validation marks the validation rows; empty: there are none
 * @param types      of columns whose values suggest another type
 */
record ColumnRoles(Task task, String label, Optional<String> features, Optional<List<String>> inputs, Optional<String> weight,
        Optional<String> validation, Map<String, Type> types) {

    private static final String CELLS = "numbers, text, booleans or dates";

    /**
     * The names of the numbers of the vectors, which become columns of a table: from the metadata, else their places; none if
     * there are no vectors.
     *
     * @throws IllegalArgumentException if one of them has the name of the label
     * @throws DataException if the metadata do not have their number, and there is no vector to look at
     */
    List<String> numbers(Dataset<?> dataset) throws DataException {
        if (features.isEmpty()) {
            return List.of();
        }
        String name = features.get();
        StructField field = Columns.requireVectors(dataset.schema(), name);
        AttributeGroup group = field.dataType() instanceof ArrayType ? new AttributeGroup(name)
                : AttributeGroup.fromStructField(field);
        List<String> names = new ArrayList<>();
        if (group.attributes().isDefined()) {
            for (Attribute attribute : group.attributes().get()) {
                names.add(attribute.name().isDefined() ? attribute.name().get() : "");
            }
        }
        if (names.contains(label)) {
            throw new IllegalArgumentException("Column " + Columns.quoted(name) + " has the label " + Columns.quoted(label)
                    + " among its numbers. Remove it from the VectorAssembler");
        }
        if (!names.isEmpty() && names.stream().filter(Columns::isName).distinct().count() == names.size()) {
            return names;
        }
        int size = group.size() >= 0 ? group.size() : sizeOfFirst(dataset, name);
        List<String> places = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            places.add(name + "[" + i + "]");
        }
        return places;
    }

    private static int sizeOfFirst(Dataset<?> dataset, String name) throws DataException {
        List<Row> first = dataset.select(column(name)).where(column(name).isNotNull()).takeAsList(1);
        if (first.isEmpty()) {
            throw new DataException(TableColumns.NAME + ": expected rows to train on, with numbers in column "
                    + Columns.quoted(name) + ". Received: none");
        }
        return first.get(0).get(0) instanceof Vector vector ? vector.size() : first.get(0).getList(0).size();
    }

    private static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }

    /**
     * The columns of the table to learn from.
     *
     * @param numbers the names of the numbers of the vectors, if already available
     * @throws IllegalArgumentException if a column is missing, of a type that does not fit, or for two things
     */
    TableColumns columns(StructType schema, List<String> numbers) {
        StructField target = Columns.required(schema, label, "the label");
        requireOneUse(schema);
        requireTypes(schema, target);
        Map<String, Type> all = new LinkedHashMap<>();
        numbers.forEach(name -> all.put(name, Type.NUMERIC));
        List<String> names = new ArrayList<>(numbers);
        if (features.isPresent() || inputs.isPresent()) {
            inputs.ifPresent(names::addAll);
            names.add(label);
        } else {
            names.addAll(Arrays.asList(schema.fieldNames()));
            weight.ifPresent(names::remove);
            validation.ifPresent(names::remove);
        }
        boolean[] areNumbers = new boolean[names.size()];
        for (int i = 0; i < areNumbers.length; i++) {
            areNumbers[i] = i < numbers.size() || isNumber(requireCells(schema, names.get(i)));
        }
        for (Map.Entry<String, Type> type : types.entrySet()) {
            Columns.required(schema, type.getKey(), "whose type is given");
            if (!names.contains(type.getKey()) || type.getKey().equals(label)) {
                throw new IllegalArgumentException("columnTypes are of columns to learn from. Received a type for "
                        + Columns.quoted(type.getKey()) + ". Remove it");
            }
            all.put(type.getKey(), type.getValue());
        }
        return new TableColumns(names, areNumbers, label, task, all, features.isPresent() || inputs.isPresent(),
                weight.orElse(null), validation.orElse(null));
    }

    /** Refuses a column that is for two things, or two columns of one name of which one is used. */
    private void requireOneUse(StructType schema) {
        if (features.isPresent() && inputs.isPresent()) {
            throw new IllegalArgumentException("A net learns from featuresCol or from inputCols. Received both: " + features.get()
                    + " and " + inputs.get() + ". Clear one of them");
        }
        Map<String, String> uses = new LinkedHashMap<>();
        addUse(uses, "labelCol", label);
        weight.ifPresent(name -> addUse(uses, "weightCol", name));
        validation.ifPresent(name -> addUse(uses, "validationIndicatorCol", name));
        int others = uses.size();
        features.ifPresent(name -> addUse(uses, "featuresCol", name));
        inputs.ifPresent(names -> names.forEach(name -> addUse(uses, "inputCols", name)));
        if (uses.size() == others) {
            Arrays.asList(schema.fieldNames()).forEach(name -> uses.putIfAbsent(name, "an input"));
        }
        if (uses.size() == others) {
            throw new IllegalArgumentException("Expected a column to learn from, besides " + uses.keySet()
                    + ". Received the columns: " + Columns.listed(schema));
        }
        uses.keySet().forEach(name -> Columns.requireOne(schema, name));
    }

    private static void addUse(Map<String, String> uses, String param, String column) {
        String other = uses.put(column, param);
        if (other != null) {
            throw new IllegalArgumentException("A column is for one thing. Received " + Columns.quoted(column) + " as " + other
                    + " and as " + param);
        }
    }

    private void requireTypes(StructType schema, StructField target) {
        if (task == Task.REGRESSION && Cells.Kind.of(target.dataType()) != Cells.Kind.TEXT && !isNumber(target)) {
            throw Columns.unexpected(target, "numbers, or text that says such, as the label of a regression");
        }
        if (weight.isPresent()) {
            StructField field = Columns.required(schema, weight.get(), "the weights");
            if (!isNumber(field)) {
                throw Columns.unexpected(field, "numbers, as weights");
            }
        }
        if (validation.isPresent()) {
            StructField field = Columns.required(schema, validation.get(), "which tells the validation rows");
            if (!field.dataType().equals(DataTypes.BooleanType)) {
                throw Columns.unexpected(field, "booleans, which tell the validation rows");
            }
        }
        if (features.isPresent()) {
            Columns.requireVectors(schema, features.get());
            if (!types.isEmpty()) {
                throw new IllegalArgumentException("columnTypes are of columns, and the numbers of a vector have none. Received:"
                        + " types of " + types.keySet() + " and a featuresCol. Name the columns in inputCols instead");
            }
        }
    }

    private static StructField requireCells(StructType schema, String name) {
        StructField field = Columns.required(schema, name, "to learn from");
        if (Cells.Kind.of(field.dataType()) == null) {
            throw new IllegalArgumentException(Columns.unexpected(field, CELLS).getMessage()
                    + (field.dataType().equals(SQLDataTypes.VectorType()) ? ". Vectors are learnt from as featuresCol; else drop it"
                    : ". Drop it, or make such of it") + ", or name the columns to learn from in inputCols");
        }
        return field;
    }

    private static boolean isNumber(StructField field) {
        Cells.Kind kind = Cells.Kind.of(field.dataType());
        return kind != null && kind.isNumber();
    }

    /** The columns that are read: if somebody chose them, no others. */
    Dataset<?> selected(Dataset<?> dataset, TableColumns columns) {
        if (!columns.chosen()) {
            return dataset;
        }
        List<String> names = new ArrayList<>(inputs.orElse(List.of()));
        features.ifPresent(names::add);
        names.add(label);
        weight.ifPresent(names::add);
        validation.ifPresent(names::add);
        return dataset.select(names.stream().map(ColumnRoles::column).toArray(Column[]::new));
    }

    /**
     * The cells of rows.
     *
     * @param numbers how many of them come from the vectors
     */
    Cells cells(Dataset<?> rows, TableColumns columns, int numbers) {
        List<String> others = new ArrayList<>(columns.names().subList(numbers, columns.names().size()));
        weight.ifPresent(others::add);
        validation.ifPresent(others::add);
        String zone = Cells.zone(rows.sparkSession());
        return features.isPresent() ? Cells.ofVector(rows.schema(), features.get(), new boolean[numbers], others, zone)
                : new Cells(rows.schema(), others, zone);
    }
}
