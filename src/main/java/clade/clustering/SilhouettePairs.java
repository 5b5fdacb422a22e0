package clade.clustering;

import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * The distances of all rows to all others, each taken once and added to the sums of both its rows.
 *
 * <p>Rows are taken in blocks of one cluster. In a round each block meets one other, so threads never add to the same sum,
 * and every sum is added up in an order that depends on the blocks alone: a round-robin tournament by the circle method.
 */
final class SilhouettePairs {

    /** Most rows of a block: its coordinates and sums stay in the nearest cache. */
    private static final int BLOCK = 512;

    /** Rows of a strip, of which a block has several. */
    private static final int STRIP = 128;

    private final Groups groups;
    private final Progress progress;

    /** First row of each block, and the number of rows; and its cluster. */
    private final int[] starts;

    private final int[] clusterOf;
    private final int blocks;

    /** By cluster one sum a row: of its distances to the rows of the cluster. */
    private final double[][] sums;

    SilhouettePairs(Groups groups, Progress progress) {
        this.groups = groups;
        this.progress = new SteadyProgress(progress);
        int rows = groups.weights.length;
        int[] clusters = groups.clusters();
        starts = new int[rows / BLOCK + clusters.length + 1];
        clusterOf = new int[starts.length];
        sums = new double[groups.sizes.length][];
        int count = 0;
        for (int j : clusters) {
            sums[j] = new double[rows];
            int members = groups.starts[j + 1] - groups.starts[j];
            int parts = (members + BLOCK - 1) / BLOCK;
            for (int part = 0; part < parts; part++) {
                clusterOf[count] = j;
                starts[count++] = groups.starts[j] + part * BLOCK;
            }
        }
        starts[count] = rows;
        blocks = count;
    }

    /** The silhouette of each row. */
    double[] scores() {
        int even = blocks + blocks % 2;
        Parallel.blocks(blocks, 1, (block, end) -> new Block(block).meetItself());
        for (int i = 0; i < even - 1; i++) {
            int round = i;
            Parallel.blocks(even / 2, 1, (pair, end) -> {
                progress.at("silhouette", round / (double) even);
                int one = pair == 0 ? even - 1 : (round + pair) % (even - 1);
                int other = (round + even - 1 - pair) % (even - 1);
                if (one < blocks) {
                    new Block(one).meet(other);
                }
            });
        }
        double[] scores = new double[groups.weights.length];
        for (int block = 0; block < blocks; block++) {
            int own = clusterOf[block];
            for (int row = starts[block]; row < starts[block + 1]; row++) {
                double nearest = Double.POSITIVE_INFINITY;
                for (int j : groups.clusters()) {
                    nearest = j == own ? nearest : Math.min(nearest, sums[j][row] / groups.sizes[j]);
                }
                double inside = sums[own][row] / (groups.sizes[own] - 1);
                scores[row] = Silhouette.score(inside, nearest, groups.sizes[own]);
            }
        }
        return scores;
    }

    /**
     * The rows of a block in strips of equal length, the last filled up with rows of no weight: loops over arrays of
     * their own the compiler turns into vectors, and so what another row gets from one strip after the other is added in
     * vectors too.
     */
    private final class Block {

        private final int number;
        private final double[][][] columns;
        private final double[][] weights;
        private final double[][] parts;
        private final double[] squares = new double[STRIP];
        private final double[] together = new double[STRIP];

        Block(int number) {
            this.number = number;
            int to = starts[number + 1];
            int strips = (to - starts[number] + STRIP - 1) / STRIP;
            columns = new double[strips][groups.columns.length][];
            weights = new double[strips][];
            parts = new double[strips][STRIP];
            for (int strip = 0; strip < strips; strip++) {
                int from = starts[number] + strip * STRIP;
                int end = Math.min(from + STRIP, to);
                for (int c = 0; c < groups.columns.length; c++) {
                    columns[strip][c] = Arrays.copyOf(Arrays.copyOfRange(groups.columns[c], from, end), STRIP);
                }
                weights[strip] = Arrays.copyOf(Arrays.copyOfRange(groups.weights, from, end), STRIP);
            }
        }

        void meetItself() {
            for (int row = starts[number]; row < starts[number + 1]; row++) {
                measure(row);
            }
            addParts(clusterOf[number]);
        }

        void meet(int other) {
            double[] ofOthers = sums[clusterOf[number]];
            for (int row = starts[other]; row < starts[other + 1]; row++) {
                measure(row);
                double a = 0;
                double b = 0;
                double c = 0;
                double d = 0;
                for (int i = 0; i < STRIP; i += 4) { // sums that do not wait for each other
                    a += together[i];
                    b += together[i + 1];
                    c += together[i + 2];
                    d += together[i + 3];
                }
                ofOthers[row] += a + b + (c + d);
            }
            addParts(clusterOf[other]);
        }

        private void addParts(int cluster) {
            for (int row = starts[number]; row < starts[number + 1]; row++) {
                int i = row - starts[number];
                sums[cluster][row] += parts[i / STRIP][i % STRIP];
            }
        }

        /** Adds the distances to another row to the parts of the block's rows, and to what the row gets from them. */
        private void measure(int row) {
            double weight = groups.weights[row];
            int last = groups.columns.length - 1;
            Arrays.fill(together, 0);
            for (int strip = 0; strip < parts.length; strip++) {
                double[][] x = columns[strip];
                if (last == 2) { // the usual number, in one loop
                    add(
                            x[0],
                            groups.columns[0][row],
                            x[1],
                            groups.columns[1][row],
                            x[2],
                            groups.columns[2][row],
                            weight,
                            parts[strip],
                            weights[strip],
                            together);
                } else {
                    Arrays.fill(squares, 0);
                    for (int c = 0; c < last; c++) {
                        addSquares(x[c], groups.columns[c][row], squares);
                    }
                    add(squares, x[last], groups.columns[last][row], weight, parts[strip], weights[strip], together);
                }
            }
        }

        private void add(
                double[] x,
                double a,
                double[] y,
                double b,
                double[] z,
                double c,
                double weight,
                double[] part,
                double[] weights,
                double[] together) {
            for (int i = 0; i < STRIP; i++) {
                double u = x[i] - a;
                double v = y[i] - b;
                double w = z[i] - c;
                double distance = Math.sqrt(u * u + v * v + w * w);
                part[i] += weight * distance;
                together[i] += weights[i] * distance;
            }
        }

        private void addSquares(double[] column, double value, double[] squares) {
            for (int i = 0; i < STRIP; i++) {
                double difference = column[i] - value;
                squares[i] += difference * difference;
            }
        }

        private void add(
                double[] squares,
                double[] column,
                double value,
                double weight,
                double[] part,
                double[] weights,
                double[] together) {
            for (int i = 0; i < STRIP; i++) {
                double difference = column[i] - value;
                double distance = Math.sqrt(squares[i] + difference * difference);
                part[i] += weight * distance;
                together[i] += weights[i] * distance;
            }
        }
    }
}
