package clade.database;

import static org.assertj.core.api.Assertions.assertThat;

import clade.support.CladeTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@CladeTest
class CopyRowsTests {

    @Autowired
    private DataSource database;

    @Test
    void everyValueArrivesAsItWasSent() throws SQLException, IOException {
        Random random = new Random(23);
        List<List<Object>> sent = new ArrayList<>();
        CopyRows rows = new CopyRows(16);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal number = i % 50 == 0 ? null : number(random);
            String text = i % 70 == 0 ? null : "tü\t\\N\n\"" + random.nextInt();
            long instant = random.nextLong(-62_135_596_800_000_000L, 250_000_000_000_000_000L);
            UUID uuid = new UUID(random.nextLong(), random.nextLong());
            short small = (short) random.nextInt();
            List<Object> values = new ArrayList<>();
            values.add((long) i);
            values.add(text);
            values.add(number == null ? null : number.toPlainString());
            values.add(Instant.EPOCH.plus(instant, ChronoUnit.MICROS));
            values.add(uuid);
            values.add((int) small);
            sent.add(values);
            int whole = random.nextInt();
            double[] doubles = random.doubles(1 + i % 3).toArray();
            values.add(whole);
            values.add(Arrays.stream(doubles).boxed().toList());
            rows.beginRow(9);
            rows.bigint(i);
            rows.text(text);
            rows.numeric(number);
            rows.timestamptz(instant);
            rows.uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            rows.smallint(small);
            rows.integer(whole);
            rows.doubles(doubles);
            rows.none();
        }
        assertThat(rows.rows()).isEqualTo(20_000);

        List<List<Object>> arrived = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create temporary table arrived (a bigint, b text, c numeric, d timestamptz, e uuid, f smallint, g int, h float8[], i text)");
            rows.copyTo(connection, "arrived");
            try (ResultSet found =
                    statement.executeQuery("select a, b, c::text, d, e, f, g, h, i from arrived order by a")) {
                while (found.next()) {
                    List<Object> values = new ArrayList<>();
                    values.add(found.getLong(1));
                    values.add(found.getString(2));
                    values.add(found.getString(3));
                    values.add(found.getObject(4, OffsetDateTime.class).toInstant());
                    values.add(found.getObject(5, UUID.class));
                    values.add(found.getInt(6));
                    values.add(found.getInt(7));
                    values.add(List.of((Double[]) found.getArray(8).getArray()));
                    assertThat(found.getString(9)).isNull();
                    arrived.add(values);
                }
            }
            statement.execute("drop table arrived");
        }
        assertThat(arrived).isEqualTo(sent);
        assertThat(rows.rows()).isZero();
    }

    private static BigDecimal number(Random random) {
        int bits = random.nextInt(1, random.nextBoolean() ? 40 : 160);
        BigInteger unscaled = new BigInteger(bits, random);
        BigDecimal number = new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(-5, 30));
        return number.scale() < 0 ? number.setScale(0) : number;
    }
}
