package clade.transactions;

import clade.web.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Owns {@code upload}: what was sent, how far it is and what became of it. */
@Repository
class Uploads {

    /** Whoever stores or removes rows of a dataset holds this lock of it until the end of the transaction. */
    private static final int MERGE_LOCK = 0x6d657267;

    private static final String VIEW =
            "select id, status, received_at, finished_at, content, problem from upload where dataset_id = :dataset";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Uploads(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    long begin(long dataset, Instant received) {
        return jdbc.sql("insert into upload (dataset_id, received_at) values (:dataset, :received) returning id")
                .param("dataset", dataset)
                .param("received", received.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /** False if the upload was given up meanwhile, because its instance seemed dead or its dataset was deleted. */
    boolean startMerging(long upload) {
        return jdbc.sql("update upload set status = 'merging' where id = :upload and status = 'receiving'")
                        .param("upload", upload)
                        .update()
                == 1;
    }

    /** False if the upload was given up meanwhile. Runs inside the transaction that stores the rows. */
    boolean complete(long upload, UploadReport.Content content, List<String> originalColumns) {
        return jdbc.sql("""
                        update upload set status = 'completed', finished_at = clock_timestamp(), content = :content::json,
                            original_columns = :columns::json
                        where id = :upload and status = 'merging'""")
                        .param("upload", upload)
                        .param("content", json.writeValueAsString(content))
                        .param("columns", json.writeValueAsString(originalColumns))
                        .update()
                == 1;
    }

    void fail(long upload, UploadReport.Problem problem) {
        jdbc.sql("""
                        update upload set status = 'failed', finished_at = now(), problem = :problem::json
                        where id = :upload and status in ('receiving', 'merging')""")
                .param("upload", upload)
                .param("problem", json.writeValueAsString(problem))
                .update();
    }

    /** Removes the record of an upload that was refused as a whole, or of which no row is stored any more. */
    void forget(long upload) {
        jdbc.sql("delete from upload where id = :upload")
                .param("upload", upload)
                .update();
    }

    void beat(Collection<Long> uploads) {
        if (!uploads.isEmpty()) {
            jdbc.sql("update upload set heartbeat_at = now() where id in (:uploads)")
                    .param("uploads", uploads)
                    .update();
        }
    }

    /** Fails the uploads whose instance has been silent for so many seconds. */
    void failOrphans(int silentSeconds, UploadReport.Problem problem) {
        jdbc.sql("""
                        update upload set status = 'failed', finished_at = now(), problem = :problem::json
                        where status in ('receiving', 'merging') and heartbeat_at < now() - make_interval(secs => :silent)""")
                .param("problem", json.writeValueAsString(problem))
                .param("silent", silentSeconds)
                .update();
    }

    /** Uploads that have ended but still have tables in staging. */
    List<Long> leftInStaging() {
        return jdbc.sql("""
                        select substring(tablename from '[0-9]+$')::bigint as upload from pg_tables
                        where schemaname = 'staging' and tablename ~ '^rows_[0-9]+$'
                        and not exists (select from upload where id = substring(tablename from '[0-9]+$')::bigint
                            and status in ('receiving', 'merging'))""").query(Long.class).list();
    }

    void dropStaging(long upload) {
        jdbc.sql(Staging.dropAll(upload)).update();
    }

    /** Waits until nobody else stores or removes rows of the dataset. */
    void lock(long dataset) {
        jdbc.sql("select pg_advisory_xact_lock(:lock, hashint8(:dataset))")
                .param("lock", MERGE_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /** The upload of that id in text; 404 if there is none. */
    @Transactional(readOnly = true)
    UploadReport get(long dataset, String upload) {
        return number(upload)
                .flatMap(id -> jdbc.sql(VIEW + " and id = :upload")
                        .param("dataset", dataset)
                        .param("upload", id)
                        .query(this::report)
                        .optional())
                .orElseThrow(() -> Refusal.notFound("upload", upload));
    }

    /** Uploads before the given one, the newest first. */
    @Transactional(readOnly = true)
    List<UploadReport> list(long dataset, @Nullable Long before, int limit) {
        return jdbc.sql(VIEW + " and id < :before order by id desc limit :limit")
                .param("dataset", dataset)
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(this::report)
                .list();
    }

    /** Later uploads that hold rows of this one, the newest first. */
    List<Long> repeatedBy(long upload) {
        return jdbc.sql("select upload_id from upload_overlap where earlier_id = :upload order by upload_id desc")
                .param("upload", upload)
                .query(Long.class)
                .list();
    }

    private static Optional<Long> number(String id) {
        return id.matches("[1-9]\\d{0,17}") ? Optional.of(Long.valueOf(id)) : Optional.empty();
    }

    private UploadReport report(ResultSet row, int number) throws SQLException {
        String content = row.getString("content");
        String problem = row.getString("problem");
        OffsetDateTime finished = row.getObject("finished_at", OffsetDateTime.class);
        return UploadReport.of(
                row.getLong("id"),
                row.getString("status"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                finished == null ? null : finished.toInstant(),
                content == null ? UploadReport.Content.NONE : json.readValue(content, UploadReport.Content.class),
                problem == null ? null : json.readValue(problem, UploadReport.Problem.class));
    }
}
