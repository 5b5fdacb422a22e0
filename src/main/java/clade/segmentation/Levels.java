package clade.segmentation;

import clade.statistics.Quantiles;

/**
 * The parts into which all customers' values of a feature fall, by their quantiles of type 7 at 10 %, 1/3, 2/3 and 90 %.
 *
 * @param tenth below or at it a median is among the lowest
 * @param lowerThird below or at it a median is low
 * @param upperThird at it or above a median is high
 * @param lastTenth at it or above a median is among the highest
 */
record Levels(double tenth, double lowerThird, double upperThird, double lastTenth) {

    /** Of the values in ascending order, at least one. */
    static Levels of(double[] sorted) {
        return new Levels(
                Quantiles.at(sorted, 1, 10),
                Quantiles.at(sorted, 1, 3),
                Quantiles.at(sorted, 2, 3),
                Quantiles.at(sorted, 9, 10));
    }

    /** Where a median lies; where the thirds are one value, high or low is only what differs from it. */
    Level of(double median) {
        if (lowerThird == upperThird) {
            return median < lowerThird ? Level.LOW : median > upperThird ? Level.HIGH : Level.MIDDLE;
        }
        if (median <= lowerThird) {
            return median <= tenth && tenth < lowerThird ? Level.LOWEST : Level.LOW;
        }
        if (median >= upperThird) {
            return median >= lastTenth && lastTenth > upperThird ? Level.HIGHEST : Level.HIGH;
        }
        return Level.MIDDLE;
    }
}
