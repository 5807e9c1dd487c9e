package beras.data.parquet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Structures in the compact protocol of Apache Thrift, in which a Parquet file describes itself. It has no maps. */
final class Thrift {

    static final int TRUE = 1;
    static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int INT16 = 4;
    private static final int INT32 = 5;
    private static final int INT64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    static final int LIST = 9;
    private static final int SET = 10;
    static final int STRUCT = 12;
    private static final int DEEPEST = 32;
    private static final int NIBBLE = 4;
    private static final int LOW = 0xf;
    private static final String UNKNOWN = "expected a structure of Thrift. Received: a value of type ";

    /** Reads the fields of a structure. */
    interface Fields {

        /**
         * Reads the value of a field.
         *
         * @return false if it did not, as nobody needs it
         */
        boolean read(int field, int type) throws IOException;
    }

    /** Reads an element of a list. */
    interface Element {
        void read(int type) throws IOException;
    }

    private final ByteCursor in;
    private int depth;

    Thrift(ByteCursor in) {
        this.in = in;
    }

    /** Reads a structure. */
    void struct(Fields fields) throws IOException {
        enter();
        int field = 0;
        for (int header = in.unsignedByte(); header != 0; header = in.unsignedByte()) {
            int type = header & LOW;
            field = header >> NIBBLE == 0 ? (int) in.zigzag() : field + (header >> NIBBLE);
            if (!fields.read(field, type)) {
                skip(type, false);
            }
        }
        depth--;
    }

    private void enter() throws IOException {
        if (++depth > DEEPEST) {
            throw new IOException("expected structures at most " + DEEPEST + " within each other. Received: more");
        }
    }

    /** A structure in a field of that type. */
    boolean struct(int type, Fields fields) throws IOException {
        require(type == STRUCT, type);
        struct(fields);
        return true;
    }

    /** Reads a list of structures in a field of that type. */
    boolean list(int type, Element element) throws IOException {
        require(type == LIST || type == SET, type);
        int header = in.unsignedByte();
        int count = header >> NIBBLE == LOW ? in.size() : header >> NIBBLE;
        for (int i = 0; i < count; i++) {
            element.read(header & LOW);
        }
        return true;
    }

    long number(int type) throws IOException {
        require(type >= BYTE && type <= INT64, type);
        return type == BYTE ? (byte) in.unsignedByte() : in.zigzag();
    }

    int integer(int type) throws IOException {
        long number = number(type);
        if (number != (int) number) {
            throw new IOException("expected a number of 32 bits. Received: " + number);
        }
        return (int) number;
    }

    boolean truth(int type) throws IOException {
        require(type == TRUE || type == FALSE, type);
        return type == TRUE;
    }

    String text(int type) throws IOException {
        require(type == BINARY, type);
        int length = in.size();
        return new String(in.bytes, in.take(length), length, StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, int type) throws IOException {
        if (!holds) {
            throw new IOException(UNKNOWN + type + " that does not fit its field");
        }
    }

    /** Goes past a value. */
    private void skip(int type, boolean inList) throws IOException {
        switch (type) {
            case TRUE, FALSE -> in.take(inList ? 1 : 0);
            case BYTE -> in.take(1);
            case INT16, INT32, INT64 -> in.varint();
            case DOUBLE -> in.take(Double.BYTES);
            case BINARY -> in.take(in.size());
            case LIST, SET -> {
                enter();
                list(type, element -> skip(element, true));
                depth--;
            }
            case STRUCT -> struct((field, each) -> false);
            default -> throw new IOException(UNKNOWN + type);
        }
    }
}
