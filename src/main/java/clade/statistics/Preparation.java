package clade.statistics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How features become comparable before they are clustered: each column is capped, transformed, scaled and weighted, in this
 * order, and all of them may then be replaced by their first principal components.
 *
 * @param columns one a column of the matrix, at least one
 * @param scale what all columns are scaled by after their transform
 * @param components principal components to keep, in [1, number of columns]; null keeps the columns themselves
 */
public record Preparation(
        List<Column> columns, Scale scale, @Nullable Integer components) {

    public Preparation {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a preparation needs at least one column");
        }
        if (components != null && (components < 1 || components > columns.size())) {
            throw new IllegalArgumentException("components must be between 1 and the number of columns, %d, was %d"
                    .formatted(columns.size(), components));
        }
    }

    /**
     * Learns cut points, transforms and scales from the rows of {@code x}, whatever their order.
     *
     * @throws IllegalArgumentException if {@code x} has no rows, another number of columns, or a value that is not finite, or
     *     if the transformed values of a column lie further apart than a double can hold
     */
    public FittedPreparation fit(Matrix x) {
        return FittedPreparation.fit(this, x);
    }

    /**
     * One column's part.
     *
     * @param cap where values are cut off
     * @param transform what the capped values go through
     * @param weight multiplies the scaled values; above 0 and finite
     * @param block 0, or the number of the block that the column belongs to: a block's columns are the indicators of one
     *     feature, 1 where it has a value and 0 elsewhere. They are neither capped nor transformed, and scaled together: by
     *     any scale but none each to mean 0 and all of them to a total variance of 1
     */
    public record Column(Cap cap, Transform transform, double weight, int block) {

        /** A column for itself. */
        public Column(Cap cap, Transform transform, double weight) {
            this(cap, transform, weight, 0);
        }

        /** A column of a block. */
        public static Column ofBlock(int block, double weight) {
            return new Column(new NoCap(), Transform.NONE, weight, block);
        }

        public Column {
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("weight must be above 0 and finite, was " + weight);
            }
        }
    }

    /** Values beyond two limits are set to the limit. */
    public sealed interface Cap permits NoCap, QuantileCap, IqrCap {}

    /** No limits. */
    public record NoCap() implements Cap {}

    /** Limits at two {@linkplain Quantiles quantiles}, 0 <= lower < upper <= 1. */
    public record QuantileCap(double lower, double upper) implements Cap {

        public QuantileCap {
            if (!(lower >= 0 && lower < upper && upper <= 1)) {
                throw new IllegalArgumentException(
                        "the quantiles of a cap must be 0 <= lower < upper <= 1, were %s and %s"
                                .formatted(lower, upper));
            }
        }
    }

    /**
     * Tukey's fences: limits {@code factor} interquartile ranges below the first and above the third quartile. A column whose
     * quartiles are equal is not capped.
     *
     * @param factor above 0 and finite; 1.5 is usual
     */
    public record IqrCap(double factor) implements Cap {

        public IqrCap {
            if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the factor of a cap must be above 0 and finite, was " + factor);
            }
        }
    }

    /** What makes a skewed column more even. */
    public enum Transform {
        NONE,

        /** log(1 + x); a negative value counts as 0. */
        LOG1P,

        /** The power transform of Yeo and Johnson (2000), its exponent by maximum likelihood. */
        YEO_JOHNSON
    }

    /** What columns are scaled by. A column of one single value becomes 0 by any of them but {@link #NONE}. */
    public enum Scale {
        NONE,

        /** To mean 0 and population standard deviation 1. */
        STANDARD,

        /** To [0, 1]. */
        MIN_MAX,

        /**
         * To median 0 and interquartile range 1; a column whose quartiles are equal is divided by its standard deviation
         * instead.
         */
        ROBUST
    }
}
