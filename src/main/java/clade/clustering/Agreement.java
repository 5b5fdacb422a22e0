package clade.clustering;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far two clusterings of the same rows agree, whatever the numbers of their clusters. Noise counts as one class. Equal
 * partitions have agreement 1 by every measure.
 */
public final class Agreement {

    private static final double NEGLIGIBLE = 1e-30;

    private Agreement() {}

    /**
     * The adjusted Rand index: 1 for equal partitions, 0 expected of random ones with the same class sizes, at least -0.5.
     *
     * @see <a href="https://doi.org/10.1007/BF01908075">Hubert and Arabie (1985)</a>
     */
    public static double adjustedRand(ContingencyTable table) {
        if (equalPartitions(table)) {
            return 1;
        }
        long[] together = new long[1];
        table.forEachCell((first, second, count) -> together[0] += pairs(count));
        double inFirst = 0;
        for (int i = ClusteringModel.NOISE; i < table.firstClusters(); i++) {
            inFirst += pairs(table.firstTotal(i));
        }
        double inSecond = 0;
        for (int j = ClusteringModel.NOISE; j < table.secondClusters(); j++) {
            inSecond += pairs(table.secondTotal(j));
        }
        double expected = inFirst * inSecond / pairs(table.total());
        return (together[0] - expected) / ((inFirst + inSecond) / 2 - expected);
    }

    private static long pairs(long count) {
        return count * (count - 1) / 2;
    }

    /**
     * Mutual information over the arithmetic mean of both entropies, in [0, 1]. It grows with the number of clusters even for
     * random ones; {@link #adjustedMutualInformation} does not.
     */
    public static double normalisedMutualInformation(ContingencyTable table) {
        return equalPartitions(table) ? 1 : Math.min(1, mutualInformation(table) / meanEntropy(table));
    }

    /**
     * Mutual information less what is expected of random partitions with the same class sizes, over the arithmetic mean of
     * both entropies less the same: 1 for equal partitions, about 0 for unrelated ones.
     *
     * @see <a href="https://www.jmlr.org/papers/v11/vinh10a.html">Vinh, Epps and Bailey (2010)</a>
     */
    public static double adjustedMutualInformation(ContingencyTable table) {
        if (equalPartitions(table)) {
            return 1;
        }
        double expected = expectedMutualInformation(table);
        return (mutualInformation(table) - expected) / (meanEntropy(table) - expected);
    }

    /** Each class of one is one class of the other. */
    private static boolean equalPartitions(ContingencyTable table) {
        boolean[] equal = {true};
        table.forEachCell((first, second, count) ->
                equal[0] &= count == table.firstTotal(first) && count == table.secondTotal(second));
        return equal[0];
    }

    private static double mutualInformation(ContingencyTable table) {
        double n = table.total();
        double[] information = new double[1];
        table.forEachCell((first, second, count) -> information[0] +=
                count / n * StrictMath.log(n * count / ((double) table.firstTotal(first) * table.secondTotal(second))));
        return Math.max(0, information[0]);
    }

    private static double meanEntropy(ContingencyTable table) {
        double entropies = 0;
        for (int i = ClusteringModel.NOISE; i < table.firstClusters(); i++) {
            entropies += entropy(table.firstTotal(i), table.total());
        }
        for (int j = ClusteringModel.NOISE; j < table.secondClusters(); j++) {
            entropies += entropy(table.secondTotal(j), table.total());
        }
        return entropies / 2;
    }

    private static double entropy(long count, long total) {
        double share = (double) count / total;
        return count == 0 ? 0 : -share * StrictMath.log(share);
    }

    /** Classes of equal size share their expectation, so the work grows with the distinct sizes alone. */
    private static double expectedMutualInformation(ContingencyTable table) {
        Map<Long, Integer> firstSizes = new TreeMap<>();
        for (int i = ClusteringModel.NOISE; i < table.firstClusters(); i++) {
            firstSizes.merge(table.firstTotal(i), 1, Integer::sum);
        }
        Map<Long, Integer> secondSizes = new TreeMap<>();
        for (int j = ClusteringModel.NOISE; j < table.secondClusters(); j++) {
            secondSizes.merge(table.secondTotal(j), 1, Integer::sum);
        }
        double sum = 0;
        for (Map.Entry<Long, Integer> a : firstSizes.entrySet()) {
            for (Map.Entry<Long, Integer> b : secondSizes.entrySet()) {
                double pairs = (double) a.getValue() * b.getValue();
                sum += pairs * expectedTerm(a.getKey(), b.getKey(), (double) table.total());
            }
        }
        return sum;
    }

    /**
     * The expectation of c/n log(nc/(ab)), c hypergeometric: how many of b drawn rows are among a marked ones. Its
     * probabilities follow from their ratios, outwards from the mode, without a logarithm of a factorial.
     */
    private static double expectedTerm(double a, double b, double n) {
        if (a == 0 || b == 0) {
            return 0;
        }
        double lowest = Math.max(0, a + b - n);
        double highest = Math.min(a, b);
        double mode = Math.min(highest, Math.max(lowest, Math.floor((a + 1) * (b + 1) / (n + 2))));
        double probability = 1;
        double all = 0;
        double sum = 0;
        for (double c = mode; c <= highest && probability > NEGLIGIBLE; c++) {
            all += probability;
            sum += probability * information(c, a, b, n);
            probability *= (a - c) * (b - c) / ((c + 1) * (n - a - b + c + 1));
        }
        probability = 1;
        for (double c = mode; c > lowest && probability > NEGLIGIBLE; c--) {
            probability *= c * (n - a - b + c) / ((a - c + 1) * (b - c + 1));
            all += probability;
            sum += probability * information(c - 1, a, b, n);
        }
        return sum / all;
    }

    private static double information(double common, double a, double b, double n) {
        return common == 0 ? 0 : common / n * StrictMath.log(n * common / (a * b));
    }

    /**
     * For each cluster of the first clustering, the largest Jaccard coefficient, |A and B| / |A or B|, that it has with a
     * cluster of the second: 1 if it is found again as it was, 0 if its rows are all noise there. Noise is no cluster here.
     */
    public static double[] bestJaccard(ContingencyTable table) {
        double[] best = new double[table.firstClusters()];
        table.forEachCell((first, second, count) -> {
            if (first != ClusteringModel.NOISE && second != ClusteringModel.NOISE) {
                long union = table.firstTotal(first) + table.secondTotal(second) - count;
                best[first] = Math.max(best[first], (double) count / union);
            }
        });
        return best;
    }
}
