package clade.bench;

/** The members of a segment as CSV, beside psql's {@code \copy} of the same columns in the same order. In turns; medians. */
final class ExportRate {

    private final RunningService service;
    private final int times;

    ExportRate(RunningService service, int times) {
        this.service = service;
        this.times = times;
    }

    /** A row of the table. */
    String measure() {
        service.segment("bench-export", "{\"name\":\"k-means\",\"k\":1}");
        String members =
                "from membership m join segmentation s on s.id = m.segmentation_id join dataset d on d.id = s.dataset_id "
                        + "where d.key = '%s' and s.key = 'bench-export' and m.segment = 'c1' and m.until_run is null"
                                .formatted(service.key());
        String columns = "customer, facts[1], facts[2], facts[3], since";
        long rows = Long.parseLong(Psql.ask("select count(*) " + members));
        double[] ours = new double[times];
        double[] theirs = new double[times];
        for (int i = 0; i < times; i++) {
            ours[i] = service.export("segmentations/bench-export/segments/c1/customers");
            theirs[i] = Psql.seconds(
                    "\\copy (select %s %s order by customer) to '/dev/null' csv".formatted(columns, members));
        }
        double own = rows / RunningService.median(ours);
        double peer = rows / RunningService.median(theirs);
        return "| export of %,d members | %,.0f rows/s | \\copy: %,.0f rows/s | %.2f of its rate |"
                .formatted(rows, own, peer, own / peer);
    }
}
