package clade.statistics;

import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.IqrCap;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.QuantileCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What was learned of one column: a value is brought between {@code lower} and {@code upper}, transformed, moved by
 * {@code centre} and divided by {@code divisor} (0: the column is constant and becomes 0), then multiplied by
 * {@code weight}.
 *
 * @param lambda exponent of the Yeo–Johnson transform, 1 for any other
 */
record FittedColumn(
        double lower, double upper, Transform transform, double lambda, double centre, double divisor, double weight) {

    /**
     * Learns from the values of a column.
     *
     * @param values finite, at least one, in any order, which may change
     * @param name how warnings call the column
     * @param warn takes sentences for the user
     */
    static FittedColumn fit(double[] values, Column settings, Scale scale, String name, Consumer<String> warn) {
        if (settings.block() > 0) {
            FittedColumn indicator = new FittedColumn(
                    Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Transform.NONE, 1, 0, 1, settings.weight());
            Moments moments = Moments.of(values);
            return scale == Scale.NONE ? indicator : indicator.scaledBy(moments.mean(), moments.standardDeviation());
        }
        if (!(settings.cap() instanceof NoCap)
                || settings.transform() == Transform.YEO_JOHNSON
                || scale == Scale.ROBUST) {
            Arrays.sort(values);
        }
        FittedColumn capped = limited(values, settings, name, warn);
        Arrays.setAll(values, i -> capped.cap(values[i]));
        if (settings.transform() == Transform.LOG1P && Arrays.stream(values).anyMatch(v -> v < 0)) {
            warn.accept("%s has negative values, which count as 0 in its log1p.".formatted(name));
        }
        double lambda = settings.transform() == Transform.YEO_JOHNSON ? YeoJohnson.fit(values) : 1;
        FittedColumn transformed =
                new FittedColumn(capped.lower, capped.upper, settings.transform(), lambda, 0, 1, settings.weight());
        Arrays.setAll(values, i -> transformed.transform(values[i]));
        return transformed.scaled(values, scale, name, warn);
    }

    /** A column with the limits of its cap alone; the values ascend if it has one. */
    private static FittedColumn limited(double[] sorted, Column settings, String name, Consumer<String> warn) {
        double lower = Double.NEGATIVE_INFINITY;
        double upper = Double.POSITIVE_INFINITY;
        if (settings.cap() instanceof QuantileCap cap) {
            lower = Quantiles.at(sorted, cap.lower());
            upper = Quantiles.at(sorted, cap.upper());
        } else if (settings.cap() instanceof IqrCap cap) {
            double first = Quantiles.at(sorted, 1, 4);
            double third = Quantiles.at(sorted, 3, 4);
            if (first == third) {
                warn.accept("%s is not capped: half of its values are equal, so its interquartile range is 0."
                        .formatted(name));
            } else {
                lower = first - cap.factor() * (third - first);
                upper = third + cap.factor() * (third - first);
            }
        }
        return new FittedColumn(lower, upper, Transform.NONE, 1, 0, 1, 1);
    }

    /** This column with centre and divisor from its transformed values. */
    private FittedColumn scaled(double[] values, Scale scale, String name, Consumer<String> warn) {
        Moments moments = Moments.of(values);
        double width = moments.greatest() - moments.least();
        if (!Double.isFinite(width)) {
            throw new IllegalArgumentException("%s reaches from %s to %s, which is too wide to scale"
                    .formatted(name, moments.least(), moments.greatest()));
        }
        if (width == 0) {
            warn.accept("%s has the same value everywhere and separates nothing.".formatted(name));
            return scale == Scale.NONE ? this : scaledBy(moments.least(), 0);
        }
        return switch (scale) {
            case NONE -> this;
            case STANDARD -> scaledBy(moments.mean(), moments.standardDeviation());
            case MIN_MAX -> scaledBy(moments.least(), width);
            case ROBUST -> {
                double range = Quantiles.at(values, 3, 4) - Quantiles.at(values, 1, 4);
                if (range == 0) {
                    warn.accept(
                            "%s is scaled by its standard deviation: its interquartile range is 0.".formatted(name));
                }
                yield scaledBy(Quantiles.at(values, 1, 2), range == 0 ? moments.standardDeviation() : range);
            }
        };
    }

    /** The same but for what it is moved and divided by. */
    FittedColumn scaledBy(double newCentre, double newDivisor) {
        return new FittedColumn(lower, upper, transform, lambda, newCentre, newDivisor, weight);
    }

    double prepare(double value) {
        return divisor == 0 ? 0 : (transform(cap(value)) - centre) / divisor * weight;
    }

    private double cap(double value) {
        return Math.min(Math.max(value, lower), upper);
    }

    private double transform(double value) {
        return switch (transform) {
            case NONE -> value;
            case LOG1P -> StrictMath.log1p(Math.max(value, 0));
            case YEO_JOHNSON -> YeoJohnson.transform(value, lambda);
        };
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(lower);
        out.writeDouble(upper);
        out.writeUTF(transform.name());
        out.writeDouble(lambda);
        out.writeDouble(centre);
        out.writeDouble(divisor);
        out.writeDouble(weight);
    }

    static FittedColumn read(DataInput in) throws IOException {
        return new FittedColumn(
                in.readDouble(),
                in.readDouble(),
                Transform.valueOf(in.readUTF()),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble());
    }
}
