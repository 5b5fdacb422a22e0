package clade.clustering;

import clade.statistics.Matrix;
import clade.statistics.RoundNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One rule for each group of rows: a tree of thresholds on single columns with one leaf a group, so that a group is said in a
 * few bounds instead of a formula. What a rule gets wrong it says itself, see {@link Rule}.
 *
 * <p>Each cut is the one that parts the groups of its node with the fewest mistakes, a mistake being a row that comes to lie on
 * the other side than most rows of its group; mistakes take no part further down. This is the iterative mistake minimisation of
 * the source with the majority of a group's rows in place of its centre, so that groups without a centre have rules too. Ties
 * go to the cut that parts the groups more evenly, then to the first column, then to the lower threshold.
 *
 * <p>O(n d log n) to sort the columns, then O(n d) a level of the tree; O(n d) memory. Every value of a column is tried as a
 * threshold up to {@value #MOST_CUTS} of them, beyond that as many quantiles of the groups.
 *
 * @see <a href="https://proceedings.mlr.press/v119/moshkovitz20a.html">Moshkovitz, Dasgupta, Rashtchian and Frost (2020),
 *     Explainable k-means and k-medians clustering</a>; <a href="https://arxiv.org/abs/2006.02399">Frost, Moshkovitz and
 *     Rashtchian (2020), ExKMC</a>, which buys exactness with more leaves than groups
 */
public final class ThresholdTree {

    /** Groups beyond which nobody would read the rules. */
    public static final int MOST_GROUPS = 200;

    /** Thresholds of a column that are tried. */
    private static final int MOST_CUTS = 2_048;

    private final Node root;
    private final List<Optional<Rule>> rules;

    private ThresholdTree(Node root, List<Optional<Rule>> rules) {
        this.root = root;
        this.rules = rules;
    }

    /**
     * A range of a column: above {@code above} and at most {@code atMost}.
     *
     * @param above null: no lower bound
     * @param atMost null: no upper bound
     */
    public record Bound(
            int column, @Nullable Double above, @Nullable Double atMost) {

        /** Whether a value is in the range. */
        public boolean holds(double value) {
            return (above == null || value > above) && (atMost == null || value <= atMost);
        }
    }

    /**
     * What a group has in common: all bounds hold.
     *
     * @param bounds at most one a column, columns ascending; empty if there is only one group
     * @param covered rows for which the rule holds, noise included
     * @param hits those of them that are in the group
     * @param size rows of the group
     */
    public record Rule(List<Bound> bounds, long covered, long hits, long size) {

        public Rule {
            bounds = List.copyOf(bounds);
        }

        /** Part of the rows under the rule that are in the group, in [0, 1]; 0 if it covers none. */
        public double precision() {
            return covered == 0 ? 0 : (double) hits / covered;
        }

        /** Part of the group's rows that are under the rule, in [0, 1]. */
        public double recall() {
            return (double) hits / size;
        }

        /** Whether the rule holds for a row. */
        public boolean holds(double[] row) {
            return bounds.stream().allMatch(bound -> bound.holds(row[bound.column()]));
        }
    }

    /** A cut with two sides, or a leaf without. */
    private static final class Node {
        int group = ClusteringModel.NOISE;
        int column;
        int cut;
        double threshold;

        @Nullable
        Node low;

        @Nullable
        Node high;
    }

    /**
     * Grows the tree.
     *
     * @param x n rows in the units that the rules are to be said in, all finite
     * @param labels n labels in [0, groups), or {@link ClusteringModel#NOISE} for rows that belong to no group
     * @param groups from 1 to {@link #MOST_GROUPS}, each with a row
     */
    public static ThresholdTree fit(Matrix x, int[] labels, int groups) {
        if (labels.length != x.rows()) {
            throw new IllegalArgumentException(
                    "%d rows need as many labels, got %d".formatted(x.rows(), labels.length));
        }
        if (groups < 1 || groups > MOST_GROUPS) {
            throw new IllegalArgumentException("there must be 1 to %d groups, were %d".formatted(MOST_GROUPS, groups));
        }
        Growth growth = new Growth(x, labels, groups);
        Node root = growth.grow();
        return new ThresholdTree(root, growth.rules(root));
    }

    /** The group whose leaf a row comes to. */
    public int assign(double[] row) {
        Node node = root;
        while (node.low != null && node.high != null) {
            node = row[node.column] <= node.threshold ? node.low : node.high;
        }
        return node.group;
    }

    /** The rule of a group; empty if nothing in the columns tells it from another one. */
    public Optional<Rule> rule(int group) {
        return rules.get(group);
    }

    /** The columns with their thresholds, and the rows sorted into the nodes. */
    private static final class Growth {

        private final int[] labels;
        private final int groups;

        /** Ascending for each column; a cut parts what is at most it from what is above. */
        private final double[][] cuts;

        /** For each column the least value above each cut. */
        private final double[][] next;

        /** For each column and row how many cuts lie below the value. */
        private final char[][] bins;

        private final int[] rows;

        Growth(Matrix x, int[] labels, int groups) {
            this.labels = labels;
            this.groups = groups;
            this.rows = IntStream.range(0, labels.length)
                    .filter(row -> labels[row] != ClusteringModel.NOISE)
                    .toArray();
            cuts = new double[x.columns()][];
            next = new double[x.columns()][];
            bins = new char[x.columns()][];
            for (int column = 0; column < x.columns(); column++) {
                double[] values = x.column(column);
                double[] sorted = values.clone();
                Arrays.sort(sorted);
                double[] distinct = Arrays.stream(sorted).distinct().toArray();
                double[] tried = distinct.length <= MOST_CUTS ? distinct : quantiles(values);
                // nothing lies above the last value
                cuts[column] = Arrays.stream(tried)
                        .filter(cut -> cut < distinct[distinct.length - 1])
                        .toArray();
                next[column] = Arrays.stream(cuts[column])
                        .map(cut -> distinct[Arrays.binarySearch(distinct, cut) + 1])
                        .toArray();
                bins[column] = bins(values, cuts[column]);
            }
        }

        /** Values of the groups near evenly spaced quantiles, as many for a small group as for a large one. */
        private double[] quantiles(double[] values) {
            int parts = Math.max(4, MOST_CUTS / groups);
            return IntStream.range(0, groups)
                    .mapToObj(group -> Arrays.stream(rows)
                            .filter(row -> labels[row] == group)
                            .mapToDouble(row -> values[row])
                            .sorted()
                            .toArray())
                    .flatMapToDouble(of -> IntStream.rangeClosed(0, parts)
                            .mapToDouble(part -> of[(int) ((long) part * (of.length - 1) / parts)]))
                    .sorted()
                    .distinct()
                    .toArray();
        }

        private static char[] bins(double[] values, double[] cuts) {
            char[] bins = new char[values.length];
            for (int row = 0; row < values.length; row++) {
                int at = Arrays.binarySearch(cuts, values[row]);
                bins[row] = (char) (at < 0 ? -at - 1 : at);
            }
            return bins;
        }

        Node grow() {
            return grow(0, rows.length, IntStream.range(0, groups).toArray());
        }

        private Node grow(int from, int to, int[] of) {
            Node node = new Node();
            Cut best = of.length == 1 ? null : best(from, to, of);
            if (best == null) {
                node.group = largest(from, to, of);
                return node;
            }
            node.column = best.column;
            node.cut = best.cut;
            node.threshold = RoundNumbers.between(cuts[best.column][best.cut], next[best.column][best.cut]);
            int[] low = IntStream.range(0, of.length)
                    .filter(g -> best.low[g])
                    .map(g -> of[g])
                    .toArray();
            int[] high = IntStream.range(0, of.length)
                    .filter(g -> !best.low[g])
                    .map(g -> of[g])
                    .toArray();
            boolean[] isLow = new boolean[groups];
            Arrays.stream(low).forEach(group -> isLow[group] = true);
            // the low side's rows first, then the high side's, mistakes last: they take no further part
            int middle = partition(from, to, row -> isLow[labels[row]] && bins[best.column][row] <= best.cut);
            int end = partition(middle, to, row -> !isLow[labels[row]] && bins[best.column][row] > best.cut);
            node.low = grow(from, middle, low);
            node.high = grow(middle, end, high);
            return node;
        }

        private interface RowTest {
            boolean holds(int row);
        }

        /** Brings the rows that pass to the front, and returns where the others begin. */
        private int partition(int from, int to, RowTest test) {
            int end = from;
            for (int i = from; i < to; i++) {
                if (test.holds(rows[i])) {
                    int row = rows[i];
                    rows[i] = rows[end];
                    rows[end++] = row;
                }
            }
            return end;
        }

        private int largest(int from, int to, int[] of) {
            int[] sizes = new int[groups];
            for (int i = from; i < to; i++) {
                sizes[labels[rows[i]]]++;
            }
            int largest = of[0];
            for (int group : of) {
                if (sizes[group] > sizes[largest]) {
                    largest = group;
                }
            }
            return largest;
        }

        /** A way to part the groups of a node. */
        @SuppressWarnings("ArrayRecordComponent") // made and read in one place
        private record Cut(int column, int cut, long mistakes, int uneven, boolean[] low) {

            boolean isBetterThan(@Nullable Cut other) {
                return other == null
                        || mistakes < other.mistakes
                        || (mistakes == other.mistakes && uneven < other.uneven);
            }
        }

        private @Nullable Cut best(int from, int to, int[] of) {
            int[] place = new int[groups];
            for (int g = 0; g < of.length; g++) {
                place[of[g]] = g;
            }
            Cut best = null;
            for (int column = 0; column < cuts.length; column++) {
                int[][] counts = new int[cuts[column].length + 1][];
                long[] above = new long[of.length];
                for (int i = from; i < to; i++) {
                    int bin = bins[column][rows[i]];
                    int group = place[labels[rows[i]]];
                    if (counts[bin] == null) {
                        counts[bin] = new int[of.length];
                    }
                    counts[bin][group]++;
                    above[group]++;
                }
                long[] below = new long[of.length];
                for (int cut = 0; cut < cuts[column].length; cut++) {
                    if (counts[cut] != null) { // else it parts the node's rows as the cut before it does
                        for (int g = 0; g < of.length; g++) {
                            below[g] += counts[cut][g];
                            above[g] -= counts[cut][g];
                        }
                        Cut found = cut(column, cut, below, above);
                        if (found != null && found.isBetterThan(best)) {
                            best = found;
                        }
                    }
                }
            }
            return best;
        }

        /** Each group where most of its rows are, but one at least on either side; null if a side has no rows. */
        private static @Nullable Cut cut(int column, int cut, long[] below, long[] above) {
            boolean[] low = new boolean[below.length];
            int lows = 0;
            long mistakes = 0;
            for (int g = 0; g < low.length; g++) {
                low[g] = below[g] >= above[g];
                lows += low[g] ? 1 : 0;
                mistakes += Math.min(below[g], above[g]);
            }
            if (lows == 0 || lows == low.length) {
                int turned = -1;
                for (int g = 0; g < low.length; g++) {
                    boolean hasRowsThere = (low[g] ? above[g] : below[g]) > 0;
                    if (hasRowsThere
                            && (turned < 0
                                    || Math.abs(below[g] - above[g]) < Math.abs(below[turned] - above[turned]))) {
                        turned = g;
                    }
                }
                if (turned < 0) {
                    return null;
                }
                mistakes += Math.abs(below[turned] - above[turned]);
                lows += low[turned] ? -1 : 1;
                low[turned] = !low[turned];
            }
            return new Cut(column, cut, mistakes, Math.abs(2 * lows - low.length), low);
        }

        /** The rules of the leaves, counted over all rows. */
        List<Optional<Rule>> rules(Node root) {
            long[] sizes = new long[groups];
            long[] covered = new long[groups];
            long[] hits = new long[groups];
            for (int row = 0; row < labels.length; row++) {
                Node node = root;
                while (node.low != null && node.high != null) {
                    node = bins[node.column][row] <= node.cut ? node.low : node.high;
                }
                covered[node.group]++;
                if (labels[row] == node.group) {
                    hits[node.group]++;
                }
                if (labels[row] != ClusteringModel.NOISE) {
                    sizes[labels[row]]++;
                }
            }
            List<Optional<Rule>> rules = new ArrayList<>(Collections.nCopies(groups, Optional.empty()));
            leaves(
                    root,
                    new TreeMap<>(),
                    (group, bounds) ->
                            rules.set(group, Optional.of(new Rule(bounds, covered[group], hits[group], sizes[group]))));
            return rules;
        }

        private interface LeafVisitor {
            void visit(int group, List<Bound> bounds);
        }

        private static void leaves(Node node, Map<Integer, Bound> bounds, LeafVisitor visitor) {
            if (node.low == null || node.high == null) {
                visitor.visit(node.group, List.copyOf(bounds.values()));
                return;
            }
            // a node further down cuts within the bounds of those above it
            Bound before = bounds.getOrDefault(node.column, new Bound(node.column, null, null));
            Map<Integer, Bound> low = new TreeMap<>(bounds);
            low.put(node.column, new Bound(node.column, before.above(), node.threshold));
            leaves(node.low, low, visitor);
            Map<Integer, Bound> high = new TreeMap<>(bounds);
            high.put(node.column, new Bound(node.column, node.threshold, before.atMost()));
            leaves(node.high, high, visitor);
        }
    }
}
