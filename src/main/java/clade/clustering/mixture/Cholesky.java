package clade.clustering.mixture;

/** Cholesky factors of small symmetric matrices; all are lower triangles with diagonal, row after row. */
final class Cholesky {

    private Cholesky() {}

    /** Values in the lower triangle of a matrix of so many columns: where row {@code columns} would begin. */
    static int triangle(int columns) {
        return columns * (columns + 1) / 2;
    }

    /** The factor L of LLᵀ, or an empty array if the matrix is not positive definite. */
    static double[] factor(double[] matrix, int columns) {
        double[] factor = new double[matrix.length];
        for (int a = 0; a < columns; a++) {
            int rowA = triangle(a);
            for (int b = 0; b <= a; b++) {
                int rowB = triangle(b);
                double sum = matrix[rowA + b];
                for (int c = 0; c < b; c++) {
                    sum -= factor[rowA + c] * factor[rowB + c];
                }
                if (a > b) {
                    factor[rowA + b] = sum / factor[rowB + b];
                } else if (sum > 0 && sum <= Double.MAX_VALUE) {
                    factor[rowA + a] = Math.sqrt(sum);
                } else {
                    return new double[0];
                }
            }
        }
        return factor;
    }

    static double[] inverse(double[] factor, int columns) {
        double[] inverse = new double[factor.length];
        for (int b = 0; b < columns; b++) {
            for (int a = b; a < columns; a++) {
                int rowA = triangle(a);
                double sum = a == b ? 1 : 0;
                for (int c = b; c < a; c++) {
                    sum -= factor[rowA + c] * inverse[triangle(c) + b];
                }
                inverse[rowA + b] = sum / factor[rowA + a];
            }
        }
        return inverse;
    }
}
