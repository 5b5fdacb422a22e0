package clade.segmentation;

import clade.statistics.Quantiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * From where on a customer of noise is there for a reason that has a name. The first of the reasons that fits is told.
 *
 * @param whale monetary value from which a customer is a whale: the 99 % quantile of all customers of the run
 * @param bulk from which one who ordered once is: the 95 % quantile
 * @param dormant days from which one who ordered more than once is: the 90 % quantile of recency
 * @param newSince a first purchase at it or later is new: the last tenth of the time from the first purchase to as-of
 */
record NoiseLimits(double whale, double bulk, double dormant, Instant newSince) {

    static final String WHALE = "whale";
    static final String BULK = "bulk";
    static final String DORMANT = "dormant";
    static final String NEW = "new";
    static final String IN_BETWEEN = "in-between";

    /** In the order in which they are looked for. */
    static final List<String> REASONS = List.of(WHALE, BULK, DORMANT, NEW, IN_BETWEEN);

    private static final int PARTS_OF_THE_PERIOD = 10;

    /**
     * Of a run.
     *
     * @param begin of the window, or the first purchase of all if that is later
     */
    static NoiseLimits of(FeatureTable table, Instant begin, Instant asOf) {
        SortedColumns columns = new SortedColumns(table);
        double[] monetary = columns.of(Feature.MONETARY);
        return new NoiseLimits(
                Quantiles.at(monetary, 99, 100),
                Quantiles.at(monetary, 95, 100),
                Quantiles.at(columns.of(Feature.RECENCY), 9, 10),
                asOf.minus(Duration.between(begin, asOf).dividedBy(PARTS_OF_THE_PERIOD)));
    }

    /** Why a customer is in noise. */
    String reason(double recency, double frequency, double monetary, Instant firstPurchase) {
        if (monetary >= whale) {
            return WHALE;
        }
        if (frequency == 1 && monetary >= bulk) {
            return BULK;
        }
        if (frequency > 1 && recency >= dormant) {
            return DORMANT;
        }
        return firstPurchase.isBefore(newSince) ? IN_BETWEEN : NEW;
    }
}
