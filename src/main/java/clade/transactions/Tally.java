package clade.transactions;

import clade.database.Times;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of valid rows, added up over slices. */
final class Tally {

    long accepted;

    /** Customers of the rows, accepted or not, of shares that hold all rows of theirs. */
    long customers;

    /** Ids of those whose rows are in several shares. */
    final Set<String> scattered = new HashSet<>();

    long ofSuspect;
    /** Numbers of the rows whose transaction id another row has got meanwhile. */
    final BitSet late = new BitSet();

    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private final Longs changed = new Longs();

    /** Counts a row that is stored. */
    void accept(long customer, long occurredAt) {
        accepted++;
        first = Math.min(first, occurredAt);
        last = Math.max(last, occurredAt);
        changed.add(customer);
    }

    synchronized void add(Tally more) {
        accepted += more.accepted;
        customers += more.customers;
        scattered.addAll(more.scattered);
        late.or(more.late);
        ofSuspect += more.ofSuspect;
        first = Math.min(first, more.first);
        last = Math.max(last, more.last);
        for (long customer : more.changed.distinct()) {
            changed.add(customer);
        }
    }

    long distinctCustomers() {
        return customers + scattered.size();
    }

    /** Customers of the rows that are stored, ascending. */
    long[] changed() {
        return changed.distinct();
    }

    /** Time of the first row that is stored; null if none is. */
    @Nullable
    Instant first() {
        return accepted == 0 ? null : Times.instant(first);
    }

    /** Time of the last row that is stored; null if none is. */
    @Nullable
    Instant last() {
        return accepted == 0 ? null : Times.instant(last);
    }
}
