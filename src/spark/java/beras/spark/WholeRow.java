package beras.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.GetColumnByOrdinal;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoder;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.CreateStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.JavaCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Vector;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * All columns of a row, in their order, as the row that Spark keeps them in. No value becomes an object and is turned back, as
 * with {@link org.apache.spark.sql.Encoders#row}: columns that are not looked at cost nothing but their copy. Only expressions of
 * Spark's optimizer see such rows, which is why this is one, though they may be others in the next version of Spark. Numbers
 * can be encoded from such a row without objects, see {@link Cells#encode}; both together take a quarter of the processor time
 * from the predictions of a small network, and more than half of the garbage.
 */
final class WholeRow extends Expression implements Serializable {

    private static final long serialVersionUID = 1;

    private final Vector<Expression> columns; // to javac, a Seq is not serializable

    private WholeRow(Seq<Expression> columns) {
        this.columns = columns.toVector();
    }

    // ---------------------------------------------------------------------------------------------------- encoders

    /** For a function that takes the rows of a dataset. Spark uses a row again for the next: copy rows that are to be kept. */
    static Encoder<InternalRow> taken(StructType schema) {
        List<Expression> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            columns.add(new GetColumnByOrdinal(columns.size(), field.dataType()));
        }
        return encoder(schema, new WholeRow(toSeq(columns)));
    }

    /**
     * For a function that gives rows. To Spark these are structs, not the objects that {@link #taken} makes: it passes results
     * of a function on to the next if that takes objects of the same type, even if columns were dropped in between.
     */
    static Encoder<InternalRow> given(StructType schema) {
        return encoder(schema, new GetColumnByOrdinal(0, schema));
    }

    private static Encoder<InternalRow> encoder(StructType schema, Expression toRow) {
        Expression row = new BoundReference(0, schema, false);
        List<Expression> fields = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            fields.add(Literal.create(schema.fields()[i].name(), DataTypes.StringType));
            fields.add(new GetStructField(row, i, Option.empty()));
        }
        return new ExpressionEncoder<>(new Rows(schema), new CreateNamedStruct(toSeq(fields)), toRow);
    }

    private static Seq<Expression> toSeq(List<Expression> expressions) {
        return CollectionConverters.asScala(expressions).toSeq();
    }

    /** The type of rows in Spark. */
    private record Rows(DataType dataType) implements AgnosticEncoder<InternalRow> {

        private static final long serialVersionUID = 1;

        @Override
        public boolean isPrimitive() {
            return false;
        }

        @Override
        public ClassTag<InternalRow> clsTag() {
            return ClassTag.apply(InternalRow.class);
        }
    }

    // -------------------------------------------------------------------------------------------------- expression

    /** Whether the columns are, in their order, those of the row to read. A column that is there twice is read once. */
    private boolean isRowItself() {
        for (int i = 0; i < columns.length(); i++) {
            if (!(columns.apply(i) instanceof BoundReference bound) || bound.ordinal() != i) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Object eval(InternalRow row) {
        return isRowItself() ? row : CreateStruct.create(columns).eval(row);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return isRowItself() && context.currentVars() == null
                ? ExprCode.forNonNullValue(JavaCode.expression(context.INPUT_ROW(), InternalRow.class))
                : CreateStruct.create(columns).genCode(context);
    }

    @Override
    public DataType dataType() {
        return ObjectType.apply(InternalRow.class);
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public Seq<Expression> children() {
        return columns;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new WholeRow(children);
    }

    @Override
    public int productArity() {
        return 1;
    }

    @Override
    public Object productElement(int element) {
        return columns;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof WholeRow;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WholeRow row && columns.equals(row.columns);
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }
}
