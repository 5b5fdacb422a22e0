package clade.clustering;

/** What the distance between two clusters is. */
public enum Linkage {
    /** √(2ab / (a + b)) times the distance of their centroids, a and b their weights: the loss of variance in merging them. */
    WARD,
    /** The greatest distance between a row of one and a row of the other. */
    COMPLETE,
    /** The mean distance between a row of one and a row of the other, weights counted. */
    AVERAGE,
    /** The least distance between a row of one and a row of the other. */
    SINGLE
}
