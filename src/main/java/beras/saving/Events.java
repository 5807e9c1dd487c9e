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
    private static final int BUCKETS = 30;

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
    private static final int HISTOGRAM = 5;
    // HistogramProto
    private static final int MIN = 1;
    private static final int MAX = 2;
    private static final int COUNT = 3;
    private static final int SUM = 4;
    private static final int SUM_OF_SQUARES = 5;
    private static final int BUCKET_LIMIT = 6;
    private static final int BUCKET = 7;

    /** The record that begins a file. */
    static byte[] fileVersion(double wallTime) {
        return record(new ProtoMessage().float64(WALL_TIME, wallTime).text(FILE_VERSION, VERSION).toBytes());
    }

    /** A record of values, each made by {@link #scalar} or {@link #histogram}. */
    static byte[] summary(double wallTime, long step, Iterable<ProtoMessage> values) {
        ProtoMessage summary = new ProtoMessage();
        values.forEach(value -> summary.message(VALUE, value));
        return record(new ProtoMessage().float64(WALL_TIME, wallTime).number(STEP, step).message(SUMMARY, summary).toBytes());
    }

    static ProtoMessage scalar(String tag, double value) {
        return new ProtoMessage().text(TAG, tag).float32(SIMPLE_VALUE, value);
    }

    /** Of the finite values: how many are in each of 30 buckets of one width. */
    static ProtoMessage histogram(String tag, float[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
                sum += value;
                squares += (double) value * value;
                count++;
            }
        }
        ProtoMessage histogram = new ProtoMessage();
        if (count > 0) {
            histogram.float64(MIN, min).float64(MAX, max);
        }
        histogram.float64(COUNT, count).float64(SUM, sum).float64(SUM_OF_SQUARES, squares);
        if (count > 0) {
            double width = (max - min) / BUCKETS;
            double[] limits = new double[BUCKETS];
            for (int i = 0; i < BUCKETS; i++) {
                limits[i] = i == BUCKETS - 1 ? max : min + (i + 1) * width;
            }
            double[] buckets = new double[BUCKETS];
            for (float value : values) {
                if (Float.isFinite(value)) {
                    int bucket = width > 0 ? (int) ((value - min) / width) : BUCKETS - 1;
                    buckets[Math.min(bucket, BUCKETS - 1)]++;
                }
            }
            histogram.float64s(BUCKET_LIMIT, limits).float64s(BUCKET, buckets);
        }
        return new ProtoMessage().text(TAG, tag).message(HISTOGRAM, histogram);
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
