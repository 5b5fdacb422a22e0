package clade.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.Oid;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;

/**
 * Rows gathered in memory in PostgreSQL's binary COPY format, and sent to a table at once.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-copy.html">COPY, section "Binary Format"</a>
 */
public final class CopyRows {

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private static final byte[] END = {-1, -1};

    /** PostgreSQL counts from 2000-01-01, in microseconds. */
    private static final long EPOCH_2000 = 946_684_800_000_000L;

    private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);
    private static final int LARGEST_PIECE = 1 << 16;
    private static final int ARRAY_HEADER = 20;

    private byte[] bytes;
    private int length = HEADER.length;
    private long rows;

    /** No rows yet; {@code capacity} is the number of bytes to begin with, which grows as needed. */
    public CopyRows(int capacity) {
        this.bytes = Arrays.copyOf(HEADER, Math.max(capacity, HEADER.length));
    }

    /** Begins a row of so many values, which follow in the order of the columns. */
    public void beginRow(int values) {
        rows++;
        putShort((short) values);
    }

    public void text(@Nullable String text) {
        if (text == null) {
            none();
        } else {
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    public void bytes(byte[] value) {
        putInt(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    public void bigint(long value) {
        putInt(8);
        putLong(value);
    }

    public void integer(int value) {
        putInt(4);
        putInt(value);
    }

    /** An array of double precision, of at least one value. */
    public void doubles(double[] values) {
        putInt(ARRAY_HEADER + values.length * (4 + 8));
        putInt(1); // dimension
        putInt(0); // no null among the values
        putInt(Oid.FLOAT8);
        putInt(values.length);
        putInt(1); // index of the first
        for (double value : values) {
            putInt(8);
            putLong(Double.doubleToRawLongBits(value));
        }
    }

    /** No value. */
    public void none() {
        putInt(-1);
    }

    public void smallint(short value) {
        putInt(2);
        putShort(value);
    }

    public void uuid(long high, long low) {
        putInt(16);
        putLong(high);
        putLong(low);
    }

    /** An instant, in microseconds since 1970-01-01T00:00Z. */
    public void timestamptz(long epochMicros) {
        bigint(epochMicros - EPOCH_2000);
    }

    /** A number with its scale: 2.50 stays 2.50. */
    public void numeric(@Nullable BigDecimal number) {
        if (number == null) {
            none();
            return;
        }
        BigDecimal value = number.scale() < 0 ? number.setScale(0) : number;
        int scale = value.scale();
        int padding = (4 - scale % 4) % 4;
        short[] groups = value.precision() + padding <= 18
                ? groups(value.unscaledValue().longValue(), padding)
                : groups(value.unscaledValue().abs().multiply(BigInteger.TEN.pow(padding)));
        int weight = groups.length - (scale + padding) / 4 - 1;
        int trailing = groups.length;
        while (trailing > 0 && groups[trailing - 1] == 0) {
            trailing--;
        }
        putInt(8 + 2 * trailing);
        putShort((short) trailing);
        putShort((short) (trailing == 0 ? 0 : weight));
        putShort(value.signum() < 0 ? (short) 0x4000 : 0);
        putShort((short) scale);
        for (int i = 0; i < trailing; i++) {
            putShort(groups[i]);
        }
    }

    /** Values that were encoded by {@link #take} of other rows. */
    public void encoded(byte[] values, int offset, int count) {
        reserve(count);
        System.arraycopy(values, offset, bytes, length, count);
        length += count;
    }

    /** What was gathered, encoded; it is forgotten here. */
    public byte[] take() {
        byte[] taken = Arrays.copyOfRange(bytes, HEADER.length, length);
        clear();
        return taken;
    }

    public long rows() {
        return rows;
    }

    /** Bytes gathered. */
    public int size() {
        return length;
    }

    /** Sends the rows to the table and forgets them. {@code target} is SQL: a table, and its columns in parentheses. */
    public void copyTo(Connection connection, String target) throws SQLException, IOException {
        if (rows == 0) {
            return;
        }
        copy(connection, target, new ByteArrayInputStream(bytes, HEADER.length, length - HEADER.length));
        clear();
    }

    /** Sends the rows to the table on the connection of the transaction under way, and has none afterwards. */
    public void copyTo(DataSource database, String target) {
        Connection connection = DataSourceUtils.getConnection(database);
        try {
            copyTo(connection, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new SQLErrorCodeSQLExceptionTranslator(database).translate("copy " + target, null, e);
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
    }

    /** Sends rows to the table that were encoded by {@link #take}. */
    public static void copy(Connection connection, String target, InputStream encoded)
            throws SQLException, IOException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + target + " from stdin (format binary)");
        try {
            copy.writeToCopy(HEADER, 0, HEADER.length);
            byte[] piece = new byte[LARGEST_PIECE];
            for (int count = encoded.read(piece); count >= 0; count = encoded.read(piece)) {
                copy.writeToCopy(piece, 0, count);
            }
            copy.writeToCopy(END, 0, END.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Forgets the rows. */
    public void clear() {
        length = HEADER.length;
        rows = 0;
    }

    /** Groups of four decimal digits, the first not 0. */
    private static short[] groups(long unscaled, int padding) {
        long value = Math.abs(unscaled);
        for (int i = 0; i < padding; i++) {
            value *= 10;
        }
        int count = 0;
        for (long rest = value; rest > 0; rest /= 10_000) {
            count++;
        }
        short[] groups = new short[count];
        for (int i = count - 1; i >= 0; i--) {
            groups[i] = (short) (value % 10_000);
            value /= 10_000;
        }
        return groups;
    }

    private static short[] groups(BigInteger value) {
        short[] reversed = new short[value.bitLength() / 13 + 1];
        int count = 0;
        for (BigInteger rest = value; rest.signum() > 0; ) {
            BigInteger[] parts = rest.divideAndRemainder(TEN_THOUSAND);
            reversed[count++] = parts[1].shortValue();
            rest = parts[0];
        }
        short[] groups = new short[count];
        for (int i = 0; i < count; i++) {
            groups[i] = reversed[count - 1 - i];
        }
        return groups;
    }

    private void putShort(short value) {
        reserve(2);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void putInt(int value) {
        reserve(4);
        bytes[length++] = (byte) (value >> 24);
        bytes[length++] = (byte) (value >> 16);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void putLong(long value) {
        putInt((int) (value >> 32));
        putInt((int) value);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, (int)
                    Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }
}
