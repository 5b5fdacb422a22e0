package clade.clustering.kmeans;

import java.util.Arrays;

/**
 * The distances of all rows of a leaf to some centres at once, in loops over columns that the compiler turns into vectors. Each
 * distance has the bits of {@link RowTree#squaredDistance}.
 */
final class LeafDistances {

    private static final int LEAF = RowTree.LEAF;

    private final RowTree tree;

    /** Per centre in hand the squared distances of the rows. */
    private final double[][] squares;

    private final double[] least = new double[LEAF];
    private final double[] second = new double[LEAF];
    private final double[] beyond = new double[LEAF];

    LeafDistances(RowTree tree, int centres) {
        this.tree = tree;
        squares = new double[centres][];
    }

    /** Takes the rows from {@code from} to the end of its leaf against {@code count} of the centres. */
    void compute(int from, double[] centres, int[] candidates, int count) {
        int rows = Math.min(LEAF, tree.size - from);
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(second, Double.POSITIVE_INFINITY);
        for (int candidate = 0; candidate < count; candidate++) {
            if (squares[candidate] == null) {
                squares[candidate] = new double[LEAF];
            }
            measure(from, rows, centres, candidates[candidate] * tree.dimensions, squares[candidate]);
            keepTwoLeast(squares[candidate], least, second);
        }
        for (int i = 0; i < LEAF; i++) {
            beyond[i] = Math.sqrt(second[i]) - Math.sqrt(least[i]);
        }
    }

    private void measure(int from, int rows, double[] centres, int at, double[] sums) {
        Arrays.fill(sums, 0);
        int c = 0;
        for (; c + 2 < tree.dimensions; c += 3) {
            addThree(tree.columns[c], tree.columns[c + 1], tree.columns[c + 2], from, rows, centres, at + c, sums);
        }
        for (; c < tree.dimensions; c++) {
            addOne(tree.columns[c], from, rows, centres[at + c], sums);
        }
    }

    private static void addThree(
            double[] x, double[] y, double[] z, int from, int rows, double[] centres, int at, double[] sums) {
        double a = centres[at];
        double b = centres[at + 1];
        double c = centres[at + 2];
        for (int i = 0; i < rows; i++) {
            double u = x[from + i] - a;
            double v = y[from + i] - b;
            double w = z[from + i] - c;
            sums[i] = sums[i] + u * u + v * v + w * w;
        }
    }

    private static void addOne(double[] x, int from, int rows, double a, double[] sums) {
        for (int i = 0; i < rows; i++) {
            double u = x[from + i] - a;
            sums[i] += u * u;
        }
    }

    private static void keepTwoLeast(double[] squares, double[] least, double[] second) {
        for (int i = 0; i < LEAF; i++) {
            double square = squares[i];
            double best = least[i];
            second[i] = Math.min(second[i], Math.max(best, square));
            least[i] = Math.min(best, square);
        }
    }

    /** Which of the centres in hand is nearest to the row, the first of equally near ones. */
    int nearest(int row) {
        int nearest = 0;
        while (squares[nearest][row] != least[row]) {
            nearest++;
        }
        return nearest;
    }

    /** Whether the centre in hand is the one nearest to the row, with no other equally near. */
    boolean isNearest(int candidate, int row) {
        return squares[candidate][row] == least[row] && least[row] < second[row];
    }

    /** How much farther the second nearest of the centres in hand is than the nearest. */
    double beyond(int row) {
        return beyond[row];
    }
}
