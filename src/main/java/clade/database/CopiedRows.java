package clade.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query, streamed in PostgreSQL's binary COPY format: unlike a cursor, it lets the server plan for all rows and use
 * several processes. Values are read in the order of the columns, none of which may be null unless a method says so.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-copy.html">COPY, section "Binary Format"</a>
 */
public final class CopiedRows implements AutoCloseable {

    private static final int SIGNATURE = 11;
    private static final String QUERY_CANCELLED = "57014";
    private static final Instant EPOCH_2000 = Instant.parse("2000-01-01T00:00:00Z");
    private static final double[] NONE = {};

    private final PGConnection connection;
    private final CopyOut copy;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private boolean begun;

    /** Begins to read. {@code query} is SQL without parameters. */
    public CopiedRows(Connection connection, String query) throws SQLException {
        this.connection = connection.unwrap(PGConnection.class);
        copy = this.connection.getCopyAPI().copyOut("copy (" + query + ") to stdout (format binary)");
    }

    /** Goes on to the next row; false after the last. */
    public boolean next() throws SQLException {
        if (!begun) {
            begun = true;
            fill();
            piece.position(SIGNATURE + 4);
            int extension = piece.getInt();
            piece.position(piece.position() + extension);
        }
        fill();
        if (piece.getShort() < 0) {
            fill();
            return false;
        }
        return true;
    }

    /** The next value, a bigint; a float8 by its bits; a timestamptz in microseconds since 2000. */
    public long bigint() {
        expect(8);
        return piece.getLong();
    }

    public int integer() {
        expect(4);
        return piece.getInt();
    }

    public double float8() {
        return Double.longBitsToDouble(bigint());
    }

    /** NaN for a null. */
    public double nullableFloat8() {
        return isNull() ? Double.NaN : float8();
    }

    /** Null for a null. */
    public @Nullable String nullableText() {
        return isNull() ? null : text();
    }

    /** Whether the next value is null, which is then read. */
    private boolean isNull() {
        boolean missing = piece.getInt(piece.position()) < 0;
        if (missing) {
            piece.getInt();
        }
        return missing;
    }

    public String text() {
        int length = piece.getInt();
        String text = new String(piece.array(), piece.position(), length, StandardCharsets.UTF_8);
        piece.position(piece.position() + length);
        return text;
    }

    /** A timestamptz. */
    public Instant instant() {
        long micros = bigint();
        return EPOCH_2000
                .plusSeconds(Math.floorDiv(micros, 1_000_000L))
                .plusNanos(1000 * Math.floorMod(micros, 1_000_000L));
    }

    /** An array of double precision without nulls; none for a null. */
    public double[] doubles() {
        if (piece.getInt() < 0) {
            return NONE;
        }
        int dimensions = piece.getInt();
        piece.position(piece.position() + 8); // whether there are nulls, and the type of the elements
        if (dimensions == 0) {
            return NONE;
        }
        double[] values = new double[piece.getInt()];
        piece.getInt(); // index of the first
        for (int i = 0; i < values.length; i++) {
            values[i] = float8();
        }
        return values;
    }

    /** The two halves of a uuid, the high one first. */
    public long[] uuid() {
        expect(16);
        return new long[] {piece.getLong(), piece.getLong()};
    }

    /**
     * Stops the query if rows are left, and reads past those that are on their way: the driver's own way of cancelling would leave
     * them to whoever uses the connection next.
     */
    @Override
    public void close() throws SQLException {
        if (!copy.isActive()) {
            return;
        }
        connection.cancelQuery();
        try {
            byte @Nullable [] rest = copy.readFromCopy();
            while (rest != null) {
                rest = copy.readFromCopy();
            }
        } catch (SQLException e) {
            if (!QUERY_CANCELLED.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    private void expect(int bytes) {
        int length = piece.getInt();
        if (length != bytes) {
            throw new IllegalStateException("A value of %d bytes was expected, got %d".formatted(bytes, length));
        }
    }

    /** The server sends a row a message, the header before the first one. */
    private void fill() throws SQLException {
        if (piece.hasRemaining()) {
            return;
        }
        byte @Nullable [] message = copy.readFromCopy();
        piece = message == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(message);
    }
}
