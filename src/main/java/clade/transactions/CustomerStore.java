package clade.transactions;

import clade.customers.AttributeChanges;
import clade.customers.AttributeChanges.Change;
import clade.customers.Customers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stores what an upload has staged of customers, all in one transaction, and takes it back. Uploads of customers of a dataset are
 * stored one after another. Customers that are new get their numbers before, slice by slice: so nobody who stores transactions
 * waits for more than a slice, and who has only a number is not seen.
 *
 * <p>Locks are taken in this order: attributes, dataset row, upload row, dataset (shared), parts, counters.
 */
@Service
class CustomerStore {

    /** Rows up to which new customers get their numbers in the same transaction. */
    private static final int FEW = 1000;

    /** Customers from which on the server is told to look at its tables anew. */
    private static final int MANY = 100_000;

    private static final int SLICE = 4 << 20;

    private final Uploads uploads;
    private final Customers customers;
    private final AttributeChanges changes;
    private final Counters counters;
    private final TransactionOperations transaction;
    private final JdbcClient jdbc;
    private final DataSource database;
    private final ObjectReader exact;

    CustomerStore(
            Uploads uploads,
            Customers customers,
            AttributeChanges changes,
            Counters counters,
            TransactionOperations transaction,
            JdbcClient jdbc,
            DataSource database,
            JsonMapper json) {
        this.uploads = uploads;
        this.customers = customers;
        this.changes = changes;
        this.counters = counters;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.database = database;
        this.exact = json.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /**
     * Stores the rows.
     *
     * @throws AttributeChanges.TypesChanged if the file must be read again
     */
    void store(long dataset, long upload, Staging staging, CustomerReading reading) throws IOException {
        boolean few = reading.result().valid() <= FEW;
        if (!few) {
            number(dataset, upload, staging);
        }
        List<UploadReport.AttributeFigures> figures = reading.rows().figures();
        long accepted = inTransaction(() -> {
            changes.lock(dataset);
            receives(dataset, upload);
            long place = changes.begin(dataset, upload, reading.rows().named());
            long stored = 0;
            for (Slice slice : slices(staging)) {
                Map<String, byte[]> said = said(staging, slice, reading.rowsNameAll());
                stored += said.size();
                store(dataset, upload, place, said, few);
            }
            copyRejected(staging);
            counters.lock(dataset);
            counters.add(dataset, changes.known(dataset, upload), 0, null, null);
            if (!uploads.complete(upload, reading.content(stored, figures), reading.originalColumns())) {
                throw UploadReceiver.givenUp();
            }
            return stored;
        });
        if (accepted >= MANY) {
            jdbc.sql("analyze customer_attributes, attribute_change, customer").update();
        }
    }

    /** Takes the upload back, in a transaction of the caller. */
    void remove(long dataset, long upload) {
        long[] changed = changes.remove(dataset, upload);
        counters.lock(dataset);
        counters.add(dataset, -changes.unknown(changed), 0, null, null);
    }

    /** Parts {@code from} to {@code to - 1}. */
    private record Slice(int from, int to) {}

    private static List<Slice> slices(Staging staging) {
        List<Slice> slices = new ArrayList<>();
        int from = 0;
        long length = 0;
        for (int part = 0; part < Staging.PARTS; part++) {
            if (length > 0 && length + staging.length(part) > SLICE) {
                slices.add(new Slice(from, part));
                from = part;
                length = 0;
            }
            length += staging.length(part);
        }
        slices.add(new Slice(from, Staging.PARTS));
        return slices;
    }

    /** Gives numbers to the customers that are new. */
    private void number(long dataset, long upload, Staging staging) throws IOException {
        for (Slice slice : slices(staging)) {
            TreeSet<String> ids = new TreeSet<>();
            for (int part = slice.from; part < slice.to; part++) {
                staging.read(part, (customer, content) -> ids.add(customer));
            }
            inTransaction(() -> {
                receives(dataset, upload);
                return numbers(dataset, ids);
            });
        }
    }

    private Map<String, Long> numbers(long dataset, Set<String> ids) {
        uploads.lockParts(
                dataset,
                ids.stream().mapToInt(Staging::part).sorted().distinct().toArray());
        return customers.numbers(dataset, ids).byId();
    }

    private void store(long dataset, long upload, long place, Map<String, byte[]> said, boolean numbering) {
        if (said.isEmpty()) {
            return;
        }
        Set<String> ids = new TreeSet<>(said.keySet());
        Map<String, Long> numbers = numbering
                ? numbers(dataset, ids)
                : customers.numbers(dataset, ids).byId();
        List<Change> slice = new ArrayList<>(said.size());
        for (String id : ids) {
            slice.add(new Change(Objects.requireNonNull(numbers.get(id)), Objects.requireNonNull(said.get(id))));
        }
        changes.add(dataset, upload, place, slice);
    }

    /** What the rows say of each customer; of several rows of one, the last. */
    private Map<String, byte[]> said(Staging staging, Slice slice, boolean rowsNameAll) throws IOException {
        Map<String, byte[]> said = new HashMap<>();
        for (int part = slice.from; part < slice.to; part++) {
            staging.read(
                    part,
                    (customer, content) -> said.merge(
                            customer, content, (earlier, later) -> rowsNameAll ? later : merged(earlier, later)));
        }
        return said;
    }

    private byte[] merged(byte[] earlier, byte[] later) {
        JsonNode both = exact.readTree(earlier);
        ((ObjectNode) both).setAll((ObjectNode) exact.readTree(later));
        return both.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void receives(long dataset, long upload) {
        if (!uploads.receives(dataset, upload)) {
            throw UploadReceiver.givenUp();
        }
    }

    private void copyRejected(Staging staging) throws IOException {
        try {
            staging.copyRejected(DataSourceUtils.getConnection(database));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Work of a transaction. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T inTransaction(Work<T> work) throws IOException {
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                try {
                    return work.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
