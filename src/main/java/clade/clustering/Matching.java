package clade.clustering;

import java.util.Arrays;

/**
 * Pairs the clusters of two clusterings of the same rows so that the pairs have as many rows in common as possible: tells
 * which segment of a new run is which of the old one.
 *
 * @see <a href="https://doi.org/10.1002/nav.3800020109">Kuhn (1955), The Hungarian method</a>
 */
public final class Matching {

    private static final int NONE = -1;

    private Matching() {}

    /**
     * For each cluster of the first clustering its partner in the second, -1 if it has none or shares no row with it. Noise
     * takes no part. O(r² max(r, c)) time at worst for r and c clusters, O(r + c) memory beyond the table.
     */
    public static int[] byOverlap(ContingencyTable table) {
        Assignment assignment = new Assignment(table);
        for (int first = 0; first < table.firstClusters(); first++) {
            assignment.place(first);
        }
        int[] partners = new int[table.firstClusters()];
        Arrays.fill(partners, NONE);
        for (int second = 0; second < table.secondClusters(); second++) {
            int first = assignment.placed[second];
            if (first != NONE && table.count(first, second) > 0) {
                partners[first] = second;
            }
        }
        return partners;
    }

    /**
     * The best matching of the clusters placed so far. Prices prove it: no pair shares more rows than the prices of the two
     * add up to, and those placed together share just as many. Columns are the second's clusters, then empty ones where the
     * first has more.
     */
    private static final class Assignment {

        private final ContingencyTable table;
        private final long[] rowPrice;
        private final long[] columnPrice;
        private final int[] placed;

        Assignment(ContingencyTable table) {
            this.table = table;
            int columns = Math.max(table.firstClusters(), table.secondClusters());
            rowPrice = new long[table.firstClusters()];
            columnPrice = new long[columns];
            placed = new int[columns];
            Arrays.fill(placed, NONE);
        }

        /** Places one more cluster, moving others along the path that costs the fewest common rows. */
        void place(int cluster) {
            int columns = placed.length;
            long[] loss = new long[columns];
            Arrays.fill(loss, Long.MAX_VALUE);
            int[] from = new int[columns];
            boolean[] reached = new boolean[columns];
            int[] path = new int[columns];
            int steps = 0;
            long[] overlaps = new long[columns];
            int row = cluster;
            int column = NONE;
            rowPrice[cluster] = table.firstTotal(cluster);
            long paid = 0;
            do {
                shared(row, overlaps, 1);
                int nearest = NONE;
                for (int j = 0; j < columns; j++) {
                    if (!reached[j]) {
                        long slack = paid + rowPrice[row] + columnPrice[j] - overlaps[j];
                        if (slack < loss[j]) {
                            loss[j] = slack;
                            from[j] = column;
                        }
                        if (nearest == NONE || loss[j] < loss[nearest]) {
                            nearest = j;
                        }
                    }
                }
                shared(row, overlaps, -1);
                column = nearest;
                reached[column] = true;
                path[steps++] = column;
                paid = loss[column];
                row = placed[column];
            } while (row != NONE);

            rowPrice[cluster] -= paid;
            for (int s = 0; s < steps - 1; s++) {
                columnPrice[path[s]] += paid - loss[path[s]];
                rowPrice[placed[path[s]]] -= paid - loss[path[s]];
            }
            for (; from[column] != NONE; column = from[column]) {
                placed[column] = placed[from[column]];
            }
            placed[column] = cluster;
        }

        /** Adds the row's overlaps with the second's clusters, or takes them out again. */
        private void shared(int row, long[] overlaps, int sign) {
            table.forEachCell(row, (first, second, count) -> {
                if (second != ClusteringModel.NOISE) {
                    overlaps[second] += sign * count;
                }
            });
        }
    }
}
