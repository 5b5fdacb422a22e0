package clade.transactions;

import clade.database.CopyRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Some of the staged rows, all of them that are equal to one of them included, on their way into {@code transaction}. */
final class Slice {

    /** Values of a row that come as they are to be stored. */
    private static final int ENCODED = 8;

    private final List<Entry> entries = new ArrayList<>();

    /** A row. */
    static final class Entry {
        final long number;
        final long high;
        final long low;
        final long occurredAt;
        final String customerId;
        private final byte[] values;
        private final int begin;

        long customer;

        /** Number among the equal rows of the file, from 1. */
        int occurrence;

        /** The upload that has stored an equal row of this occurrence, if there is one. */
        @Nullable
        Long owner;

        /** Another row has its transaction id by now. */
        boolean late;

        Entry(byte[] row) {
            ByteBuffer encoded = ByteBuffer.wrap(row);
            this.number = encoded.getLong();
            this.high = encoded.getLong();
            this.low = encoded.getLong();
            this.occurredAt = encoded.getLong();
            int length = encoded.getShort();
            this.values = row;
            this.customerId = new String(values, encoded.position(), length, StandardCharsets.UTF_8);
            this.begin = encoded.position() + length;
        }

        boolean equalTo(Entry other) {
            return customer == other.customer && high == other.high && low == other.low;
        }

        /** No UTF-8 ends in the bytes of a null's length. */
        boolean identified() {
            return ByteBuffer.wrap(values).getInt(values.length - 4) != -1;
        }

        /** The last of the values; only of a row that has one. */
        String transactionId() {
            ByteBuffer rest = ByteBuffer.wrap(values);
            rest.position(begin);
            int length = 0;
            for (int field = 0; field < ENCODED; field++) {
                rest.position(rest.position() + Math.max(length, 0));
                length = rest.getInt();
            }
            return new String(values, rest.position(), length, StandardCharsets.UTF_8);
        }

        void copy(CopyRows rows, long dataset, long upload) {
            rows.beginRow(13);
            rows.bigint(dataset);
            rows.bigint(customer);
            rows.bigint(upload);
            rows.uuid(high, low);
            rows.integer(occurrence);
            rows.encoded(values, begin, values.length - begin);
        }
    }

    /** Adds a row as it was staged. */
    void add(byte[] row) {
        entries.add(new Entry(row));
    }

    List<Entry> entries() {
        return entries;
    }

    /** Ids of the customers, each once, in their order. */
    Set<String> customerIds() {
        Set<String> ids = new TreeSet<>();
        entries.forEach(entry -> ids.add(entry.customerId));
        return ids;
    }

    /** By customer, identity and place in the file. */
    private static int compare(Entry a, Entry b) {
        int order = Long.compare(a.customer, b.customer);
        order = order != 0 ? order : Long.compareUnsigned(a.high, b.high);
        order = order != 0 ? order : Long.compareUnsigned(a.low, b.low);
        return order != 0 ? order : Long.compare(a.number, b.number);
    }

    /** Gives customers their numbers, sorts by them and by identity, and counts equal rows through. */
    void number(Map<String, Long> customers) {
        for (Entry entry : entries) {
            entry.customer = Objects.requireNonNull(customers.get(entry.customerId));
        }
        entries.sort(Slice::compare);
        Entry before = null;
        for (Entry entry : entries) {
            entry.occurrence = before != null && before.equalTo(entry) ? before.occurrence + 1 : 1;
            before = entry;
        }
    }
}
