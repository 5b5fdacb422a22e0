package clade.transactions;

import java.time.Period;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What purchases tell of a customer beyond recency, frequency and monetary value. All of it is of the transactions before the
 * as-of and in the window; days are counted between local date-times.
 *
 * @param period of the kinds that take one; null for the others
 */
public record PurchaseFeature(Kind kind, @Nullable Period period) {

    public PurchaseFeature {
        if ((period != null) != kind.takesPeriod()) {
            throw new IllegalArgumentException(
                    "%s %s a period, got %s".formatted(kind, kind.takesPeriod() ? "needs" : "takes no", period));
        }
    }

    /** The kinds there are. An order is dated by its first purchase line. */
    public enum Kind {
        /** Whole days since the first purchase, rounded down, at least 0. */
        TENURE,

        /** Monetary value per order with a purchase. */
        AVERAGE_ORDER_VALUE,

        /** Days from the first order to the last, per step from one to the next; missing with one order. */
        MEAN_GAP,

        /** Days from the last order but one to the last; missing with one order. */
        LAST_GAP,

        /** Different products among the purchase lines that name one; missing if none does. */
        DISTINCT_PRODUCTS,

        /** Absolute amount of the returns per amount of the purchases, whatever returns do to monetary value. */
        RETURN_RATE,

        /** Orders with a purchase line in the last period. */
        ORDERS_IN(true),

        /** Monetary value of the last period. */
        MONETARY_IN(true),

        /** (a − b) / (a + b), with a the orders of the last period and b those of the one before it; 0 without any. */
        ORDERS_TREND(true),

        /** Sum over the orders of 0.5^(age / period). */
        DECAYED_FREQUENCY(true),

        /** Sum over the transactions that make up monetary value, each times 0.5^(age / period). */
        DECAYED_MONETARY(true),

        /** 0.5^(age of the last purchase / period). */
        RECENCY_DECAY(true);

        private final boolean takesPeriod;

        Kind() {
            this(false);
        }

        Kind(boolean takesPeriod) {
            this.takesPeriod = takesPeriod;
        }

        public boolean takesPeriod() {
            return takesPeriod;
        }
    }

    Period neededPeriod() {
        return Objects.requireNonNull(period);
    }
}
