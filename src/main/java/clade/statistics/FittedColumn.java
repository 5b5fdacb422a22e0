package clade.statistics;

import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.IqrCap;
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
     * @param sorted finite values, at least one, ascending
     * @param name how warnings call the column
     * @param warn takes sentences for the user
     */
    static FittedColumn fit(double[] sorted, Column settings, Scale scale, String name, Consumer<String> warn) {
        FittedColumn capped = limited(sorted, settings, name, warn);
        double[] values = Arrays.stream(sorted).map(capped::cap).toArray();
        if (settings.transform() == Transform.LOG1P && values[0] < 0) {
            warn.accept("%s has negative values, which count as 0 in its log1p.".formatted(name));
        }
        boolean constant = values[0] == values[values.length - 1];
        double lambda = settings.transform() == Transform.YEO_JOHNSON && !constant ? YeoJohnson.fit(values) : 1;
        FittedColumn transformed =
                new FittedColumn(capped.lower, capped.upper, settings.transform(), lambda, 0, 1, settings.weight());
        Arrays.setAll(values, i -> transformed.transform(values[i]));
        if (values[0] == values[values.length - 1]) {
            warn.accept("%s has the same value everywhere and separates nothing.".formatted(name));
        }
        return transformed.scaled(values, scale, name, warn);
    }

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

    /** This column with centre and divisor from its transformed values, ascending. */
    private FittedColumn scaled(double[] values, Scale scale, String name, Consumer<String> warn) {
        double min = values[0];
        double max = values[values.length - 1];
        if (!Double.isFinite(max - min)) {
            throw new IllegalArgumentException(
                    "%s reaches from %s to %s, which is too wide to scale".formatted(name, min, max));
        }
        if (scale == Scale.NONE) {
            return this;
        }
        if (min == max) {
            return scaledBy(min, 0);
        }
        return switch (scale) {
            case NONE -> this;
            case STANDARD -> scaledBy(mean(values), standardDeviation(values));
            case MIN_MAX -> scaledBy(min, max - min);
            case ROBUST -> {
                double range = Quantiles.at(values, 3, 4) - Quantiles.at(values, 1, 4);
                if (range == 0) {
                    warn.accept(
                            "%s is scaled by its standard deviation: its interquartile range is 0.".formatted(name));
                }
                yield scaledBy(Quantiles.at(values, 1, 2), range == 0 ? standardDeviation(values) : range);
            }
        };
    }

    private FittedColumn scaledBy(double newCentre, double newDivisor) {
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

    static double mean(double[] values) {
        int exponent = exponent(Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1])));
        double[] parts =
                Arrays.stream(values).map(v -> Math.scalb(v, -exponent)).toArray();
        return Math.scalb(ExactSum.of(parts) / values.length, exponent);
    }

    /** Of a population. Powers of two keep the squares of tiny and huge values in range and change no other bit. */
    static double standardDeviation(double[] values) {
        double mean = mean(values);
        int exponent = exponent(values[values.length - 1] - values[0]);
        double[] squares = Arrays.stream(values)
                .map(v -> Math.scalb(v - mean, -exponent))
                .map(deviation -> deviation * deviation)
                .toArray();
        return Math.scalb(Math.sqrt(ExactSum.of(squares) / values.length), exponent);
    }

    private static int exponent(double magnitude) {
        return Math.max(Math.getExponent(magnitude), Double.MIN_EXPONENT);
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
