package clade.transactions;

import clade.database.CopyRows;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one upload before they are merged: gathered in memory, and from a few megabytes on in unlogged tables that belong to
 * this upload alone. A connection is held only while such a batch is sent, never while the client is waited for.
 */
final class Staging {

    private static final int BATCH = 4 << 20;

    private final DataSource database;
    private final long upload;
    private final CopyRows rows = new CopyRows(1 << 16);
    private final CopyRows rejected = new CopyRows(1 << 12);
    private final MessageDigest digest = sha256();
    private ByteBuffer digested = ByteBuffer.allocate(4096);
    private byte[] raw = new byte[1 << 16];
    private int rawLength;
    private int rawParts;
    private boolean keepsRaw = true;
    private boolean created;

    Staging(DataSource database, long upload) {
        this.database = database;
        this.upload = upload;
    }

    /** Table of the valid rows. */
    static String rows(long upload) {
        return "staging.rows_" + upload;
    }

    /** Table of the rejected rows. */
    static String rejected(long upload) {
        return "staging.rejected_" + upload;
    }

    private static String raw(long upload) {
        return "staging.raw_" + upload;
    }

    static String dropAll(long upload) {
        return "drop table if exists %s, %s, %s".formatted(rows(upload), rejected(upload), raw(upload));
    }

    void add(long number, Row row) throws SQLException, IOException {
        rows.beginRow(11);
        rows.bigint(number);
        rows.text(row.customerId);
        rows.timestamptz(row.occurredAt);
        rows.text(row.orderId);
        rows.text(row.productId);
        rows.numeric(row.quantity);
        rows.numeric(row.unitPrice);
        rows.numeric(row.amount);
        rows.smallint(row.kind);
        rows.text(row.transactionId);
        identify(row);
        ByteBuffer identity = ByteBuffer.wrap(digest.digest());
        rows.uuid(identity.getLong(), identity.getLong());
        flushIfFull();
    }

    /** @param fields the original fields, as a JSON array of texts */
    void reject(long number, Rejection rejection, String fields) throws SQLException, IOException {
        rejected.beginRow(5);
        rejected.bigint(number);
        rejected.text(storable(rejection.column()));
        rejected.text(rejection.code());
        rejected.text(storable(rejection.message()));
        rejected.text(fields);
        flushIfFull();
    }

    /** Hands the file on and keeps a copy of its bytes, so that it can be read a second time. */
    InputStream keepingRaw(InputStream file) {
        return new FilterInputStream(file) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (keepsRaw && count > 0) {
                    keep(buffer, offset, count);
                }
                return count;
            }
        };
    }

    /** A second reading won't be needed. */
    void forgetRaw() {
        keepsRaw = false;
        raw = new byte[0];
        rawLength = 0;
    }

    /** The file's bytes from the beginning. */
    InputStream raw() {
        return new InputStream() {
            private int part;
            private byte[] bytes = new byte[0];
            private int position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                while (position == bytes.length) {
                    if (part > rawParts) {
                        return -1;
                    }
                    bytes = part < rawParts ? rawPart(part) : java.util.Arrays.copyOf(raw, rawLength);
                    position = 0;
                    part++;
                }
                int count = Math.min(length, bytes.length - position);
                System.arraycopy(bytes, position, buffer, offset, count);
                position += count;
                return count;
            }
        };
    }

    /** Forgets the rows, valid and rejected, before the file is read again. */
    void restart() throws SQLException {
        rows.clear();
        rejected.clear();
        if (created) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("truncate %s, %s".formatted(rows(upload), rejected(upload)));
            }
        }
    }

    /** Sends what is still in memory. */
    void flush() throws SQLException, IOException {
        try (Connection connection = database.getConnection()) {
            flush(connection);
        }
    }

    private void flush(Connection connection) throws SQLException, IOException {
        create(connection);
        rows.copyTo(connection, rows(upload));
        rejected.copyTo(connection, rejected(upload));
    }

    private void flushIfFull() throws SQLException, IOException {
        if (rows.size() > BATCH || rejected.size() > BATCH) {
            flush();
        }
    }

    private void create(Connection connection) throws SQLException {
        if (created) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    create unlogged table %s (row_number bigint not null, customer_id text collate "C" not null,
                        occurred_at timestamptz not null, order_id text collate "C", product_id text collate "C",
                        quantity numeric, unit_price numeric, amount numeric not null, kind smallint not null,
                        transaction_id text collate "C", identity uuid not null);
                    create unlogged table %s (row_number bigint not null, column_name text not null, code text not null,
                        message text not null, fields text not null);
                    create unlogged table %s (part int primary key, bytes bytea not null)""".formatted(rows(upload), rejected(upload), raw(upload)));
            statement.execute("alter table %s alter bytes set storage external".formatted(raw(upload)));
        }
        created = true;
    }

    private void keep(byte[] buffer, int offset, int count) throws IOException {
        while (raw.length - rawLength < count) {
            if (raw.length >= BATCH) {
                sendRaw();
            } else {
                raw = java.util.Arrays.copyOf(raw, Math.min(BATCH, Math.max(2 * raw.length, rawLength + count)));
            }
        }
        System.arraycopy(buffer, offset, raw, rawLength, count);
        rawLength += count;
    }

    private void sendRaw() throws IOException {
        try (Connection connection = database.getConnection()) {
            create(connection);
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into %s values (?, ?)".formatted(raw(upload)))) {
                insert.setInt(1, rawParts);
                insert.setBytes(2, java.util.Arrays.copyOf(raw, rawLength));
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        rawParts++;
        rawLength = 0;
    }

    private byte[] rawPart(int part) throws IOException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select bytes from %s where part = ?".formatted(raw(upload)))) {
            select.setInt(1, part);
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new IOException("Part %d of the file is gone".formatted(part));
                }
                return found.getBytes(1);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
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
