package clade.segmentation;

import clade.database.CopiedRows;
import clade.statistics.DecimalSum;
import clade.transactions.PurchasePeriods;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Who is in which segment now, all at once. */
@Repository
class CurrentMembers {

    private final DataSource database;

    CurrentMembers(DataSource database) {
        this.database = database;
    }

    /**
     * The members of all segments.
     *
     * @param segments keys
     * @param customers numbers, one a member
     * @param segmentOf indices into {@code segments}, one a member
     * @param values of the run's features that are numbers, by their names, one a member; NaN where one is missing
     */
    @SuppressWarnings("ArrayRecordComponent") // read once and never compared
    record Table(List<String> segments, long[] customers, int[] segmentOf, Map<String, double[]> values) {

        /** What the members of each segment brought in a period, by key; exact whatever their order. */
        Map<String, Double> revenue(PurchasePeriods.Period period) {
            List<DecimalSum> sums =
                    segments.stream().map(segment -> new DecimalSum()).toList();
            for (int i = 0; i < customers.length; i++) {
                PurchasePeriods.Done done = period.find(customers[i]);
                if (done != null) {
                    sums.get(segmentOf[i]).add(done.revenue());
                }
            }
            Map<String, Double> revenue = new HashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                revenue.put(segments.get(i), sums.get(i).value().doubleValue());
            }
            return revenue;
        }

        /**
         * How likely a member of each segment bought more recently than a customer drawn from all, ties counting half: the
         * mean of the members' mid-ranks. Empty without recency.
         */
        Map<String, Double> moreRecent() {
            double[] recency = values.get("recency");
            if (recency == null) {
                return Map.of();
            }
            double[] sorted = recency.clone();
            Arrays.sort(sorted);
            double[] sums = new double[segments.size()];
            long[] sizes = new long[segments.size()];
            for (int i = 0; i < recency.length; i++) {
                int below = firstAtLeast(sorted, recency[i]);
                int notAbove = firstAtLeast(sorted, Math.nextUp(recency[i]));
                sums[segmentOf[i]] += sorted.length - (below + notAbove) / 2.0;
                sizes[segmentOf[i]]++;
            }
            Map<String, Double> found = new HashMap<>();
            for (int i = 0; i < sums.length; i++) {
                if (sizes[i] > 0) {
                    found.put(segments.get(i), sums[i] / sizes[i] / sorted.length);
                }
            }
            return found;
        }

        private static int firstAtLeast(double[] sorted, double value) {
            int low = 0;
            int high = sorted.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sorted[middle] < value) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** The members of the current run as they are. */
    @Transactional(readOnly = true)
    Table read(long segmentation, PublishedRuns.PublishedRun run, List<String> segments) {
        Map<String, Integer> index = new HashMap<>();
        IntStream.range(0, segments.size()).forEach(i -> index.put(segments.get(i), i));
        int capacity = Math.toIntExact(Math.max(16, run.customers()));
        long[] customers = new long[capacity];
        int[] segmentOf = new int[capacity];
        double[][] values = new double[run.featureNames().size()][capacity];
        int size = 0;
        String query =
                "select customer_id, segment, facts from membership where segmentation_id = %d and until_run is null"
                        .formatted(segmentation);
        try (CopiedRows rows = new CopiedRows(DataSourceUtils.getConnection(database), query)) {
            while (rows.next()) {
                if (size == customers.length) {
                    customers = Arrays.copyOf(customers, 2 * size);
                    segmentOf = Arrays.copyOf(segmentOf, 2 * size);
                    for (int feature = 0; feature < values.length; feature++) {
                        values[feature] = Arrays.copyOf(values[feature], 2 * size);
                    }
                }
                customers[size] = rows.bigint();
                segmentOf[size] = Objects.requireNonNull(index.get(rows.text()));
                double[] own = run.values(rows.doubles());
                for (int feature = 0; feature < values.length; feature++) {
                    values[feature][size] = own[feature];
                }
                size++;
            }
        } catch (SQLException e) {
            throw new DataRetrievalFailureException("The members of a run can't be read", e);
        }
        Map<String, double[]> named = new LinkedHashMap<>();
        for (int feature = 0; feature < values.length; feature++) {
            String name = run.featureNames().get(feature);
            if (!run.categories().containsKey(name)) { // places in a list of words are no numbers
                named.put(name, Arrays.copyOf(values[feature], size));
            }
        }
        return new Table(segments, Arrays.copyOf(customers, size), Arrays.copyOf(segmentOf, size), named);
    }
}
