package beras.saving;

import beras.saving.bytes.ProtoMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Records of TensorBoard's event files. A record is a length (long), its checksum (int), a message of that length, and its
 * checksum (int), all little-endian; the checksums are CRC-32C, rotated and shifted.
 */
final class Events {

    private static final String VERSION = "brain.Event:2";
    private static final int CHECKSUM_SHIFT = 0xa282ead8;

    // Event
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    // Summary
    private static final int VALUE = 1;
    // Summary.Value
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;

    /** The record that begins a file. */
    static byte[] fileVersion(double wallTime) {
        return record(new ProtoMessage().float64(WALL_TIME, wallTime).text(FILE_VERSION, VERSION).toBytes());
    }

    /** A record of values, each made by {@link #scalar}. */
    static byte[] summary(double wallTime, long step, Iterable<ProtoMessage> values) {
        ProtoMessage summary = new ProtoMessage();
        values.forEach(value -> summary.message(VALUE, value));
        return record(new ProtoMessage().float64(WALL_TIME, wallTime).number(STEP, step).message(SUMMARY, summary).toBytes());
    }

    static ProtoMessage scalar(String tag, double value) {
        return new ProtoMessage().text(TAG, tag).float32(SIMPLE_VALUE, value);
    }

    private static byte[] record(byte[] message) {
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + message.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(message.length);
        record.putInt(checksum(record.array(), Long.BYTES));
        record.put(message);
        record.putInt(checksum(message, message.length));
        return record.array();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CHECKSUM_SHIFT;
    }

    private Events() {}
}
