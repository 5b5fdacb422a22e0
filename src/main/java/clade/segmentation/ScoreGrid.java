package clade.segmentation;

import clade.statistics.DecimalSum;
import clade.web.Refusal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads how many customers of the current run have which scores in which segment, and what they bring. */
@Repository
class ScoreGrid {

    private static final int SLICE = 10_000;

    private final JdbcClient jdbc;
    private final SegmentRepository segments;

    ScoreGrid(JdbcClient jdbc, SegmentRepository segments) {
        this.jdbc = jdbc;
        this.segments = segments;
    }

    /** Where a group of customers stands: their segment and their scores. */
    record Cell(String segment, int recency, int frequency, int monetary) {}

    /**
     * A run with its occupied cells.
     *
     * @param monetary of each cell's customers, in no order
     */
    record Scored(PublishedRuns.PublishedRun run, AxisBinnings binning, RfmModel model, Map<Cell, double[]> monetary) {

        /** Sum of all customers' monetary value. */
        double revenue() {
            return revenue(List.copyOf(monetary.values()));
        }

        /** Sum of some cells' monetary values, the same in any order. */
        static double revenue(List<double[]> cells) {
            return DecimalSum.of(cells.stream().flatMapToDouble(Arrays::stream).toArray());
        }
    }

    /** The current run; 409 before the first and where its method gives no scores. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    Scored read(Segmentations.Stored segmentation) {
        PublishedRuns.PublishedRun run = segments.published(segmentation, null);
        Definition definition = definition(run);
        if (!(definition.method() instanceof Method.Rfm rfm)) {
            throw Refusal.conflict(
                    "no-scores",
                    "Run %d of %s is of method %s, which gives no scores; method rfm does"
                            .formatted(
                                    run.number(),
                                    segmentation.key(),
                                    definition.method().name()));
        }
        RfmModel model = Objects.requireNonNull(run.rfm());
        return new Scored(run, rfm.binning(), model, monetary(segmentation, run));
    }

    private Definition definition(PublishedRuns.PublishedRun run) {
        return jdbc.sql("select definition from segmentation_run where id = :run")
                .param("run", run.id())
                .query((row, number) -> Definition.stored(row.getString("definition")))
                .single();
    }

    private Map<Cell, double[]> monetary(Segmentations.Stored segmentation, PublishedRuns.PublishedRun run) {
        int monetary = run.features().indexOf(Feature.MONETARY);
        Map<Cell, Column> columns = new LinkedHashMap<>();
        double[] facts = new double[run.features().size()];
        // the driver reads numbers much faster than arrays of them
        jdbc.sql("""
                select segment, facts[1], facts[2], facts[3] from membership
                where segmentation_id = :segmentation and until_run is null""")
                .param("segmentation", segmentation.id())
                .withFetchSize(SLICE)
                .query(row -> {
                    for (int i = 0; i < facts.length; i++) {
                        facts[i] = row.getDouble(i + 2);
                    }
                    double[] values = run.values(facts);
                    Scores scores = Objects.requireNonNull(run.scores(values));
                    columns.computeIfAbsent(
                                    new Cell(row.getString(1), scores.recency(), scores.frequency(), scores.monetary()),
                                    cell -> new Column())
                            .add(values[monetary]);
                });
        Map<Cell, double[]> values = new LinkedHashMap<>();
        columns.forEach((cell, column) -> values.put(cell, column.values()));
        return values;
    }

    /** A growing column. */
    private static final class Column {

        private double[] values = new double[8];
        private int size;

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        double[] values() {
            return Arrays.copyOf(values, size);
        }
    }
}
