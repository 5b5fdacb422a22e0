package clade.bench;

import java.nio.file.Path;

/**
 * An upload of a file, and a second one of the same file, beside psql's {@code \copy} of it into a plain table of the same columns
 * with a bigint primary key. In turns; medians. The dataset stays as the last turn leaves it.
 */
final class UploadRate {

    private static final String COLUMNS =
            "\"customerId\", \"orderId\", \"occurredAt\", \"productId\", quantity, amount";

    private final RunningService service;
    private final int times;

    UploadRate(RunningService service, int times) {
        this.service = service;
        this.times = times;
    }

    /** Two rows of the table. */
    String measure(Path file, int rows) {
        double[] first = new double[times];
        double[] second = new double[times];
        double[] theirs = new double[times];
        for (int i = 0; i < times; i++) {
            service.makeDataset();
            first[i] = service.upload(file);
            theirs[i] = copy(file);
            second[i] = service.upload(file);
        }
        return row("upload", rows, first, theirs) + "\n" + row("second, identical upload", rows, second, theirs);
    }

    private static String row(String name, int rows, double[] ours, double[] theirs) {
        double own = rows / RunningService.median(ours);
        double peer = rows / RunningService.median(theirs);
        return "| %s of %,d rows CSV | %,.0f rows/s | \\copy: %,.0f rows/s | %.2f of its rate |"
                .formatted(name, rows, own, peer, own / peer);
    }

    private static double copy(Path file) {
        Psql.ask("""
                drop table if exists bench_plain;
                create table bench_plain (id bigint generated always as identity primary key, "customerId" text, "orderId" text,
                    "occurredAt" timestamptz, "productId" text, quantity numeric, amount numeric)""");
        double seconds =
                Psql.seconds("\\copy bench_plain (%s) from '%s' with (format csv, header)".formatted(COLUMNS, file));
        Psql.ask("drop table bench_plain");
        return seconds;
    }
}
