package clade.clustering.hierarchy;

import clade.clustering.Dendrogram;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Parallel;
import java.util.Arrays;

/**
 * Ward's linkage (Ward 1963, doi:10.1080/01621459.1963.10500845) by rounds of reciprocal nearest neighbours, which a tree over
 * the live centroids finds: exact, in linear memory (the idea of ParChain, Yu, Wang, Gu, Dhulipala and Shun 2021,
 * doi:10.14778/3489496.3489509).
 *
 * <p>A round gives every cluster that has none its nearest neighbour, ties by {@link Ties}; then all pairs that are each
 * other's nearest merge, in the order of their representatives (a cluster's first row). A nearest neighbour is kept until it
 * merges. Should rounding leave no such pair, all look for their nearest anew.
 */
public final class WardRounds {

    private static final int NONE = -1;
    private static final int BLOCK = 256;

    private final Progress progress;
    private final Centroids tree;
    private final Merges merges;
    private final int rows;
    /** Slot by slot: its nearest; {@code ~other} while it merges with the other in the current round. */
    private int[] nearest;
    /** Slot by slot: the first of those whose nearest it is, and the next one that shares one's nearest. */
    private int[] firstFollower;

    private int[] nextFollower;
    /** Slots without a known nearest; {@code nearest} holds a candidate. */
    private final int[] seekers;

    private int seeking;

    public WardRounds(CanonicalRows rows, Progress progress) {
        this.progress = progress;
        this.rows = rows.size();
        progress.at("merging", 0.1);
        this.tree = new Centroids(rows);
        progress.at("merging", 0.1);
        this.merges = new Merges(rows.weights());
        this.nearest = new int[this.rows];
        this.firstFollower = new int[this.rows];
        this.nextFollower = new int[this.rows];
        this.seekers = new int[this.rows];
    }

    /** Bytes that a run over {@code rows} distinct rows needs. */
    public static long bytes(long rows, int columns) {
        return Centroids.bytes(rows, columns) + Merges.bytes(rows) + rows * 48;
    }

    public Dendrogram run() {
        seekAll();
        while (tree.live > 1) {
            findNearest();
            long[] pairs = reciprocalPairs();
            if (pairs.length == 0) {
                seekAll();
            } else {
                merge(pairs);
            }
        }
        return merges.toDendrogram();
    }

    private void seekAll() {
        Arrays.fill(firstFollower, NONE);
        Arrays.fill(nearest, NONE);
        seeking = 0;
        for (int slot = 0; slot < tree.slots; slot++) {
            if (!tree.isEmpty(slot)) {
                seekers[seeking++] = slot;
            }
        }
    }

    private void findNearest() {
        double done = 0.1 + 0.8 * merges.count() / rows;
        Parallel.blocks(seeking, BLOCK, (from, to) -> {
            progress.at("merging", done);
            NearestCentroid search = new NearestCentroid(tree);
            for (int i = from; i < to; i++) {
                search.search(seekers[i], nearest[seekers[i]]);
                nearest[seekers[i]] = search.slot();
            }
        });
        for (int i = 0; i < seeking; i++) {
            follow(seekers[i]);
        }
    }

    private void follow(int slot) {
        nextFollower[slot] = firstFollower[nearest[slot]];
        firstFollower[nearest[slot]] = slot;
    }

    /** Pairs that only a seeker can have made, as (representative, slot) of one of the two, in that order. */
    private long[] reciprocalPairs() {
        long[] pairs = new long[tree.live / 2];
        int count = 0;
        for (int i = 0; i < seeking; i++) {
            int a = seekers[i];
            int b = nearest[a];
            if (b >= 0 && nearest[b] == a) {
                nearest[a] = ~b;
                nearest[b] = ~a;
                pairs[count++] = ((long) Math.min(tree.representative[a], tree.representative[b]) << 32) | a;
            }
        }
        long[] sorted = Arrays.copyOf(pairs, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private void merge(long[] pairs) {
        for (long pair : pairs) {
            int a = (int) pair;
            int b = ~nearest[a];
            double height = Math.sqrt(2 * tree.halfSquared(a, b));
            tree.merge(a, b, merges.add(tree.cluster[a], tree.cluster[b], height));
        }
        seeking = 0;
        for (long pair : pairs) {
            int a = (int) pair;
            int b = ~nearest[a];
            seekFollowers(a, a);
            seekFollowers(b, a);
            seekers[seeking++] = a;
        }
        boolean sparse = tree.live < tree.slots / 2;
        for (long pair : pairs) {
            int a = (int) pair;
            if (!sparse) {
                tree.refresh(a);
                tree.refresh(~nearest[a]);
            }
            nearest[a] = NONE;
            firstFollower[a] = NONE;
        }
        if (sparse) {
            rebuild();
        }
    }

    private void seekFollowers(int slot, int candidate) {
        for (int f = firstFollower[slot]; f != NONE; f = nextFollower[f]) {
            if (nearest[f] >= 0) {
                nearest[f] = candidate;
                seekers[seeking++] = f;
            }
        }
    }

    private void rebuild() {
        int[] moved = tree.rebuild();
        nearest = moved(moved, nearest);
        firstFollower = moved(moved, firstFollower);
        nextFollower = moved(moved, nextFollower);
        for (int i = 0; i < seeking; i++) {
            seekers[i] = moved[seekers[i]];
        }
    }

    /** Slots that were kept by slot, after all have moved. */
    private int[] moved(int[] moved, int[] slots) {
        int[] kept = new int[tree.slots];
        for (int slot = 0; slot < moved.length; slot++) {
            if (moved[slot] != NONE) {
                kept[moved[slot]] = slots[slot] < 0 ? NONE : moved[slots[slot]];
            }
        }
        return kept;
    }
}
