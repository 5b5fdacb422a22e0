package clade.statistics;

/**
 * Range, mean and population standard deviation of some values, the same bits in any order.
 *
 * @param least of the values
 * @param greatest of the values
 */
record Moments(double least, double greatest, double mean, double standardDeviation) {

    /** Of finite values, at least one. */
    static Moments of(double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        // a power of two keeps sums and squares of tiny and huge values in range and changes no other bit
        int exponent = Math.getExponent(Math.max(Math.abs(least), Math.abs(greatest)));
        double unit = Math.scalb(1.0, Math.max(exponent, Double.MIN_EXPONENT));
        double[] parts = new double[values.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = values[i] / unit;
        }
        double mean = ExactSum.of(parts) / values.length;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = (parts[i] - mean) * (parts[i] - mean);
        }
        double standardDeviation = Math.sqrt(ExactSum.of(parts) / values.length);
        return new Moments(least, greatest, mean * unit, standardDeviation * unit);
    }
}
