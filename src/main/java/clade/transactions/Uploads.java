package clade.transactions;

import clade.database.Statements;
import clade.web.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import tools.jackson.databind.json.JsonMapper;

/** Owns {@code upload}: what was sent, how far it is and what became of it. */
@Repository
class Uploads {

    /** Whoever stores or removes rows of a dataset holds this lock of it until the end of the transaction. */
    private static final int MERGE_LOCK = 0x6d657267;

    private static final String VIEW =
            "select id, kind, status, received_at, finished_at, content, problem from upload where dataset_id = :dataset";

    /** SQL that gives the id of the upload if it was not given up meanwhile. */
    private static final String COMPLETE = """
            update upload set status = 'completed', finished_at = clock_timestamp(), content = cast(:content as json),
                original_columns = cast(:columns as json)
            where id = :upload and status in ('receiving', 'merging') returning id""";

    private static final String LOCK_PARTS =
            "select pg_advisory_xact_lock(:dataset * :parts + part) from unnest(:wanted) as part";

    private static final String LOCK_SHARED = "select pg_advisory_xact_lock_shared(:lock, hashint8(:dataset))";

    private final JdbcClient jdbc;
    private final Statements statements;
    private final JsonMapper json;

    Uploads(JdbcClient jdbc, Statements statements, JsonMapper json) {
        this.jdbc = jdbc;
        this.statements = statements;
        this.json = json;
    }

