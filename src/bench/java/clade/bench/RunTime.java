package clade.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whole runs, from the queue to published, beside what psql needs for the bare GROUP BY (written to a file) and for copying the
 * memberships of that run into a plain table with a primary key. In turns; medians.
 */
final class RunTime {

    private static final String KEY = "bench-run";

    private static final String GROUP_BY = """
            \\copy (select customer_id, max(occurred_at) filter (where kind = 1), count(distinct order_id) filter (where kind = 1), \
            sum(case when kind = -1 then -abs(amount) else amount end) \
            from transaction where dataset_id = %s group by customer_id having bool_or(kind = 1)) to '%s'""";

    private final RunningService service;
    private final int times;

    RunTime(RunningService service, int times) {
        this.service = service;
        this.times = times;
    }

    /** {@code method} is the JSON of a definition's method; the answer is a row of the table. */
    String measure(String name, String method) {
        try {
            Path grouped = Files.createTempFile("grouped", ".tsv");
            Path members = Files.createTempFile("members", ".tsv");
            try {
                return measure(name, method, grouped, members);
            } finally {
                Files.delete(grouped);
                Files.delete(members);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String measure(String name, String method, Path grouped, Path members) {
        String dataset = Psql.ask("select id from dataset where key = '%s'".formatted(service.key()));
        double[] ours = new double[times];
        double[] theirs = new double[times];
        for (int i = 0; i < times; i++) {
            ours[i] = service.segment(KEY, method);
            Psql.ask("\\copy (select m.* from membership m join segmentation s on s.id = m.segmentation_id "
                    + "where s.key = '%s' and s.dataset_id = %s and until_run is null) to '%s'"
                            .formatted(KEY, dataset, members));
            Psql.ask("drop table if exists bench_membership; create table bench_membership (like membership, "
                    + "primary key (segmentation_id, customer_id))");
            theirs[i] = Psql.seconds(GROUP_BY.formatted(dataset, grouped))
                    + Psql.seconds("\\copy bench_membership from '%s'".formatted(members));
        }
        Psql.ask("drop table bench_membership");
        double run = RunningService.median(ours);
        double peer = RunningService.median(theirs);
        return "| run %s | %.1f s | GROUP BY and \\copy: %.1f s | %.2f x the time |"
                .formatted(name, run, peer, run / peer);
    }
}
