package clade.profiles;

import clade.database.Times;
import clade.segmentation.MemberScores;
import clade.web.Refusal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads profiles: one statement, so one snapshot and one way to the database and back. */
@Repository
class Profiles {

    /** A row for each of the dataset's segmentations, or one if it has none. */
    static final String SQL = """
            select h.transactions, h.purchases, h.returns, h.orders, h.first_purchase_at, h.last_purchase_at,
                   (h.purchased - h.returned)::float8 as monetary, d.time_zone, n.last_transaction_at,
                   s.id as segmentation_id, s.key as segmentation, s.method, r.id as run,
                   m.segment, s.version, g.name, m.since, m.previous, m.facts
            from dataset d
            left join customer c on c.dataset_id = d.id and c.customer_id = :customer
            left join dataset_counters n on n.dataset_id = d.id
            left join purchase_totals h on h.customer_id = c.id
            left join segmentation s on s.dataset_id = d.id
            left join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
            left join membership m on m.segmentation_id = s.id and m.customer_id = c.id and m.until_run is null
            left join segment g on g.run_id = r.id and g.key = m.segment
            where d.key = :dataset order by s.key collate "C\"""";

    private final JdbcClient jdbc;
    private final MemberScores scores;

    Profiles(JdbcClient jdbc, MemberScores scores) {
        this.jdbc = jdbc;
        this.scores = scores;
    }

    /** The profile of a customer; 404 if there is no such dataset, or no transaction of such a customer. */
    Profile get(String dataset, String customerId) {
        return jdbc.sql(SQL)
                .param("dataset", dataset)
                .param("customer", customerId)
                .query((ResultSetExtractor<Profile>) row -> profile(dataset, customerId, row));
    }

    private Profile profile(String dataset, String customerId, ResultSet row) throws SQLException {
        if (!row.next()) {
            throw Refusal.notFound("dataset", dataset);
        }
        if (row.getLong("transactions") == 0) {
            throw Refusal.notFound("customer", customerId);
        }
        Instant first = Times.find(row, "first_purchase_at");
        Instant last = Times.find(row, "last_purchase_at");
        long orders = row.getLong("orders");
        long purchases = row.getLong("purchases");
        long returns = row.getLong("returns");
        double monetary = row.getDouble("monetary");
        Instant newest = Times.get(row, "last_transaction_at");
        ZoneId zone = ZoneId.of(row.getString("time_zone"));
        List<Profile.Place> places = new ArrayList<>();
        ScoredBy scoredBy = null;
        do {
            String segment = row.getString("segment");
            if (segment != null) {
                places.add(new Profile.Place(
                        row.getString("segmentation"),
                        segment,
                        row.getString("name"),
                        row.getLong("version"),
                        Times.get(row, "since"),
                        row.getString("previous")));
            }
            long segmentation = row.getLong("segmentation_id");
            if ("rfm".equals(row.getString("method")) && (scoredBy == null || segmentation < scoredBy.id())) {
                scoredBy = new ScoredBy(
                        segmentation, row.getString("segmentation"), row.getLong("run"), row.getArray("facts"));
            }
        } while (row.next());
        return new Profile(
                customerId,
                first,
                last,
                orders,
                purchases,
                returns,
                last == null ? null : rfm(newest, zone, last, orders, monetary, scoredBy),
                places);
    }

    /** The dataset's oldest segmentation of method rfm, and what its current run holds of the customer. */
    private record ScoredBy(
            long id, String key, long run, @Nullable Array facts) {}

    private Profile.Rfm rfm(
            Instant newest, ZoneId zone, Instant last, long orders, double monetary, @Nullable ScoredBy scoredBy)
            throws SQLException {
        LocalDateTime asOf = newest.atZone(zone).plusDays(1).toLocalDateTime();
        Optional<MemberScores.Scored> scored = scoredBy == null || scoredBy.facts() == null
                ? Optional.empty()
                : scores.of(
                        scoredBy.run(),
                        Arrays.stream((Double[]) scoredBy.facts().getArray())
                                .mapToDouble(Double::doubleValue)
                                .toArray());
        return new Profile.Rfm(
                asOf.atZone(zone).toInstant(),
                Math.max(0, ChronoUnit.DAYS.between(last.atZone(zone).toLocalDateTime(), asOf)),
                orders,
                monetary,
                scoredBy == null ? null : scoredBy.key(),
                scored.map(MemberScores.Scored::scores).orElse(null),
                scored.map(MemberScores.Scored::code).orElse(null));
    }
}
