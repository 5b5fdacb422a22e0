package clade.clustering;

/** What shape the components of a {@link GaussianMixture} may take, d columns and k components. */
public enum Covariance {
    /** Each component a covariance matrix of its own: k d (d + 1) / 2 numbers. */
    FULL,
    /** One covariance matrix for all: d (d + 1) / 2 numbers. */
    TIED,
    /** Each component a variance for each column: k d numbers. */
    DIAGONAL,
    /** Each component one variance: k numbers. */
    SPHERICAL;

    /** How many numbers the covariances are. */
    int parameters(int components, int columns) {
        return switch (this) {
            case FULL -> components * columns * (columns + 1) / 2;
            case TIED -> columns * (columns + 1) / 2;
            case DIAGONAL -> components * columns;
            case SPHERICAL -> components;
        };
    }
}
