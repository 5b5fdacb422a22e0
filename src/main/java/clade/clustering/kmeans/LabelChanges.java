package clade.clustering.kmeans;

import java.util.Arrays;

/** Rows that change their label: which, from and to which label, and what each weighs. */
final class LabelChanges {

    /** From so many on they are to be taken in; another leaf's fit in. */
    private static final int MANY = 1024;

    private static final int CAPACITY = MANY + RowTree.LEAF;

    final int[] rows = new int[CAPACITY];
    final int[] from = new int[CAPACITY];
    final int[] to = new int[CAPACITY];
    final int[] weights = new int[CAPACITY];

    /** One column of the rows. */
    final double[] values = new double[CAPACITY];

    int count;

    /** Finds where {@code rowCount} labels from {@code at} on differ from {@code found}, and changes them; whether any do. */
    boolean find(int[] labels, int at, int rowCount, int[] found) {
        int first = Arrays.mismatch(labels, at, at + rowCount, found, 0, rowCount);
        if (first < 0) {
            return false;
        }
        int end = count;
        for (int i = first; i < rowCount; i++) {
            rows[end] = i;
            end += labels[at + i] != found[i] ? 1 : 0;
        }
        for (int i = count; i < end; i++) {
            int place = rows[i];
            rows[i] = at + place;
            from[i] = labels[at + place];
            to[i] = found[place];
            labels[at + place] = found[place];
        }
        count = end;
        return true;
    }

    boolean areMany() {
        return count >= MANY;
    }

    void weigh(int[] rowWeights) {
        for (int i = 0; i < count; i++) {
            weights[i] = rowWeights[rows[i]];
        }
    }
}
