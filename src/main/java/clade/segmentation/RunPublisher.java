package clade.segmentation;

import clade.database.Times;
import clade.rfm.RfmTable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a computed run the current one, in one transaction: readers see the old run whole or the new one whole. Of the
 * memberships only those that changed are written. Owns {@code segment} and {@code membership}.
 */
@Repository
class RunPublisher {

    private static final int BUFFER = 1 << 16;

    private final JdbcClient jdbc;
    private final DataSource database;
    private final RunRepository runs;
    private final JsonMapper json;
    private final Clock clock;

    RunPublisher(JdbcClient jdbc, DataSource database, RunRepository runs, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.database = database;
        this.runs = runs;
        this.json = json;
        this.clock = clock;
    }

    /** False, with nothing changed, if the run was cancelled or taken over meanwhile. */
    @Transactional
    boolean publish(RunRepository.Claimed run, RunInput input, Outcome outcome) {
        Instant now = clock.instant();
        Map<String, double[]> memberValues = new TreeMap<>(outcome.memberValues());
        boolean wanted = runs.complete(
                run,
                json.writeValueAsString(outcome.quality()),
                json.writeValueAsString(outcome.warnings()),
                List.copyOf(memberValues.keySet()),
                outcome.model(),
                now);
        if (!wanted) {
            return false;
        }
        addSegments(run, outcome.segments());
        stage(run.definition().features(), input.table(), outcome, List.copyOf(memberValues.values()));
        replaceMemberships(run, now);
        jdbc.sql("update segmentation set current_run = :number where id = :id")
                .param("number", run.number())
                .param("id", run.segmentation())
                .update();
        return true;
    }

    private void addSegments(RunRepository.Claimed run, List<Segment> segments) {
        for (int position = 0; position < segments.size(); position++) {
            Segment segment = segments.get(position);
            jdbc.sql("""
                    insert into segment (run_id, position, key, name, size, share, revenue, revenue_share, noise, features, centre,
                                         persona, description, action)
                    values (:run, :position, :key, :name, :size, :share, :revenue, :revenueShare, :noise, :features::json,
                            :centre::json, :persona::json, :description, :action::json)""")
                    .param("run", run.id())
                    .param("position", position)
                    .param("key", segment.key())
                    .param("name", segment.name())
                    .param("size", segment.size())
                    .param("share", segment.share())
                    .param("revenue", segment.revenue())
                    .param("revenueShare", segment.revenueShare())
                    .param("noise", segment.noise())
                    .param("features", json.writeValueAsString(segment.features()))
                    .param("centre", written(segment.centre()))
                    .param("persona", written(segment.persona()))
                    .param("description", segment.description())
                    .param("action", written(segment.action()))
                    .update();
        }
    }

    private @Nullable String written(@Nullable Object value) {
        return value == null ? null : json.writeValueAsString(value);
    }

    private void stage(List<Feature> features, RfmTable table, Outcome outcome, List<double[]> memberValues) {
        jdbc.sql("""
                create temporary table fresh_membership (customer_id bigint not null, segment text not null,
                    facts double precision[] not null, scores smallint[], member_values double precision[]) on commit drop""").update();
        Connection connection = DataSourceUtils.getConnection(database);
        try (Writer out = new OutputStreamWriter(
                new PGCopyOutputStream(
                        connection.unwrap(PGConnection.class), "copy fresh_membership from stdin", BUFFER),
                StandardCharsets.US_ASCII)) {
            StringBuilder line = new StringBuilder();
            for (int row = 0; row < table.size(); row++) {
                line.setLength(0);
                appendRow(line, features, table, outcome, memberValues, row);
                out.append(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new SQLErrorCodeSQLExceptionTranslator(database).translate("copy memberships", null, e);
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
        jdbc.sql("analyze fresh_membership").update();
    }

    private static void appendRow(
            StringBuilder line,
            List<Feature> features,
            RfmTable table,
            Outcome outcome,
            List<double[]> memberValues,
            int row) {
        line.append(table.customer(row));
        line.append('\t')
                .append(outcome.segments().get(outcome.segmentOf()[row]).key());
        line.append("\t{");
        for (int i = 0; i < features.size(); i++) {
            line.append(i == 0 ? "" : ",").append(features.get(i).fact(table, row));
        }
        Outcome.Scores scores = outcome.scores();
        if (scores == null) {
            line.append("}\t\\N");
        } else {
            line.append("}\t{").append(scores.recency(row));
            line.append(',').append(scores.frequency(row));
            line.append(',').append(scores.monetary(row)).append('}');
        }
        if (memberValues.isEmpty()) {
            line.append("\t\\N\n");
        } else {
            line.append("\t{");
            for (int i = 0; i < memberValues.size(); i++) {
                line.append(i == 0 ? "" : ",").append(memberValues.get(i)[row]);
            }
            line.append("}\n");
        }
    }

    private void replaceMemberships(RunRepository.Claimed run, Instant now) {
        jdbc.sql("""
                update membership m set until_run = :run
                where m.segmentation_id = :segmentation and m.until_run is null and not exists (
                    select from fresh_membership f
                    where f.customer_id = m.customer_id and f.segment = m.segment and f.facts = m.facts
                      and f.scores is not distinct from m.scores and f.member_values is not distinct from m.member_values)""")
                .param("run", run.number())
                .param("segmentation", run.segmentation())
                .update();
        jdbc.sql("""
                insert into membership (segmentation_id, customer_id, segment, facts, scores, member_values, since, previous, from_run)
                select :segmentation, f.customer_id, f.segment, f.facts, f.scores, f.member_values,
                       case when o.segment = f.segment then o.since else :now end,
                       case when o.segment = f.segment then o.previous else o.segment end,
                       :run
                from fresh_membership f
                left join membership o
                  on o.segmentation_id = :segmentation and o.customer_id = f.customer_id and o.until_run = :run
                where not exists (select from membership kept
                    where kept.segmentation_id = :segmentation and kept.customer_id = f.customer_id and kept.until_run is null)""")
                .param("segmentation", run.segmentation())
                .param("run", run.number())
                .param("now", Times.of(now))
                .update();
    }
}
