package clade.segmentation;

import clade.database.Courtesy;
import clade.database.LargeWork;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Carries {@code membership_ending} over into the rows of {@code stored_membership}, some at a time: rows that nobody sees as
 * current any more, so that nobody waits. Readers find the same before and after.
 */
@Component
class MembershipEndings {

    /** With its columns, in the order in which rows are copied into it. */
    static final String TABLE =
            "membership_ending (segmentation_id, customer_id, membership_id, until_run, segment, facts)";

    private static final Logger LOG = LoggerFactory.getLogger(MembershipEndings.class);

    private static final int SLICE = 1_000;

    /** Endings from which on the planner must hear of them, and afterwards of their having gone. */
    private static final int MANY = 1_000;

    private final JdbcClient jdbc;
    private final Courtesy courtesy;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "membership-endings");
        thread.setDaemon(true);
        return thread;
    });

    MembershipEndings(JdbcClient jdbc, Courtesy courtesy) {
        this.jdbc = jdbc;
        this.courtesy = courtesy;
    }

    /** Before the transaction under way makes many endings known: plans that were made for few are made anew at its commit. */
    void prepare() {
        boolean many = jdbc.sql("select count(*) >= :many from (select from membership_ending limit :many) first")
                .param("many", MANY)
                .query(Boolean.class)
                .single();
        if (many) {
            jdbc.sql("analyze membership_ending").update();
        }
    }

    /** Soon after the transaction under way is committed, its endings are carried over. */
    void applySoon() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                worker.execute(MembershipEndings.this::apply);
            }
        });
    }

    /** Carries over all that there are; what it can't, the next time does. */
    synchronized void apply() {
        LargeWork.run(this::carryOver);
    }

    private void carryOver() {
        try {
            int all = 0;
            for (Carried some = slice(NONE); some.rows > 0; some = slice(some)) {
                all += some.rows;
                courtesy.giveWay();
            }
            if (all >= MANY) {
                jdbc.sql("vacuum (analyze) membership_ending").update();
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("Endings of memberships are left for later", e);
        }
    }

    /** So many endings, up to the one of this key. */
    private record Carried(int rows, long segmentation, long customer, long membership) {}

    private static final Carried NONE = new Carried(0, 0, 0, 0);

    /** Those that come next: one statement, which is a transaction of its own. */
    private Carried slice(Carried before) {
        return jdbc.sql("""
                        with ended as (
                            select *, ctid as place from membership_ending
                            where (customer_id, segmentation_id, membership_id) > (:customer, :segmentation, :membership)
                            order by customer_id, segmentation_id, membership_id limit :slice for update skip locked),
                        applied as (
                            delete from membership_ending e using ended
                            where e.ctid = ended.place),
                        gone as (
                            delete from stored_membership m using ended e
                            where m.segmentation_id = e.segmentation_id and m.customer_id = e.customer_id and m.until_run is null
                              and m.id = e.membership_id and m.from_run >= e.until_run),
                        kept as (
                            update stored_membership m set until_run = e.until_run from ended e
                            where m.segmentation_id = e.segmentation_id and m.customer_id = e.customer_id and m.until_run is null
                              and m.id = e.membership_id and m.from_run < e.until_run)
                        select count(*) over () as rows, segmentation_id as segmentation, customer_id as customer, membership_id as membership
                        from ended order by customer_id desc, segmentation_id desc, membership_id desc limit 1""")
                .param("segmentation", before.segmentation)
                .param("customer", before.customer)
                .param("membership", before.membership)
                .param("slice", SLICE)
                .query(Carried.class)
                .optional()
                .orElse(NONE);
    }

    @PreDestroy
    void stop() {
        worker.shutdownNow();
    }
}
