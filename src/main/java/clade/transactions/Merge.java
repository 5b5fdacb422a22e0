package clade.transactions;

import clade.customers.Customers;
import clade.database.CopiedRows;
import clade.database.CopyRows;
import clade.transactions.Slice.Entry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Repository;

/**
 * Moves staged rows into {@code transaction}, slice by slice, and takes them out again. A slice is merged in a transaction that
 * holds the lock of its parts, so that nobody else stores rows of its customers meanwhile.
 */
@Repository
class Merge {

    /** Rows up to which equal stored ones are looked up one by one; beyond, all rows of their customers are read. */
    private static final int FEW = 1000;

    /**
     * Bytes of staged rows that are merged together, unless they are of one part; each lives in memory as about three times as many.
     * A small post waits if its customer is in a part that is being merged, so a slice takes few of them, and not for long.
     */
    private static final int SLICE = 1 << 19;

    private static final int LARGEST_SLICE = 8 << 20;

    private final JdbcClient jdbc;
    private final DataSource database;
    private final Customers customers;
    private final Uploads uploads;
    private final Totals totals;
    private final TransactionIds ids;

    Merge(
            JdbcClient jdbc,
            DataSource database,
            Customers customers,
            Uploads uploads,
            Totals totals,
            TransactionIds ids) {
        this.ids = ids;
        this.jdbc = jdbc;
        this.database = database;
        this.customers = customers;
        this.uploads = uploads;
        this.totals = totals;
    }

    /**
     * What is merged.
     *
     * @param verdict which rows are not, because of their transaction ids
     * @param dropsEqual whether of equal rows of the file only one is stored
     * @param suspect a customer whose rows are counted
     */
    record Job(
            long dataset,
            long upload,
            Staging staging,
            TransactionIds.Verdict verdict,
            boolean dropsEqual,
            String suspect) {}

    /** Parts {@code from} to {@code to - 1} of the staged rows, of each the rows with one of {@code pieces} beginnings of identity. */
    record Share(int from, int to, int piece, int pieces) implements LongPredicate {

        @Override
        public boolean test(long high) {
            return pieces == 1 || high >>> (64 - bits()) == piece;
        }

        private int bits() {
            return Integer.numberOfTrailingZeros(pieces);
        }

        /** SQL's condition for the same rows. */
        String condition() {
            if (pieces == 1) {
                return "";
            }
            String last = piece == pieces - 1 ? "" : " and identity < '%s'".formatted(uuid(piece + 1L));
            return " and identity >= '%s'%s".formatted(uuid(piece), last);
        }

        private String uuid(long beginning) {
            return new UUID(beginning << (64 - bits()), 0).toString();
        }
    }

    /** All staged rows, in shares of a size that fits into memory. */
    static List<Share> shares(Staging staging) {
        List<Share> shares = new ArrayList<>();
        long length = 0;
        int from = 0;
        for (int part = 0; part < Staging.PARTS; part++) {
            length += staging.length(part);
            boolean last = part == Staging.PARTS - 1;
            if (!last && length + staging.length(part + 1) <= SLICE) {
                continue;
            }
            int pieces = 1;
            while (length / pieces > LARGEST_SLICE) {
                pieces *= 2;
            }
            for (int piece = 0; piece < pieces; piece++) {
                shares.add(new Share(from, part + 1, piece, pieces));
            }
            from = part + 1;
            length = 0;
        }
        return shares;
    }

    /** Stores the rows of a hidden upload that are new, in a transaction of the caller. False if the upload has ended meanwhile. */
    boolean hidden(Job job, Share share, Tally tally) throws IOException {
        jdbc.sql("set local synchronous_commit = off").update(); // its end is waited for, and brings this along
        uploads.lockParts(job.dataset, IntStream.range(share.from, share.to).toArray());
        if (!uploads.merges(job.upload)) {
            return false;
        }
        Tally own = new Tally();
        store(job, slice(job, share), share, own);
        totals.countComing(job.dataset, job.upload, own.changed());
        tally.add(own);
        return true;
    }

    /** Stores the rows of a small upload that are new, in a transaction of the caller; the dataset's cancellation pattern. */
    Optional<String> visible(Job job, Tally tally) throws IOException {
        Share all = new Share(0, Staging.PARTS, 0, 1);
        Slice slice = slice(job, all);
        Optional<String> pattern = uploads.lockPartsOfFew(
                job.dataset,
                slice.customerIds().stream()
                        .mapToInt(Staging::part)
                        .sorted()
                        .distinct()
                        .toArray());
        store(job, slice, all, tally);
        return pattern;
    }