    long begin(long dataset, UploadKind kind, Instant received) {
        // no wait for the disk: what becomes of the upload brings this along, and without that nobody misses it
        return jdbc.sql("""
                        insert into upload (dataset_id, kind, received_at)
                        select :dataset, :kind, :received from set_config('synchronous_commit', 'off', true) returning id""")
                .param("dataset", dataset)
                .param("kind", kind.label())
                .param("received", received.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /** What became of the wish to merge a large upload. */
    enum Turn {
        MINE,

        /** Another large upload of the dataset is being merged. */
        LATER,

        /** The upload was given up meanwhile, because its instance seemed dead or its dataset was deleted. */
        NEVER
    }

    /** Hides the upload, whose rows are stored from now on. */
    @Transactional
    Turn startMerging(long upload) {
        try {
            int started = jdbc.sql("""
                            update upload set status = 'merging' where id = :upload and status = 'receiving' and not exists (
                                select from upload other where other.dataset_id = upload.dataset_id and other.status = 'merging')""").param("upload", upload).update();
            if (started == 0) {
                return is(upload, "receiving") ? Turn.LATER : Turn.NEVER;
            }
        } catch (DuplicateKeyException e) {
            TransactionInterceptor.currentTransactionStatus().setRollbackOnly();
            return Turn.LATER;
        }
        jdbc.sql("insert into hidden_upload select id, dataset_id from upload where id = :upload")
                .param("upload", upload)
                .update();
        return Turn.MINE;
    }

    /** Whether a large upload of the dataset is being merged. */
    boolean anyMerges(long dataset) {
        return jdbc.sql("select exists (select from upload where dataset_id = :dataset and status = 'merging')")
                .param("dataset", dataset)
                .query(Boolean.class)
                .single();
    }

    /** Whether the upload is still being merged; it can't be cleared away before the end of the transaction. */
    boolean merges(long upload) {
        jdbc.sql("select pg_advisory_xact_lock_shared(-:upload)")
                .param("upload", upload)
                .query(row -> {});
        return jdbc.sql("select id from upload where id = :upload and status = 'merging' for key share")
                .param("upload", upload)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /**
     * Whether the upload is still being received; neither it nor its dataset can be deleted before the end of the transaction. The
     * dataset is locked first, as by its deletion.
     */
    boolean receives(long dataset, long upload) {
        jdbc.sql("select id from dataset where id = :dataset for key share")
                .param("dataset", dataset)
                .query(row -> {});
        return jdbc.sql("select id from upload where id = :upload and status = 'receiving' for key share")
                .param("upload", upload)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    private boolean is(long upload, String status) {
        return jdbc.sql("select id from upload where id = :upload and status = :status")
                .param("upload", upload)
                .param("status", status)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** Those of the uploads that are hidden; they stay so until the end of the transaction. */
    List<Long> hidden(List<Long> uploads) {
        List<Long> found = uploads.isEmpty() ? uploads : hiddenNow(uploads);
        if (found.isEmpty()) {
            return found;
        }
        // waits for one that is just becoming visible
        jdbc.sql("select id from upload where id in (:uploads) order by id for share")
                .param("uploads", found)
                .query(row -> {});
        return hiddenNow(found);
    }

    private List<Long> hiddenNow(List<Long> uploads) {
        return jdbc.sql("select upload_id from hidden_upload where upload_id in (:uploads)")
                .param("uploads", uploads)
                .query(Long.class)
                .list();
    }

    /** The later upload holds rows of the earlier one, which took {@code rows} of them from it. */
    void take(long later, long earlier, long rows) {
        String repeated = rows == 0 ? "nothing" : "update set taken = kept.taken + excluded.taken";
        jdbc.sql("""
                        insert into upload_overlap as kept (upload_id, earlier_id, taken) values (:later, :earlier, :rows)
                        on conflict (upload_id, earlier_id) do %s""".formatted(repeated))
                .param("later", later)
                .param("earlier", earlier)
                .param("rows", rows)
                .update();
    }

    /**
     * What readers find anew of an upload.
     *
     * @param taken rows of it that others have taken
     * @param customers who had no row that everybody could see before
     */
    record Shown(long taken, long customers) {}

    /** Keeps others from taking rows of the upload until the transaction ends, and from giving it up; false if it was. */
    boolean lockMerged(long upload) {
        return jdbc.sql("update upload set finished_at = clock_timestamp() where id = :upload and status = 'merging'")
                        .param("upload", upload)
                        .update()
                == 1;
    }

    /** Makes the upload, which is locked, visible, as far as rows go. */
    Shown show(long upload) {
        long customers = jdbc.sql("delete from hidden_upload where upload_id = :upload returning unseen")
                .param("upload", upload)
                .query(Long.class)
                .single();
        long taken = jdbc.sql("select coalesce(sum(taken), 0)::bigint from upload_overlap where upload_id = :upload")
                .param("upload", upload)
                .query(Long.class)
                .single();
        return new Shown(taken, customers);
    }

    /** A failed upload of which rows may be stored. */
    record Left(long id, long dataset) {}

    /** All those. */
    List<Left> leftHidden() {
        return jdbc.sql("""
                        select u.id, u.dataset_id as dataset from hidden_upload h join upload u on u.id = h.upload_id
                        where u.status = 'failed'""").query(Left.class).list();
    }

    /** Waits until no slice of the upload is being merged. */
    void lockUpload(long upload) {
        jdbc.sql("select pg_advisory_xact_lock(-:upload)")
                .param("upload", upload)
                .query(row -> {});
    }

    /** The upload, which failed, has left nothing any more. */
    void cleared(long upload) {
        jdbc.sql("delete from hidden_upload where upload_id = :upload")
                .param("upload", upload)
                .update();
        jdbc.sql("delete from upload_overlap where upload_id = :upload")
                .param("upload", upload)
                .update();
        jdbc.sql("delete from upload_rejected_row where upload_id = :upload")
                .param("upload", upload)
                .update();
    }

    /** False if the upload was given up meanwhile. Runs inside the transaction that stores the rows. */
    boolean complete(long upload, UploadReport.Content content, List<String> originalColumns) {
        return jdbc.sql(COMPLETE)
                .params(completion(upload, content, originalColumns))
                .query(Long.class)
                .optional()
                .isPresent();
    }

    private Map<String, Object> completion(long upload, UploadReport.Content content, List<String> originalColumns) {
        return Map.of(
                "upload",
                upload,
                "content",
                json.writeValueAsString(content),
                "columns",
                json.writeValueAsString(originalColumns));
    }

    /**
     * The same, after other statements of the transaction that are sent along with it. Empty if the upload was given up.
     */
    Optional<UploadReport> complete(
            long dataset,
            long upload,
            UploadReport.Content content,
            List<String> originalColumns,
            Statements.Batch before) {
        Map<String, Object> parameters = new HashMap<>(completion(upload, content, originalColumns));
        parameters.put("dataset", dataset);
        List<UploadReport> completed = new ArrayList<>();
        List<Statements.Step> steps = List.of(
                Statements.Step.of(COMPLETE),
                new Statements.Step(
                        VIEW + " and id = :upload and status = 'completed'", row -> completed.add(report(row, 0))));
        statements.execute(before.and(new Statements.Batch(parameters, steps, () -> {})));
        return completed.stream().findFirst();
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
            // one that is just being completed needs none, and must not keep the others waiting
            jdbc.sql("""
                            update upload set heartbeat_at = now()
                            where id in (select id from upload where id in (:uploads) for no key update skip locked)""").param("uploads", uploads).update();
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

    /** Waits until nobody else stores or removes rows of the dataset. */
    void lock(long dataset) {
        jdbc.sql("select pg_advisory_xact_lock(:lock, hashint8(:dataset))")
                .param("lock", MERGE_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /** Waits until nobody removes rows of the dataset or changes their kind. */
    void lockShared(long dataset) {
        jdbc.sql(LOCK_SHARED)
                .param("lock", MERGE_LOCK)
                .param("dataset", dataset)
                .query(row -> {});
    }

    /**
     * The same, and then waits until nobody else stores rows of customers in these parts of {@link Staging#PARTS}, given in
     * ascending order.
     */
    void lockParts(long dataset, int... parts) {
        lock(dataset, parts, List.of(Statements.Step.of(LOCK_SHARED), Statements.Step.of(LOCK_PARTS)));
    }

    /**
     * The same for a few rows. What the transaction does with them is planned once and not for each: to plan would take longer than
     * to do it.
     *
     * @return the dataset's cancellation pattern, which nobody changes then; empty if it has none
     */
    Optional<String> lockPartsOfFew(long dataset, int... parts) {
        List<String> pattern = new ArrayList<>();
        lock(
                dataset,
                parts,
                List.of(
                        Statements.Step.of("set local plan_cache_mode = force_generic_plan"),
                        Statements.Step.of(LOCK_SHARED),
                        Statements.Step.of(LOCK_PARTS),
                        new Statements.Step("""
                                select cancellation_pattern from dataset
                                where id = :dataset and cancellation_pattern is not null""", row -> pattern.add(row.getString(1)))));
        return pattern.stream().findFirst();
    }

    private void lock(long dataset, int[] parts, List<Statements.Step> how) {
        statements.execute(
                Map.of("lock", MERGE_LOCK, "dataset", dataset, "parts", Staging.PARTS, "wanted", parts), how);
    }

    /** The upload of that id in text; 404 if there is none. */
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
                UploadKind.get(row.getString("kind")),
                row.getString("status"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                finished == null ? null : finished.toInstant(),
                content == null ? UploadReport.Content.NONE : json.readValue(content, UploadReport.Content.class),
                problem == null ? null : json.readValue(problem, UploadReport.Problem.class));
    }
}
