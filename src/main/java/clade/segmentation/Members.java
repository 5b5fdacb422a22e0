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
import java.util.ArrayList;
import java.util.Arrays;
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
            select customer, facts, member_values, since from membership
            where segmentation_id = :segmentation and segment = :segment and until_run is null""";

    private static final int EXPORT_SLICE = 5_000;

    private final JdbcClient jdbc;
    private final SegmentRepository segments;

    Members(JdbcClient jdbc, SegmentRepository segments) {
        this.jdbc = jdbc;
        this.segments = segments;
    }

    /**
     * A member as the API shows it; scores and code with method rfm only.
     *
     * @param values what the method says of the member, by name: {@code probability}, {@code strength}, {@code outlierScore}; nulls
     *     if it came live, for that is known of fitted customers alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Member(
            @Schema(example = "12347") String customerId,
            Map<String, Double> features,

            @Schema(description = "1 to n, n best; with method rfm only") @Nullable
            Map<String, Integer> scores,

            @Schema(description = "The three scores as text; with method rfm only", example = "555") @Nullable
            String code,

            @JsonAnyGetter @JsonInclude(content = JsonInclude.Include.NON_NULL)
            Map<String, @Nullable Double> values,

            @Schema(description = "When the customer came into this segment")
            Instant since) {}

    /** A page, and the cursor of the next one. */
    record Page(
            @Schema(example = "rfm") String segmentation,
            @Schema(example = "1") int run,

            @Schema(description = "Counts what was published and each live change since", example = "1")
            long version,

            @Schema(example = "champions") String segment,
            List<Member> customers,

            @Schema(description = "Cursor of the next page; null at the end") @Nullable
            String next) {}

    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Page page(Segmentations.Stored segmentation, String segment, int limit, @Nullable String cursor) {
        PublishedRuns.PublishedRun run = run(segmentation, segment);
        String after = "";
        if (cursor != null) {
            List<String> parts = Cursor.decode(cursor, 2);
            if (Cursor.number(parts.get(0)) != run.number()) {
                throw Refusal.of(
                        HttpStatus.GONE,
                        "run-replaced",
                        "Run %s is no longer the current one, %d is: start again without cursor"
                                .formatted(parts.get(0), run.number()));
            }
            after = parts.get(1);
        }
        List<Member> members = new ArrayList<>(
                statement(MEMBERS + " and customer > :after order by customer limit :limit", segmentation, segment)
                        .param("after", after)
                        .param("limit", limit + 1)
                        .query((row, number) -> member(row, run))
                        .list());
        String next = null;
        if (members.size() > limit) {
            members.remove(limit);
            next = Cursor.encode(run.number(), members.get(limit - 1).customerId());
        }
        return new Page(segmentation.key(), run.number(), segments.version(segmentation), segment, members, next);
    }

    /** Hands over the whole list, in customer-id order, from one snapshot; {@code begin} hears first what is coming. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    void export(
            Segmentations.Stored segmentation,
            String segment,
            Consumer<PublishedRuns.PublishedRun> begin,
            Consumer<Member> each) {
        PublishedRuns.PublishedRun run = run(segmentation, segment);
        begin.accept(run);
        statement(MEMBERS + " order by customer", segmentation, segment)
                .withFetchSize(EXPORT_SLICE)
                .query(row -> {
                    each.accept(member(row, run));
                });
    }

    private JdbcClient.StatementSpec statement(String sql, Segmentations.Stored segmentation, String segment) {
        return jdbc.sql(sql).param("segmentation", segmentation.id()).param("segment", segment);
    }

    private PublishedRuns.PublishedRun run(Segmentations.Stored segmentation, String segment) {
        PublishedRuns.PublishedRun run = segments.published(segmentation, null);
        segments.check(run, segment);
        return run;
    }

    private static Member member(ResultSet row, PublishedRuns.PublishedRun run) throws SQLException {
        double[] values = run.values(doubles(row, "facts"));
        Scores scores = run.scores(values);
        return new Member(
                row.getString("customer"),
                named(run.features().stream().map(Feature::apiName).toList(), values),
                scores == null ? null : scores.byName(),
                scores == null ? null : scores.code(),
                values(run.memberValues(), doubles(row, "member_values")),
                Times.get(row, "since"));
    }

    private static Map<String, Double> named(List<String> names, double[] values) {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(names.get(i), values[i]);
        }
        return named;
    }

    private static Map<String, @Nullable Double> values(List<String> names, double[] values) {
        Map<String, @Nullable Double> named = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), values.length == 0 ? null : (Double) values[i]);
        }
        return named;
    }

    static double[] doubles(ResultSet row, String column) throws SQLException {
        Array stored = row.getArray(column);
        return stored == null
                ? new double[0]
                : Arrays.stream((Double[]) stored.getArray())
                        .mapToDouble(Double::doubleValue)
                        .toArray();
    }
}