    /** Removes the rows of an upload and returns the customers who lose some, ascending. They keep their numbers. */
    long[] remove(long dataset, long upload) {
        Longs changed = new Longs();
        jdbc.sql("""
                        with gone as (delete from transaction where dataset_id = :dataset and upload_id = :upload
                            returning customer_id)
                        select distinct customer_id from gone""").param("dataset", dataset).param("upload", upload).query(row -> {
            changed.add(row.getLong(1));
        });
        return changed.distinct();
    }

    /** Removes the rows of these customers from an upload. */
    void remove(long upload, long[] customers) {
        jdbc.sql("delete from transaction where customer_id = any (:customers) and upload_id = :upload")
                .param("customers", customers)
                .param("upload", upload)
                .update();
    }

    private static Slice slice(Job job, Share share) throws IOException {
        Slice slice = new Slice();
        for (int part = share.from; part < share.to; part++) {
            job.staging.read(part, job.verdict.left(), share, slice);
        }
        return slice;
    }

    private void store(Job job, Slice slice, Share share, Tally tally) throws IOException {
        Set<String> ids = slice.customerIds();
        Customers.Numbers numbers = customers.numbers(job.dataset, ids);
        slice.number(numbers.byId());
        try {
            Connection connection = DataSourceUtils.getConnection(database);
            findOwners(connection, slice.entries(), numbers.known(), share);
            takeOver(job, slice.entries());
            findLate(job, slice.entries(), tally);
            insert(connection, job, slice.entries(), tally);
        } catch (SQLException e) {
            throw "23505".equals(e.getSQLState()) ? new Contended(false, e) : new IllegalStateException(e);
        }
        if (share.pieces == 1) {
            tally.customers += ids.size();
        } else {
            tally.scattered.addAll(ids);
        }
        repeat(job, slice.entries());
    }

    /** Another upload stores, at this time or just before, other rows with transaction ids of this one. */
    static final class Contended extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** Whether all rows of the upload are to be judged again. */
        final boolean anew;

