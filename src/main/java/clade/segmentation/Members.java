package clade.segmentation;

import clade.database.Times;
import clade.web.Cursor;
import clade.web.Refusal;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads who is in a segment of the current run. */
@Repository
class Members {

    private static final String MEMBERS = """
            select c.customer_id, m.facts, m.scores, m.member_values, m.since
            from membership m join customer c on c.id = m.customer_id
            where m.segmentation_id = :segmentation and m.segment = :segment and m.until_run is null and c.dataset_id = :dataset""";

    private static final int EXPORT_SLICE = 5_000;

    private final JdbcClient jdbc;
    private final SegmentRepository segments;

    Members(JdbcClient jdbc, SegmentRepository segments) {
        this.jdbc = jdbc;
        this.segments = segments;
    }

    /** What of the current run is needed to read its members. */
    record Context(
            int run, List<Feature> features, Instant asOf, ZoneId zone, List<String> memberValues, boolean scored) {}

    /**
     * A member as the API shows it; scores and code with method rfm only.
     *
     * @param values what the method says of the member, by name: {@code probability}, {@code strength}, {@code outlierScore}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Member(
            @Schema(example = "12347") String customerId,
            Map<String, Double> features,

            @Schema(description = "1 to n, n best; with method rfm only") @Nullable
            Map<String, Integer> scores,

            @Schema(description = "The three scores as text; with method rfm only", example = "555") @Nullable
            String code,

            @JsonAnyGetter Map<String, Double> values,

            @Schema(description = "When the customer came into this segment")
            Instant since) {}

    /** A page, and the cursor of the next one. */
    record Page(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,
            @Schema(example = "champions") String segment,
            List<Member> customers,

            @Schema(description = "Cursor of the next page; null at the end") @Nullable
            String next) {}

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Page page(Segmentations.Stored segmentation, String segment, int limit, @Nullable String cursor) {
        Context context = context(segmentation, segment);
        String after = "";
        if (cursor != null) {
            List<String> parts = Cursor.decode(cursor, 2);
            if (Cursor.number(parts.get(0)) != context.run()) {
                throw Refusal.of(
                        HttpStatus.GONE,
                        "run-replaced",
                        "Run %s is no longer the current one, %d is: start again without cursor"
                                .formatted(parts.get(0), context.run()));
            }
            after = parts.get(1);
        }
        List<Member> members = new ArrayList<>(statement(
                        MEMBERS + " and c.customer_id > :after order by c.customer_id limit :limit",
                        segmentation,
                        segment)
                .param("after", after)
                .param("limit", limit + 1)
                .query((row, number) -> member(row, context))
                .list());
        String next = null;
        if (members.size() > limit) {
            members.remove(limit);
            next = Cursor.encode(context.run(), members.get(limit - 1).customerId());
        }
        return new Page(segmentation.key(), context.run(), segment, members, next);
    }

    /** Hands over the whole list, in customer-id order, from one snapshot; {@code begin} hears first what is coming. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    void export(Segmentations.Stored segmentation, String segment, Consumer<Context> begin, Consumer<Member> each) {
        Context context = context(segmentation, segment);
        begin.accept(context);
        statement(MEMBERS + " order by c.customer_id", segmentation, segment)
                .withFetchSize(EXPORT_SLICE)
                .query(row -> {
                    each.accept(member(row, context));
                });
    }

    private JdbcClient.StatementSpec statement(String sql, Segmentations.Stored segmentation, String segment) {
        return jdbc.sql(sql)
                .param("segmentation", segmentation.id())
                .param("segment", segment)
                .param("dataset", segmentation.dataset().id());
    }

    private Context context(Segmentations.Stored segmentation, String segment) {
        SegmentRepository.PublishedRun run = segments.published(segmentation, null);
        segments.get(run, segment);
        return jdbc.sql("select definition, as_of, time_zone, member_values from segmentation_run where id = :run")
                .param("run", run.id())
                .query((row, number) -> {
                    Definition definition = Definition.stored(row.getString("definition"));
                    return new Context(
                            run.number(),
                            definition.features(),
                            Times.get(row, "as_of"),
                            ZoneId.of(row.getString("time_zone")),
                            List.of((String[]) row.getArray("member_values").getArray()),
                            definition.method() instanceof Method.Rfm);
                })
                .single();
    }

    static Map<String, Double> features(List<Feature> features, Double[] facts, Instant asOf, ZoneId zone) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < features.size(); i++) {
            values.put(features.get(i).apiName(), features.get(i).ofFact(facts[i], asOf, zone));
        }
        return values;
    }

    private static Member member(ResultSet row, Context context) throws SQLException {
        Short[] scores = array(row, "scores", Short[].class);
        Double[] values = array(row, "member_values", Double[].class);
        return new Member(
                row.getString("customer_id"),
                features(
                        context.features(),
                        (Double[]) row.getArray("facts").getArray(),
                        context.asOf(),
                        context.zone()),
                scores == null ? null : Scores.byName(scores),
                scores == null ? null : Scores.code(scores),
                values == null ? Map.of() : named(context.memberValues(), values),
                Times.get(row, "since"));
    }

    private static Map<String, Double> named(List<String> names, Double[] values) {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(names.get(i), values[i]);
        }
        return named;
    }

    private static <T> @Nullable T array(ResultSet row, String column, Class<T> type) throws SQLException {
        Array stored = row.getArray(column);
        return stored == null ? null : type.cast(stored.getArray());
    }
}
