package clade.clustering.hierarchy;

import clade.clustering.Dendrogram;
import clade.clustering.Progress;
import clade.clustering.spatial.CanonicalRows;
import clade.clustering.spatial.RadixSort;
import clade.statistics.Parallel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

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

    /** Slots that are moved by a thread at a time. */
    private static final int MOVED = 1 << 14;

    /** Pairs below which counting their digits does not pay. */
    private static final int FEW = 1 << 13;

    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

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

    private final AtomicInteger seeking = new AtomicInteger();

    public WardRounds(CanonicalRows rows, Progress progress) {
        this.progress = progress;
        this.rows = rows.size();
        this.tree = new Centroids(rows, () -> progress.at("merging", 0.1));
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
        return merges.toDendrogram(progress);
    }

    private void seekAll() {
        Arrays.fill(firstFollower, NONE);
        Arrays.fill(nearest, NONE);
        int count = 0;
        for (int slot = 0; slot < tree.slots; slot++) {
            if (!tree.isEmpty(slot)) {
                seekers[count++] = slot;
            }
        }
        seeking.set(count);
    }

    private void findNearest() {
        blocks(seeking.get(), (from, to) -> {
            NearestCentroid search = new NearestCentroid(tree);
            for (int i = from; i < to; i++) {
                int slot = seekers[i];
                search.search(slot, nearest[slot]);
                nearest[slot] = search.slot();
                nextFollower[slot] = (int) INTS.getAndSet(firstFollower, search.slot(), slot);
            }
        });
    }

    /** Pairs that only a seeker can have made, as (representative, slot) of one of the two, in that order. */
    private long[] reciprocalPairs() {
        long[] pairs = new long[tree.live / 2];
        AtomicInteger count = new AtomicInteger();
        blocks(seeking.get(), (from, to) -> {
            long[] found = new long[to - from];
            int finds = 0;
            for (int i = from; i < to; i++) {
                int other = nearest[seekers[i]]; // negative once the pair was found from the other side
                int a = Math.min(seekers[i], other);
                int b = Math.max(seekers[i], other);
                if (other >= 0 && nearest[other] == seekers[i] && INTS.compareAndSet(nearest, a, b, ~b)) {
                    nearest[b] = ~a;
                    int first = Math.min(tree.representative[a], tree.representative[b]);
                    found[finds++] = ((long) first << 32) | a;
                }
            }
            System.arraycopy(found, 0, pairs, count.getAndAdd(finds), finds);
        });
        return sorted(pairs, count.get());
    }

    private static long[] sorted(long[] pairs, int count) {
        long[] sorted = Arrays.copyOf(pairs, count);
        if (count < FEW) {
            Arrays.sort(sorted);
        } else {
            int[] order = RadixSort.order(pairs, count);
            Parallel.blocks(count, BLOCK, (from, to) -> {
                for (int i = from; i < to; i++) {
                    sorted[i] = pairs[order[i]];
                }
            });
        }
        return sorted;
    }

    private void merge(long[] pairs) {
        int place = merges.reserve(pairs.length);
        tree.live -= pairs.length;
        seeking.set(0);
        blocks(pairs.length, (from, to) -> {
            int seeking = to - from;
            for (int i = from; i < to; i++) {
                int a = (int) pairs[i];
                int b = ~nearest[a];
                double height = Math.sqrt(2 * tree.halfSquared(a, b));
                tree.merge(a, b, merges.put(place + i, tree.cluster[a], tree.cluster[b], height));
                seeking += liveFollowers(a) + liveFollowers(b);
            }
            int at = this.seeking.getAndAdd(seeking);
            for (int i = from; i < to; i++) {
                int a = (int) pairs[i];
                at = seekFollowers(~nearest[a], a, seekFollowers(a, a, at));
                seekers[at++] = a;
            }
        });
        boolean sparse = tree.live < tree.slots / 2;
        boolean many = pairs.length > tree.slots / 64;
        for (long pair : pairs) {
            int a = (int) pair;
            if (!sparse && !many) {
                tree.refresh(a);
                tree.refresh(~nearest[a]);
            }
            nearest[a] = NONE;
            firstFollower[a] = NONE;
        }
        if (sparse) {
            rebuild();
        } else if (many) {
            tree.refreshAll();
        }
    }

    private int liveFollowers(int slot) {
        int live = 0;
        for (int f = firstFollower[slot]; f != NONE; f = nextFollower[f]) {
            live += nearest[f] >= 0 ? 1 : 0;
        }
        return live;
    }

    /** Lets those of a slot's followers that do not merge now seek anew; answers the place after theirs among the seekers. */
    private int seekFollowers(int slot, int candidate, int place) {
        int at = place;
        for (int f = firstFollower[slot]; f != NONE; f = nextFollower[f]) {
            if (nearest[f] >= 0) {
                nearest[f] = candidate;
                seekers[at++] = f;
            }
        }
        return at;
    }

    private void blocks(int count, Parallel.Block work) {
        double done = 0.1 + 0.85 * merges.count() / rows;
        Parallel.blocks(count, BLOCK, (from, to) -> {
            progress.at("merging", done);
            work.run(from, to);
        });
    }

    private void rebuild() {
        int[] moved = tree.rebuild();
        nearest = moved(moved, nearest);
        firstFollower = moved(moved, firstFollower);
        nextFollower = moved(moved, nextFollower);
        Parallel.blocks(seeking.get(), MOVED, (from, to) -> {
            for (int i = from; i < to; i++) {
                seekers[i] = moved[seekers[i]];
            }
        });
    }

    /** Slots that were kept by slot, after all have moved. */
    private int[] moved(int[] moved, int[] slots) {
        int[] kept = new int[tree.slots];
        Parallel.blocks(moved.length, MOVED, (from, to) -> {
            for (int slot = from; slot < to; slot++) {
                if (moved[slot] != NONE) {
                    kept[moved[slot]] = slots[slot] < 0 ? NONE : moved[slots[slot]];
                }
            }
        });
        return kept;
    }
}
