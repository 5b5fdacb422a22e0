package clade.transactions;

import clade.database.CopyRows;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one upload before they are merged: gathered in memory, and from a few megabytes on in a file. They are kept in so
 * many parts by their customer, so that they can be merged part by part; no connection is held meanwhile.
 */
final class Staging implements AutoCloseable {

    /** Parts by customer. A part of a dataset is locked while its rows are merged; of two customers in one, one waits. */
    static final int PARTS = 512;

    private static final int BUFFER = 1 << 16;

    private static final int IN_MEMORY = 8 << 20;

    private final long upload;
    private final SpillFile file;
    private final CopyRows values = new CopyRows(1 << 10);
    private final MessageDigest digest = sha256();
    private final Spool raw;
    private Spool[] parts;
    private Spool[] ids;
    private Spool rejected;
    private ByteBuffer digested = ByteBuffer.allocate(4096);
    private final ByteBuffer head = ByteBuffer.allocate(4 + 8 + 16 + 8 + 2);
    private long written;
    private boolean keepsRaw = true;

    Staging(Path directory, long upload) {
        this.upload = upload;
        this.file = new SpillFile(directory);
        this.raw = new Spool(file);
        this.parts = spools();
        this.ids = spools();
        this.rejected = new Spool(file);
    }

    synchronized void add(long number, Row row) throws IOException {
        values.timestamptz(row.occurredAt);
        values.smallint(row.kind);
        values.numeric(row.quantity);
        values.numeric(row.unitPrice);
        values.numeric(row.amount);
        values.text(row.orderId);
        values.text(row.productId);
        values.text(row.transactionId);
        byte[] encoded = values.take();
        byte[] customer = row.customerId.getBytes(StandardCharsets.UTF_8);
        identify(row);
        byte[] identity = digest.digest();
        head.clear();
        head.putInt(head.capacity() - 4 + customer.length + encoded.length)
                .putLong(number)
                .put(identity, 0, 16)
                .putLong(row.occurredAt)
                .putShort((short) customer.length);
        put(parts[part(row.customerId)], head.array(), head.position());
        put(parts[part(row.customerId)], customer, customer.length);
        put(parts[part(row.customerId)], encoded, encoded.length);
        if (row.transactionId != null) {
            identified(number, identity, row.transactionId);
        }
        spillIfFull();
    }

    /**
     * Adds what a row says of a customer, as it is to be stored.
     *
     * @see #read(int, Said)
     */
    synchronized void add(String customerId, byte[] content) throws IOException {
        byte[] customer = customerId.getBytes(StandardCharsets.UTF_8);
        Spool part = parts[part(customerId)];
        head.clear();
        head.putInt(content.length).putShort((short) customer.length);
        put(part, head.array(), head.position());
        put(part, customer, customer.length);
        put(part, content, content.length);
        spillIfFull();
    }

    /** Takes what a row says of a customer. */
    interface Said {
        void take(String customerId, byte[] content);
    }

    /** What the rows of a part say of customers, in the file's order. */
    void read(int part, Said taker) throws IOException {
        try (DataInputStream in = stream(parts[part])) {
            for (long rest = parts[part].length(); rest > 0; ) {
                byte[] content = new byte[in.readInt()];
                byte[] customer = new byte[in.readShort()];
                in.readFully(customer);
                in.readFully(content);
                rest -= 6 + customer.length + content.length;
                taker.take(new String(customer, StandardCharsets.UTF_8), content);
            }
        }
    }

    /** Room for something else of the upload. */
    Spool newSpool() {
        return new Spool(file);
    }

    /** @param fields the original fields, as a JSON array of texts */
    synchronized void reject(long number, Rejection rejection, String fields) throws IOException {
        values.beginRow(6);
        values.bigint(upload);
        values.bigint(number);
        values.text(storable(rejection.column()));
        values.text(rejection.code());
        values.text(storable(rejection.message()));
        values.text(fields);
        byte[] encoded = values.take();
        put(rejected, encoded, encoded.length);
        spillIfFull();
    }

