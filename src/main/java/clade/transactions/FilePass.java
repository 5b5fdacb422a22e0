package clade.transactions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One pass over the records of a file: each becomes a staged row or a rejected one. */
final class FilePass {

    private final ColumnMap columns;
    private final RowParser parser;
    private final Staging staging;
    private final long keptAtMost;
    private final JsonMapper json;

    private final Row row = new Row();
    private final Map<String, long[]> rejections = new LinkedHashMap<>();
    private long rows;
    private long valid;
    private long rejected;
    private boolean identified;

    // majority vote (Boyer and Moore 1981): if one customer has more than half of the rows, it is this one
    private String suspect = "";
    private long votes;

    FilePass(ColumnMap columns, RowParser parser, Staging staging, long keptAtMost, JsonMapper json) {
        this.columns = columns;
        this.parser = parser;
        this.staging = staging;
        this.keptAtMost = keptAtMost;
        this.json = json;
    }

    /** Reads the records that are at hand, then those that follow. */
    void run(List<Records.Entry> head, Records rest) throws IOException {
        for (Records.Entry entry : head) {
            take(entry);
        }
        if (rest.delimiter() == null) {
            for (Records.Entry entry = rest.next(); entry != null; entry = rest.next()) {
                columns.learn(rest.columns());
                take(entry);
            }
            return;
        }
        Records.Entry entry = rest.next();
        if (entry == null) {
            return;
        }
        try (Handover others = new Handover(this::take)) {
            for (; entry != null; entry = rest.next()) {
                others.add(entry);
            }
            others.finish();
        }
    }

    /** Counts a rejected row and keeps it, as long as there are not too many. */
    void reject(long number, Rejection rejection, String[] fields) throws IOException {
        rejected++;
        long[] tally = rejections.computeIfAbsent(rejection.code(), code -> new long[] {0, number});
        tally[0]++;
        tally[1] = Math.min(tally[1], number);
        if (rejected <= keptAtMost) {
            int[] original = columns.original();
            List<String> kept = new ArrayList<>(original.length);
            for (int place : original) {
                kept.add(place < fields.length ? fields[place] : "");
            }
            staging.reject(number, rejection, json.writeValueAsString(kept));
        }
    }

    /** Data records read. */
    long rows() {
        return rows;
    }

    /** Rows staged. */
    long valid() {
        return valid;
    }

    long rejected() {
        return rejected;
    }

    /** True if a row has a transaction id. */
    boolean identified() {
        return identified;
    }

    /** The customer of more than half of the valid rows, if there is one. */
    String suspect() {
        return suspect;
    }

    List<UploadReport.Rejections> rejections() {
        return rejections.entrySet().stream()
                .map(entry -> new UploadReport.Rejections(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .sorted(Comparator.comparingLong(UploadReport.Rejections::firstRow))
                .toList();
    }

    private void take(Records.Entry entry) throws IOException {
        rows++;
        Rejection rejection = entry.fault() != null ? entry.fault() : parser.parse(entry.fields(), row);
        if (rejection != null) {
            reject(rows, rejection, entry.fields());
            return;
        }
        valid++;
        identified |= row.transactionId != null;
        vote(row.customerId);
        staging.add(rows, row);
    }

    private void vote(String customer) {
        if (votes == 0) {
            suspect = customer;
        }
        votes += suspect.equals(customer) ? 1 : -1;
    }
}
