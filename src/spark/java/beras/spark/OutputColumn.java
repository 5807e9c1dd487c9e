package beras.spark;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that a model adds to a DataFrame, in this order. */
enum OutputColumn {

    /** A number to compare with the label's column. */
    PREDICTION("prediction", "the column for the class or the number; empty: none", DataTypes.DoubleType),
    /** For classes. */
    PROBABILITY("probability", "the column for the probability of each class; empty: none", SQLDataTypes.VectorType()),
    /** For classes. */
    RAW_PREDICTION("rawPrediction", "the column for an unbounded score of each class; empty: none", SQLDataTypes.VectorType()),
    /** For classes with names. */
    PREDICTED_LABEL("predictedLabel", "the column for the label of the class; empty: none", DataTypes.StringType);

    private final String byDefault;
    private final String doc;
    private final DataType type;

    OutputColumn(String byDefault, String doc, DataType type) {
        this.byDefault = byDefault;
        this.doc = doc;
        this.type = type;
    }

    /** The name of the column if no other is given. */
    String byDefault() {
        return byDefault;
    }

    /** A new param that names the column. */
    Param<String> param(Identifiable owner) {
        return CheckedParams.column(owner, byDefault + "Col", doc);
    }

    /**
     * A schema with this column at its end; as it was if the name is empty.
     *
     * @throws IllegalArgumentException if there is a column of this name
     */
    StructType appendTo(StructType schema, String name, Metadata metadata) {
        return name.isEmpty() ? schema
                : Columns.append(schema, byDefault + "Col", new StructField(name, type, this != PREDICTION, metadata));
    }
}
