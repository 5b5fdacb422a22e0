package clade.transactions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Decides which of the rows that have a transaction id stand for it: an id is one row. */
@Repository
class TransactionIds {

    private final JdbcClient jdbc;

    TransactionIds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The first row of the file whose transaction id an earlier row of the file has with other values.
     *
     * @param number 0 if there is none
     */
    record Recurring(long number, String transactionId) {
        static final Recurring NONE = new Recurring(0, "");
    }

    private record Identified(long number, UUID identity, String transactionId) {}

    static Recurring recurring(Staging staging) throws IOException {
        Recurring found = Recurring.NONE;
        for (int part = 0; part < Staging.PARTS; part++) {
            Map<String, UUID> first = new HashMap<>();
            for (Identified row : read(staging, part)) {
                UUID taken = first.putIfAbsent(row.transactionId, row.identity);
                boolean differs = taken != null && !taken.equals(row.identity);
                if (differs && (found.number == 0 || row.number < found.number)) {
                    found = new Recurring(row.number, row.transactionId);
                }
            }
        }
        return found;
    }

    /**
     * Which rows don't stand for their transaction id.
     *
     * @param left numbers of the rows with the id of a stored transaction, or else of the first row of the file that has it, but
     *     not its values
     * @param contested numbers of the rows that stand for an id only because none is stored, while others of the file are left
     */
    record Verdict(BitSet left, BitSet contested) {}

    Verdict judge(long dataset, Staging staging) throws IOException {
        Verdict verdict = new Verdict(new BitSet(), new BitSet());
        for (int part = 0; part < Staging.PARTS; part++) {
            List<Identified> rows = read(staging, part);
            if (rows.isEmpty()) {
                continue;
            }
            Map<String, UUID> standing = stored(
                    dataset,
                    rows.stream().map(Identified::transactionId).distinct().toList());
            Map<String, Identified> first = new HashMap<>();
            for (Identified row : rows) {
                UUID taken = standing.putIfAbsent(row.transactionId, row.identity);
                if (taken == null) {
                    first.put(row.transactionId, row);
                } else if (!taken.equals(row.identity)) {
                    verdict.left.set(Math.toIntExact(row.number));
                    Identified standsFor = first.get(row.transactionId);
                    if (standsFor != null) {
                        verdict.contested.set(Math.toIntExact(standsFor.number));
                    }
                }
            }
        }
        return verdict;
    }

    /** Identities of the rows that everybody can see, by their transaction ids. */
    Map<String, UUID> stored(long dataset, List<String> transactionIds) {
        Map<String, UUID> stored = new HashMap<>();
        jdbc.sql("""
                        select transaction_id, identity from transaction
                        where dataset_id = :dataset and transaction_id = any (cast(:ids as text[])) and %s""".formatted(Totals.VISIBLE))
                .param("dataset", dataset)
                .param("ids", transactionIds.toArray(String[]::new))
                .query(row -> {
                    stored.put(row.getString(1), row.getObject(2, UUID.class));
                });
        return stored;
    }

    private static List<Identified> read(Staging staging, int part) throws IOException {
        List<Identified> rows = new ArrayList<>();
        staging.readIdentified(
                part, (number, high, low, id) -> rows.add(new Identified(number, new UUID(high, low), id)));
        return rows;
    }
}
