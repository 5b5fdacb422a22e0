package clade.clustering;

import clade.statistics.Parallel;

/**
 * Of each row of {@link Groups} and each cluster the weighted sum of the row's distances to the cluster's rows, every distance
 * but those within a block taken once and added to the sums of both its rows.
 *
 * <p>Rows are taken in blocks of one cluster. In each of as many rounds as there are blocks a block meets one other or itself, so
 * threads never add to the same sum, and a sum is added up in an order that depends on the blocks alone.
 */
final class DistanceSums {

    private final Groups groups;

    /** The first row of each block, and the number of rows. */
    private final int[] starts;

    private final int[] clusterOf;
    private final int blocks;

    /** By label and row; empty for a label without rows. */
    private final double[][] sums;

    private DistanceSums(Groups groups) {
        this.groups = groups;
        int rows = groups.weights.length;
        int[] clusters = groups.clusters();
        starts = new int[rows / DistanceBlock.ROWS + clusters.length + 1];
        clusterOf = new int[starts.length];
        sums = new double[groups.sizes.length][0];
        int count = 0;
        for (int j : clusters) {
            sums[j] = new double[rows];
            int members = groups.starts[j + 1] - groups.starts[j];
            int parts = (members + DistanceBlock.ROWS - 1) / DistanceBlock.ROWS;
            for (int part = 0; part < parts; part++) {
                clusterOf[count] = j;
                starts[count++] = groups.starts[j] + (int) ((long) part * members / parts);
            }
        }
        starts[count] = rows;
        blocks = count;
    }

    static double[][] of(Groups groups, Progress progress) {
        DistanceSums all = new DistanceSums(groups);
        all.rounds(new SteadyProgress(progress));
        return all.sums;
    }

    /** In round r meet blocks whose numbers sum to r, and those whose numbers sum to r and the number of blocks. */
    private void rounds(Progress progress) {
        for (int i = 0; i < blocks; i++) {
            int round = i;
            int upToRound = round / 2 + 1;
            int beyond = (round + blocks) / 2 - round;
            Parallel.blocks(upToRound + beyond, 1, (meeting, end) -> {
                if (meeting < upToRound) {
                    meet(meeting, round - meeting);
                } else {
                    int block = round + 1 + meeting - upToRound;
                    meet(block, round + blocks - block);
                }
                progress.at("silhouette", round / (double) blocks);
            });
        }
    }

    private void meet(int block, int other) {
        if (block == other) {
            meetItself(block);
            return;
        }
        DistanceBlock rows = DistanceBlock.of(groups, starts[block], starts[block + 1]);
        double[] found = new double[starts[block + 1] - starts[block]];
        double[] ofOthers = sums[clusterOf[block]];
        for (int row = starts[other]; row < starts[other + 1]; row++) {
            rows.addDistances(row, found);
            ofOthers[row] += rows.sumOfLast();
        }
        add(found, block, clusterOf[other]);
    }

    private void meetItself(int block) {
        DistanceBlock rows = DistanceBlock.of(groups, starts[block], starts[block + 1]);
        double[] found = new double[starts[block + 1] - starts[block]];
        for (int row = starts[block]; row < starts[block + 1]; row++) {
            rows.addDistances(row, found);
        }
        add(found, block, clusterOf[block]);
    }

    private void add(double[] found, int block, int cluster) {
        for (int i = 0; i < found.length; i++) {
            sums[cluster][starts[block] + i] += found[i];
        }
    }
}