        Contended(boolean anew, @Nullable SQLException cause) {
            super("Another upload stores transactions of the same ids at this time", cause);
            this.anew = anew;
        }
    }

    /** Finds the rows whose transaction id another row, which can be seen, has got since they were judged. */
    private void findLate(Job job, List<Entry> entries, Tally tally) {
        List<Entry> identified = entries.stream()
                .filter(entry -> entry.owner == null && entry.identified())
                .toList();
        if (identified.isEmpty()) {
            return;
        }
        Map<String, UUID> stored = ids.stored(
                job.dataset,
                identified.stream().map(Entry::transactionId).distinct().toList());
        for (Entry entry : identified) {
            UUID taken = stored.get(entry.transactionId());
            if (taken != null && !taken.equals(new UUID(entry.high, entry.low))) {
                if (job.verdict.contested().get(Math.toIntExact(entry.number))) {
                    throw new Contended(true, null);
                }
                entry.late = true;
                tally.late.set(Math.toIntExact(entry.number));
            }
        }
    }

    /** Finds the stored rows that are equal to these, of customers who have rows. */
    private void findOwners(Connection connection, List<Entry> entries, Set<Long> known, Share share)
            throws SQLException {
        List<Entry> candidates =
                entries.stream().filter(entry -> known.contains(entry.customer)).toList();
        if (candidates.isEmpty()) {
            return;
        }
        Owners owners = new Owners(candidates);
        if (candidates.size() <= FEW) {
            // of equal rows the first stands for all of them
            List<Entry> different =
                    candidates.stream().filter(entry -> entry.occurrence == 1).toList();
            jdbc.sql("""
                            select t.customer_id, t.identity, t.occurrence, t.upload_id
                            from unnest(:customers, cast(:identities as uuid[])) as sent (customer_id, identity)
                            join transaction t using (customer_id, identity) order by 1, 2, 3""")
                    .param(
                            "customers",
                            different.stream()
                                    .mapToLong(entry -> entry.customer)
                                    .toArray())
                    .param("identities", different.stream().map(Merge::uuid).toArray(String[]::new))
                    .query(row -> {
                        UUID identity = row.getObject(2, UUID.class);
                        long[] halves = {identity.getMostSignificantBits(), identity.getLeastSignificantBits()};
                        owners.add(row.getLong(1), halves, row.getInt(3), row.getLong(4));
                    });
            return;
        }
        String numbers = known.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
        try (CopiedRows stored = new CopiedRows(connection, """
                select customer_id, identity, occurrence, upload_id from transaction
                where customer_id = any ('{%s}')%s order by 1, 2, 3""".formatted(numbers, share.condition()))) {
            while (stored.next()) {
                owners.add(stored.bigint(), stored.uuid(), stored.integer(), stored.bigint());
            }
        }
    }

    /** Tells entries, which are in order, who has stored equal rows, which come in the same order. */
    private static final class Owners {

        private final List<Entry> entries;
        private int next;

        Owners(List<Entry> entries) {
            this.entries = entries;
        }

        void add(long customer, long[] identity, int occurrence, long owner) {
            while (next < entries.size() && compare(entries.get(next), customer, identity, occurrence) < 0) {
                next++;
            }
            if (next < entries.size() && compare(entries.get(next), customer, identity, occurrence) == 0) {
                entries.get(next).owner = owner;
            }
        }
    }

    private static int compare(Entry entry, long customer, long[] identity, int occurrence) {
        int order = Long.compare(entry.customer, customer);
        order = order != 0 ? order : Long.compareUnsigned(entry.high, identity[0]);
        order = order != 0 ? order : Long.compareUnsigned(entry.low, identity[1]);
        return order != 0 ? order : Integer.compare(entry.occurrence, occurrence);
    }

    /**
     * Rows that only a hidden upload has are taken from it, as if it came later: it will hold duplicates of them. If it becomes
     * visible first, this waits and they are duplicates here.
     */
    private void takeOver(Job job, List<Entry> entries) {
        List<Long> hidden = uploads.hidden(entries.stream()
                .filter(entry -> entry.owner != null && entry.owner != job.upload)
                .map(entry -> entry.owner)
                .distinct()
                .toList());
        Map<Long, Long> taken = new TreeMap<>();
        List<Entry> rows = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.owner != null && hidden.contains(entry.owner) && !again(job, entry)) {
                taken.merge(entry.owner, 1L, Long::sum);
                rows.add(entry);
                entry.owner = job.upload;
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        update transaction t set upload_id = :upload
                        from unnest(:customers, cast(:identities as uuid[]), :occurrences) as taken (customer_id, identity, occurrence)
                        where t.customer_id = taken.customer_id and t.identity = taken.identity and t.occurrence = taken.occurrence""")
                .param("upload", job.upload)
                .param(
                        "customers",
                        rows.stream().mapToLong(entry -> entry.customer).toArray())
                .param("identities", rows.stream().map(Merge::uuid).toArray(String[]::new))
                .param(
                        "occurrences",
                        rows.stream().mapToInt(entry -> entry.occurrence).toArray())
                .update();
        taken.forEach((from, count) -> uploads.take(from, job.upload, count));
    }

    /** Of rows that count once, one that was there before it in the file. */
    private static boolean again(Job job, Entry entry) {
        return entry.occurrence > 1 && (job.dropsEqual || entry.identified());
    }

    private static void insert(Connection connection, Job job, List<Entry> entries, Tally tally)
            throws SQLException, IOException {
        CopyRows rows = new CopyRows(1 << 16);
        for (Entry entry : entries) {
            tally.ofSuspect += entry.customerId.equals(job.suspect) ? 1 : 0;
            if (entry.late || again(job, entry) || (entry.owner != null && entry.owner != job.upload)) {
                continue;
            }
            tally.accept(entry.customer, entry.occurredAt);
            if (entry.owner == null) {
                entry.copy(rows, job.dataset, job.upload);
            }
        }
        rows.copyTo(
                connection,
                "transaction (dataset_id, customer_id, upload_id, identity, occurrence, occurred_at, kind,"
                        + " quantity, unit_price, amount, order_id, product_id, transaction_id)");
    }

    private void repeat(Job job, List<Entry> entries) {
        List<@Nullable Long> earlier = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.owner != null && entry.owner != job.upload && !earlier.contains(entry.owner)) {
                earlier.add(entry.owner);
            }
        }
        earlier.forEach(owner -> uploads.take(job.upload, owner, 0));
    }

    private static String uuid(Entry entry) {
        return new UUID(entry.high, entry.low).toString();
    }
}
