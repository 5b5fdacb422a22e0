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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
                   m.segment, v.version, g.name, m.since, m.previous, m.facts, a.content
            from dataset d
            left join customer c on c.dataset_id = d.id and c.customer_id = :customer
            left join dataset_counters n on n.dataset_id = d.id
            left join purchase_totals h on h.customer_id = c.id
            left join lateral (
                select (select '{' || coalesce(string_agg(to_json(t.name)::text || ':' || (v.content -> t.name)::text, ',' order by t.id), '') || '}'
                    from attribute t where t.dataset_id = d.id and jsonb_exists(v.content, t.name)) as content
                from customer_attributes v where v.customer_id = c.id) a on true
            left join segmentation s on s.dataset_id = d.id
            left join segmentation_version v on v.segmentation_id = s.id
            left join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
            left join membership_of_customers m on m.segmentation_id = s.id and m.customer_id = c.id and m.until_run is null
            left join segment g on g.run_id = r.id and g.key = m.segment
            where d.key = :dataset order by s.key collate "C\"""";

    private final JdbcClient jdbc;
    private final MemberScores scores;

    Profiles(JdbcClient jdbc, MemberScores scores) {
        this.jdbc = jdbc;
        this.scores = scores;
    }

    /** The profile of a customer; 404 if there is no such dataset, or nothing known of such a customer. */
    Profile get(String dataset, String customerId) {
        // first all that is stored, then the scores: who held a connection and asked for another could wait for ever
        List<Row> rows = jdbc.sql(SQL)
                .param("dataset", dataset)
                .param("customer", customerId)
                .query((row, number) -> row(row))
                .list();
        if (rows.isEmpty()) {
            throw Refusal.notFound("dataset", dataset);
        }
        Row history = rows.get(0);
        if (history.transactions() == 0 && history.attributes() == null) {
            throw Refusal.notFound("customer", customerId);
        }
        return new Profile(
                customerId,
                history.firstPurchaseAt(),
                history.lastPurchaseAt(),
                history.orders(),
                history.purchases(),
                history.returns(),
                history.attributes() == null ? "{}" : history.attributes(),
                rfm(rows),
                rows.stream().map(Row::place).filter(Objects::nonNull).toList());
    }

    /** What is stored of the customer, the same in each row, and of its place in a segmentation. */
    private record Row(
            long transactions,
            @Nullable Instant firstPurchaseAt,
            @Nullable Instant lastPurchaseAt,
            long orders,
            long purchases,
            long returns,
            double monetary,
            @Nullable Instant newestInDataset,
            ZoneId zone,
            long segmentationId,
            @Nullable String segmentation,
            @Nullable String method,
            long run,
            @Nullable List<Double> facts,
            @Nullable String attributes,
            Profile.@Nullable Place place) {}

    private static Row row(ResultSet row) throws SQLException {
        String segment = row.getString("segment");
        Array facts = row.getArray("facts");
        return new Row(
                row.getLong("transactions"),
                Times.find(row, "first_purchase_at"),
                Times.find(row, "last_purchase_at"),
                row.getLong("orders"),
                row.getLong("purchases"),
                row.getLong("returns"),
                row.getDouble("monetary"),
                Times.find(row, "last_transaction_at"),
                ZoneId.of(row.getString("time_zone")),
                row.getLong("segmentation_id"),
                row.getString("segmentation"),
                row.getString("method"),
                row.getLong("run"),
                facts == null ? null : List.of((Double[]) facts.getArray()),
                row.getString("content"),
                segment == null
                        ? null
                        : new Profile.Place(
                                row.getString("segmentation"),
                                segment,
                                row.getString("name"),
                                row.getLong("version"),
                                Times.get(row, "since"),
                                row.getString("previous")));
    }

    /** Null without a purchase. Scored by the dataset's oldest segmentation of method rfm, if there is one. */
    private Profile.@Nullable Rfm rfm(List<Row> rows) {
        Row history = rows.get(0);
        if (history.lastPurchaseAt() == null || history.newestInDataset() == null) {
            return null;
        }
        ZoneId zone = history.zone();
        LocalDateTime asOf = history.newestInDataset().atZone(zone).plusDays(1).toLocalDateTime();
        LocalDateTime last = history.lastPurchaseAt().atZone(zone).toLocalDateTime();
        Optional<Row> scoredBy = rows.stream()
                .filter(row -> "rfm".equals(row.method()))
                .min(Comparator.comparingLong(Row::segmentationId));
        Optional<MemberScores.Scored> scored = scoredBy.flatMap(row -> row.facts() == null
                ? Optional.empty()
                : scores.of(
                        row.run(),
                        row.facts().stream().mapToDouble(Double::doubleValue).toArray()));
        return new Profile.Rfm(
                asOf.atZone(zone).toInstant(),
                Math.max(0, ChronoUnit.DAYS.between(last, asOf)),
                history.orders(),
                history.monetary(),
                scoredBy.map(Row::segmentation).orElse(null),
                scored.map(MemberScores.Scored::scores).orElse(null),
                scored.map(MemberScores.Scored::code).orElse(null));
    }
}