    /** Hands the file on and keeps a copy of its bytes, so that it can be read a second time. */
    InputStream keepingRaw(InputStream original) {
        return new FilterInputStream(original) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (count > 0) {
                    keep(buffer, offset, count);
                }
                return count;
            }
        };
    }

    /** The file is read on while its rows are staged by another thread. */
    private synchronized void keep(byte[] bytes, int offset, int count) throws IOException {
        if (keepsRaw) {
            raw.write(bytes, offset, count);
            written += count;
            spillIfFull();
        }
    }

    /** The file's bytes from the beginning. */
    InputStream raw() {
        keepsRaw = false;
        return raw.read();
    }

    /** Forgets the rows, valid and rejected, before the file is read again. */
    void restart() {
        parts = spools();
        ids = spools();
        rejected = new Spool(file);
    }

    /** The part that the rows of this customer are in. */
    static int part(String customer) {
        int hash = customer.hashCode();
        return (hash ^ (hash >>> 9) ^ (hash >>> 18) ^ (hash >>> 27)) & (PARTS - 1);
    }

    /** Bytes of the rows of a part. */
    long length(int part) {
        return parts[part].length();
    }

    /** Adds the rows of a part to the slice, those that {@code number} and {@code identity} (its high half) are wanted of. */
    void read(int part, BitSet left, LongPredicate identity, Slice slice) throws IOException {
        try (DataInputStream in = stream(parts[part])) {
            for (long rest = parts[part].length(); rest > 0; ) {
                byte[] row = new byte[in.readInt()];
                in.readFully(row);
                rest -= 4 + row.length;
                ByteBuffer start = ByteBuffer.wrap(row);
                if (!left.get(Math.toIntExact(start.getLong())) && identity.test(start.getLong())) {
                    slice.add(row);
                }
            }
        }
    }

    /** Takes a row's number, identity and transaction id. */
    interface Identified {
        void take(long number, long high, long low, String transactionId);
    }

    /** The rows with a transaction id, in the file's order, of a share of the ids: the {@code part}-th of {@link #PARTS}. */
    void readIdentified(int part, Identified taker) throws IOException {
        try (DataInputStream in = stream(ids[part])) {
            for (long rest = ids[part].length(); rest > 0; ) {
                long number = in.readLong();
                long high = in.readLong();
                long low = in.readLong();
                byte[] id = new byte[in.readShort()];
                in.readFully(id);
                rest -= 26 + id.length;
                taker.take(number, high, low, new String(id, StandardCharsets.UTF_8));
            }
        }
    }

    /** Sends the rejected rows to the table that keeps them. */
    void copyRejected(Connection connection) throws SQLException, IOException {
        if (rejected.length() > 0) {
            try (InputStream rows = rejected.read()) {
                CopyRows.copy(connection, "upload_rejected_row", rows);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void identified(long number, byte[] identity, String transactionId) {
        byte[] id = transactionId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer entry = ByteBuffer.allocate(26 + id.length)
                .putLong(number)
                .put(identity, 0, 16)
                .putShort((short) id.length)
                .put(id);
        put(ids[part(transactionId)], entry.array(), entry.capacity());
    }

    private void put(Spool spool, byte[] bytes, int count) {
        spool.write(bytes, 0, count);
        written += count;
    }

    private void spillIfFull() throws IOException {
        if (written < IN_MEMORY) {
            return;
        }
        for (Spool spool : parts) {
            spool.spill();
        }
        for (Spool spool : ids) {
            spool.spill();
        }
        rejected.spill();
        if (keepsRaw) {
            raw.spill();
        }
        written = 0;
    }

    private Spool[] spools() {
        Spool[] spools = new Spool[PARTS];
        java.util.Arrays.setAll(spools, part -> new Spool(file));
        return spools;
    }

    private static DataInputStream stream(Spool spool) {
        // a small upload leaves most parts empty, and a buffer for each would cost it more than all else
        int buffer = (int) Math.max(1, Math.min(BUFFER, spool.length()));
        return new DataInputStream(new BufferedInputStream(spool.read(), buffer));
    }

    /** What makes a row the same as another: its values, however many zeros they were written with. */
    private void identify(Row row) {
        digested.clear();
        digest(row.customerId);
        room(8).putLong(row.occurredAt);
        digest(row.orderId);
        digest(row.productId);
        digest(row.quantity);
        digest(row.unitPrice);
        digest(row.amount);
        digest(row.transactionId);
        digest.update(digested.array(), 0, digested.position());
    }

    private void digest(@Nullable String text) {
        digest(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private void digest(@Nullable BigDecimal number) {
        if (number == null) {
            digest((byte[]) null);
        } else {
            BigDecimal shortest = number.stripTrailingZeros();
            room(4).putInt(shortest.scale());
            digest(shortest.unscaledValue().toByteArray());
        }
    }

    private void digest(byte @Nullable [] bytes) {
        if (bytes == null) {
            room(4).putInt(-1);
        } else {
            room(4 + bytes.length).putInt(bytes.length).put(bytes);
        }
    }

    private ByteBuffer room(int needed) {
        if (digested.remaining() < needed) {
            digested = ByteBuffer.allocate(2 * (digested.capacity() + needed))
                    .put(digested.array(), 0, digested.position());
        }
        return digested;
    }

    /** PostgreSQL's text has no NUL. */
    private static String storable(String text) {
        return text.replace('\u0000', '\uFFFD');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
