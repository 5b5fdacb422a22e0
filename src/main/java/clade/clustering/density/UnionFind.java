package clade.clustering.density;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Disjoint sets of [0, size) that any number of threads may join at once without locks (Anderson and Woll 1991,
 * doi:10.1145/103418.103458). A set's root is its least member, whatever the order of the joins.
 */
final class UnionFind {

    private static final VarHandle PARENT = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] parent;

    UnionFind(int size) {
        parent = new int[size];
        Arrays.setAll(parent, i -> i);
    }

    /** The root of the set of {@code i}: its least member, but for joins that other threads are just making. */
    int find(int i) {
        int at = i;
        while (true) {
            int up = parent[at];
            if (up == at) {
                return at;
            }
            int above = parent[up];
            if (above == up) {
                return up;
            }
            parent[at] = above; // a racing write stores another ancestor, as good
            at = above;
        }
    }

    /** Whether the two were in different sets until now. */
    boolean join(int i, int j) {
        while (true) {
            int a = find(i);
            int b = find(j);
            if (a == b) {
                return false;
            }
            if (PARENT.compareAndSet(parent, Math.max(a, b), Math.max(a, b), Math.min(a, b))) {
                return true;
            }
        }
    }
}
