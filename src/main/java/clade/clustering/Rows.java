package clade.clustering;

/** Plain arithmetic on single rows of a model. */
final class Rows {

    private Rows() {}

    /** Squared distance of row {@code i} of d columns from a row of d values. */
    static double squared(double[][] byColumn, int i, double[] row) {
        double sum = 0;
        for (int c = 0; c < row.length; c++) {
            double difference = row[c] - byColumn[c][i];
            sum += difference * difference;
        }
        return sum;
    }

    /** Takes the square root of each value, in place. */
    static double[] roots(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sqrt(values[i]);
        }
        return values;
    }
}
