package clade.segmentation;

import clade.database.CopiedRows;
import clade.database.Times;
import clade.web.Cursor;
import clade.web.Refusal;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads who is in a segment of the current run. */
@Repository
class Members {

    private static final String MEMBERS = """
            select customer, facts, member_values, since, coalesce(reason, '') from membership
            where segmentation_id = %d and segment = '%s' and until_run is null%s order by customer""";

    private final JdbcClient jdbc;
    private final DataSource database;
    private final SegmentRepository segments;

    Members(JdbcClient jdbc, DataSource database, SegmentRepository segments) {
        this.jdbc = jdbc;
        this.database = database;
        this.segments = segments;
    }

    /**
     * A member as the API shows it; scores and code with method rfm only.
     *
     * @param values what the method says of the member, by name: {@code probability}, {@code strength}, {@code outlierScore};
     *     empty if it came live, for these are known of fitted customers alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Member(
            @Schema(example = "12347") String customerId,

            @Schema(description = "Numbers, texts or booleans by feature; null where one is missing")
            Map<String, @Nullable Object> features,

            @Schema(description = "1 to n, n best; with method rfm only") @Nullable
            Map<String, Integer> scores,

            @Schema(description = "The three scores as text; with method rfm only", example = "555") @Nullable
            String code,

            @JsonAnyGetter Map<String, @Nullable Double> values,

            @Schema(description = "Why the customer is in noise; absent elsewhere", example = "whale") @Nullable
            String reason,

            @Schema(description = "When the customer came into this segment")
            Instant since) {}

    /** A member with what is computed of it. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
    record Found(
            PublishedRuns.PublishedRun run,
            String customer,
            double[] values,
            double[] memberValues,
            @Nullable String reason,
            Instant since) {

        /** Null unless the method is rfm. */
        @Nullable
        Scores scores() {
            return run.scores(values);
        }

        Member shown() {
            Scores scores = scores();
            return new Member(
                    customer,
                    run.shown(values),
                    scores == null ? null : scores.byName(),
                    scores == null ? null : scores.code(),
                    named(run.memberValues(), memberValues),
                    reason,
                    since);
        }
    }

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
    Page page(
            Segmentations.Stored segmentation,
            String segment,
            @Nullable String reason,
            int limit,
            @Nullable String cursor) {
        check(segment, reason);
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
        List<Member> members = new ArrayList<>(jdbc.sql("""
                        select customer, facts, member_values, since, reason from membership
                        where segmentation_id = :segmentation and segment = :segment and until_run is null
                          and customer > :after%s order by customer limit :limit""".formatted(reason == null ? "" : " and reason = :reason"))
                .param("segmentation", segmentation.id())
                .param("segment", segment)
                .param("reason", reason)
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
            @Nullable String reason,
            Consumer<PublishedRuns.PublishedRun> begin,
            Consumer<Found> each) {
        check(segment, reason);
        PublishedRuns.PublishedRun run = run(segmentation, segment);
        begin.accept(run);
        Connection connection = DataSourceUtils.getConnection(database);
        // the segment is one of the run's: a key, which needs no quoting
        String members = MEMBERS.formatted(
                segmentation.id(), segment, reason == null ? "" : " and reason = '%s'".formatted(reason));
        try (CopiedRows rows = new CopiedRows(connection, members)) {
            while (rows.next()) {
                String customer = rows.text();
                double[] values = run.values(rows.doubles());
                double[] memberValues = run.memberValues(values, rows.doubles());
                Instant since = rows.instant();
                String why = rows.text();
                each.accept(new Found(run, customer, values, memberValues, why.isEmpty() ? null : why, since));
            }
        } catch (SQLException e) {
            throw new SQLErrorCodeSQLExceptionTranslator(database).translate("copy members", null, e);
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
    }

    /** 400 for a reason that is none, or of a segment that has none. */
    private static void check(String segment, @Nullable String reason) {
        if (reason == null) {
            return;
        }
        if (!NoiseLimits.REASONS.contains(reason)) {
            throw Refusal.badParameter(
                    "reason",
                    "invalid-value",
                    "reason must be one of %s, was %s".formatted(String.join(", ", NoiseLimits.REASONS), reason));
        }
        if (!segment.equals(ClusterSegmenter.NOISE)) {
            throw Refusal.badParameter("reason", "invalid-value", "Only the segment noise has reasons, not " + segment);
        }
    }

    private PublishedRuns.PublishedRun run(Segmentations.Stored segmentation, String segment) {
        PublishedRuns.PublishedRun run = segments.published(segmentation, null);
        segments.check(run, segment);
        return run;
    }

    private static Member member(ResultSet row, PublishedRuns.PublishedRun run) throws SQLException {
        double[] values = run.values(doubles(row, "facts"));
        double[] memberValues = run.memberValues(values, doubles(row, "member_values"));
        return new Found(
                        run,
                        row.getString("customer"),
                        values,
                        memberValues,
                        row.getString("reason"),
                        Times.get(row, "since"))
                .shown();
    }

    private static Map<String, @Nullable Double> named(List<String> names, double[] values) {
        Map<String, @Nullable Double> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(names.get(i), Double.isNaN(values[i]) ? null : (Double) values[i]);
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
