package clade.clustering.kmeans;

import java.util.Arrays;

/** Rows of one leaf that change their label: at which places, from and to which label, and what each weighs. */
final class LabelChanges {

    final int[] places = new int[RowTree.LEAF];
    final int[] from = new int[RowTree.LEAF];
    final int[] to = new int[RowTree.LEAF];
    final int[] weights = new int[RowTree.LEAF];
    int count;

    /** Finds where the labels from {@code at} on differ from {@code found}, and changes them. */
    void find(int[] labels, int at, int rows, int[] found) {
        int first = Arrays.mismatch(labels, at, at + rows, found, 0, rows);
        if (first < 0) {
            count = 0;
            return;
        }
        int differing = 0;
        for (int i = first; i < rows; i++) {
            places[differing] = i;
            differing += labels[at + i] != found[i] ? 1 : 0;
        }
        count = differing;
        for (int i = 0; i < differing; i++) {
            int place = places[i];
            from[i] = labels[at + place];
            to[i] = found[place];
            labels[at + place] = found[place];
        }
    }

    void weigh(int[] rowWeights, int at) {
        for (int i = 0; i < count; i++) {
            weights[i] = rowWeights[at + places[i]];
        }
    }
}
