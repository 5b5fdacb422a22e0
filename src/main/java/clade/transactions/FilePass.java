package clade.transactions;

import clade.database.LargeWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One pass over the records of a file: each becomes a staged row or a rejected one. */
final class FilePass {

    private static final int HEAD_RECORDS = 1000;
    private static final int HEAD_LENGTH = 1 << 20;

    private final ColumnMap columns;
    private final RowReader reader;
    private final Staging staging;
    private final long keptAtMost;
    private final JsonMapper json;

    private final Map<String, long[]> rejections = new LinkedHashMap<>();
    private long rows;
    private long valid;
    private long rejected;

    FilePass(ColumnMap columns, RowReader reader, Staging staging, long keptAtMost, JsonMapper json) {
        this.columns = columns;
        this.reader = reader;
        this.staging = staging;
        this.keptAtMost = keptAtMost;
        this.json = json;
    }

    /** The first records of a file, by which formats are guessed before the whole has told them. */
    static List<Records.Entry> head(Records records) throws IOException {
        List<Records.Entry> head = new ArrayList<>();
        int length = 0;
        while (head.size() < HEAD_RECORDS && length < HEAD_LENGTH) {
            Records.Entry entry = records.next();
            if (entry == null) {
                break;
            }
            for (String field : entry.fields()) {
                length += field.length();
            }
            head.add(entry);
        }
        return head;
    }

    /** Reads the records that are at hand, then those that follow. */
    void run(List<Records.Entry> head, Records rest) throws IOException {
        for (Records.Entry entry : head) {
            take(entry);
        }
        Records.Entry entry = rest.next();
        if (entry != null) {
            LargeWork.callApart(() -> follow(entry, rest));
        }
    }

    private boolean follow(Records.Entry first, Records rest) throws IOException {
        if (rest.delimiter() == null) {
            for (Records.Entry entry = first; entry != null; entry = rest.next()) {
                columns.learn(rest.columns());
                take(entry);
            }
            return true;
        }
        try (Handover others = new Handover(this::take)) {
            for (Records.Entry entry = first; entry != null; entry = rest.next()) {
                others.add(entry);
            }
            others.finish();
        }
        return true;
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

    List<UploadReport.Rejections> rejections() {
        return rejections.entrySet().stream()
                .map(entry -> new UploadReport.Rejections(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .sorted(Comparator.comparingLong(UploadReport.Rejections::firstRow))
                .toList();
    }

    private void take(Records.Entry entry) throws IOException {
        rows++;
        Rejection rejection = entry.fault() != null ? entry.fault() : reader.take(rows, entry.fields());
        if (rejection == null) {
            valid++;
        } else {
            reject(rows, rejection, entry.fields());
        }
    }
}
