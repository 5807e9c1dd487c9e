package beras.data.table;

import beras.config.Config;
import beras.data.table.TableColumn.Date.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A {@link TableSchema} as a {@link Config} of a {@link TablePreprocessor}. */
final class TableConfig {

    private static final String DECIMAL_MARK = "decimalMark";
    private static final String LEAST = "least";
    private static final String MOST = "most";
    private static final String MISSING = "missing";
    private static final String MISSING_ONLY = "missingOnly"; // in place of the usual marks

    static Config write(TableSchema schema) {
        List<Config> columns = new ArrayList<>();
        schema.columns().forEach(column -> columns.add(column(column)));
        Config config = Config.of(TablePreprocessor.class).with("rows", schema.rows()).with("target", target(schema.target()))
                .with("columns", columns);
        MissingMarks marks = schema.missing();
        return marks.equals(MissingMarks.USUAL) ? config
                : config.with(marks.hasUsual() ? MISSING : MISSING_ONLY, List.copyOf(marks.others()));
    }

    private static Config target(TableTarget target) {
        Config config = Config.of(target.getClass()).with("name", target.name());
        return target instanceof TableTarget.Amount amount
                ? withComma(amount.decimalComma(), config.with("mean", amount.mean()).with("deviation", amount.deviation()))
                : config.with("labels", target.labels()).with("counts", target.counts());
    }

    private static Config column(TableColumn column) {
        Config config = Config.of(column.getClass()).with("name", column.name()).with("missing", column.missing())
                .with("note", column.note());
        if (column instanceof TableColumn.Numeric numeric) {
            Config limited = numeric.least() == Double.NEGATIVE_INFINITY && numeric.most() == Double.POSITIVE_INFINITY ? config
                    : config.with(LEAST, numeric.least()).with(MOST, numeric.most());
            return withComma(numeric.decimalComma(), limited.with("mean", numeric.mean()).with("deviation", numeric.deviation()));
        }
        if (column instanceof TableColumn.Date date) {
            return config.with("monthFirst", date.monthFirst()).with("parts", date.parts().stream().map(Part::name).toList())
                    .with("meanDays", date.meanDays()).with("deviationDays", date.deviationDays())
                    .with("meanYear", date.meanYear())
                    .with("deviationYear", date.deviationYear());
        }
        return column instanceof TableColumn.Category category
                ? config.with("values", category.values()).with("others", category.others()) : config;
    }

    static TableSchema read(Config config) {
        config.requireOnly("rows", "target", "columns", MISSING, MISSING_ONLY);
        List<TableColumn> columns = new ArrayList<>();
        for (Object column : config.list("columns")) {
            if (!(column instanceof Config known)) {
                throw new IllegalArgumentException("columns must be a list of configs. Received: " + column);
            }
            columns.add(readColumn(known));
        }
        if (!(config.values().get("target") instanceof Config target)) {
            throw new IllegalArgumentException("A table needs a target. Received: " + config);
        }
        return new TableSchema(readTarget(target), columns, config.whole("rows"), marks(config));
    }

    private static MissingMarks marks(Config config) {
        MissingMarks marks = config.has(MISSING_ONLY) ? MissingMarks.only(Set.copyOf(texts(config, MISSING_ONLY)))
                : MissingMarks.USUAL;
        return config.has(MISSING) ? marks.and(Set.copyOf(texts(config, MISSING))) : marks;
    }

    private static TableTarget readTarget(Config config) {
        String name = config.text("name");
        return switch (config.type()) {
            case "Labels" -> new TableTarget.Labels(name, texts(config, "labels"), counts(config));
            case "Amount" -> new TableTarget.Amount(name, config.number("mean"), config.number("deviation"), hasComma(config));
            default -> throw new IllegalArgumentException("A target is Labels or Amount. Received: " + config.type());
        };
    }

    /** Numbers with a point need no word of it, and had none before there were others. */
    private static Config withComma(boolean decimalComma, Config config) {
        return decimalComma ? config.with(DECIMAL_MARK, ",") : config;
    }

    private static boolean hasComma(Config config) {
        if (!config.values().containsKey(DECIMAL_MARK)) {
            return false;
        }
        if (!config.text(DECIMAL_MARK).equals(",")) {
            throw new IllegalArgumentException(DECIMAL_MARK + " is a comma, or not there. Received: " + config.text(DECIMAL_MARK));
        }
        return true;
    }

    private static List<Long> counts(Config config) {
        List<Long> counts = new ArrayList<>();
        for (Object count : config.list("counts")) {
            counts.add(Config.of("Counts").with("count", count).whole("count"));
        }
        return counts;
    }

    private static TableColumn readColumn(Config config) {
        String name = config.text("name");
        long missing = config.whole("missing");
        String note = config.text("note");
        return switch (config.type()) {
            case "Numeric" -> new TableColumn.Numeric(name, missing, note, config.number("mean"), config.number("deviation"),
                    hasComma(config), config.values().containsKey(LEAST) ? config.number(LEAST) : Double.NEGATIVE_INFINITY,
                    config.values().containsKey(MOST) ? config.number(MOST) : Double.POSITIVE_INFINITY);
            case "Category" -> new TableColumn.Category(name, missing, note, texts(config, "values"),
                    config.whole("others"));
            case "Date" -> new TableColumn.Date(name, missing, note, config.flag("monthFirst"), parts(texts(config, "parts")),
                    config.number("meanDays"), config.number("deviationDays"), config.number("meanYear"),
                    config.number("deviationYear"));
            case "Ignored" -> new TableColumn.Ignored(name, missing, note);
            default -> throw new IllegalArgumentException("A column is Numeric, Category, Date or Ignored. Received: "
                    + config.type());
        };
    }

    /** The parts of a date by their names. */
    static List<Part> parts(List<String> names) {
        List<Part> parts = new ArrayList<>();
        for (String name : names) {
            try {
                parts.add(Part.valueOf(name));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("A part of a date is one of "
                        + List.of(Part.values()).stream().map(Part::name).toList()
                        + ". Received: " + name, e);
            }
        }
        return parts;
    }

    private static List<String> texts(Config config, String name) {
        List<String> texts = new ArrayList<>();
        for (Object text : config.list(name)) {
            if (!(text instanceof String known)) {
                throw new IllegalArgumentException(name + " must be a list of texts. Received: " + text);
            }
            texts.add(known);
        }
        return texts;
    }

    private TableConfig() {}
}
