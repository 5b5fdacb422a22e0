package clade.segmentation;

import clade.clustering.Progress;
import clade.segmentation.Validation.Amount;
import clade.segmentation.Validation.Held;
import clade.segmentation.Validation.Rate;
import clade.segmentation.Validation.RecencyCut;
import clade.segmentation.Validation.Separation;
import clade.segmentation.Validation.Since;
import clade.segmentation.report.Figures;
import clade.statistics.DecimalSum;
import clade.statistics.GroupEffect;
import clade.statistics.Interval;
import clade.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Measures what the customers of segments did after they were segmented. */
final class Hindsight {

    private static final double LEVEL = 0.95;
    private static final double SIGNIFICANT = 0.05;
    private static final int PERMUTATIONS = 999;

    /** Cochran (1977, Sampling techniques, section 2.15): a mean's interval can be trusted from 25 G1² values on. */
    private static final double COCHRAN = 25;

    private static final List<String> METHODS = List.of(
            "Rates of customers who bought again: Wilson's score interval, 95 %.",
            "Means of orders and revenue: Student's t interval, 95 %.",
            "Explained differences: epsilon squared (Kelley 1935) of bought again (1 or 0), and of the ranks of revenue; its "
                    + "interval is normal with the jackknife's standard error, 95 %, and so is that of the difference of the two "
                    + "groupings of the same customers.",
            "Chance: a permutation test of " + PERMUTATIONS
                    + " dealings of the customers to segments of the same sizes, seeded by the definition; p is at least "
                    + "1 / (1 + dealings) (Phipson and Smyth 2010).",
            "The cut of recency alone: customers who had last bought at most the median number of days before the start, and the "
                    + "others. It is fixed by what was known then.");

    private final List<Segment> segments;
    private final List<Customer> customers;
    private final String period;
    private final String start;
    private final long seed;
    private final List<String> warnings;
    private final List<String> rough = new ArrayList<>();

    /**
     * A customer.
     *
     * @param segment index of its segment as of the start
     * @param recency days, as of the start; NaN for one without a purchase by then
     * @param before what it brought in the period before the start
     * @param orders since the start
     * @param revenue since the start
     */
    record Customer(int segment, double recency, double before, long orders, double revenue) {}

    /**
     * @param customers at least one, in any order
     * @param period length of the horizon, in words
     * @param start its first day
     * @param warnings what is known already
     */
    Hindsight(
            List<Segment> segments,
            List<Customer> customers,
            String period,
            String start,
            long seed,
            List<String> warnings) {
        this.segments = segments;
        this.customers = customers.stream()
                // shuffling must not depend on the order in which customers were read
                .sorted(Comparator.comparingInt(Customer::segment)
                        .thenComparingDouble(Customer::recency)
                        .thenComparingLong(Customer::orders)
                        .thenComparingDouble(Customer::revenue))
                .toList();
        this.period = period;
        this.start = start;
        this.seed = seed;
        this.warnings = new ArrayList<>(warnings);
    }

    Held measure(Progress progress) {
        List<Since> since =
                IntStream.range(0, segments.size()).mapToObj(this::since).toList();
        if (!rough.isEmpty()) {
            warnings.add(
                    "Revenue is so skewed that the intervals of its mean are rough in %s: fewer than 25 G1² customers."
                            .formatted(String.join(", ", rough)));
        }
        double[] again = customers.stream()
                .mapToDouble(customer -> customer.orders() > 0 ? 1 : 0)
                .toArray();
        double[] revenue = customers.stream().mapToDouble(Customer::revenue).toArray();
        Separation repeat = separation(again, 0, progress);
        Separation spending = separation(GroupEffect.ranks(revenue), 0.5, progress);
        List<String> findings = new ArrayList<>();
        findings.add(range(since));
        findings.add(sentence("who bought again", repeat));
        findings.add(sentence("who spent more", spending));
        return new Held(since, repeat, spending, findings, METHODS, warnings);
    }

    private Since since(int segment) {
        Segment described = segments.get(segment);
        List<Customer> members = customers.subList(firstOf(segment), firstOf(segment + 1));
        long again = members.stream().filter(customer -> customer.orders() > 0).count();
        int size = members.size();
        double[] revenue = members.stream().mapToDouble(Customer::revenue).toArray();
        if (size > 1 && size < COCHRAN * Math.pow(skewness(revenue), 2)) {
            rough.add("“%s”".formatted(described.name()));
        }
        return new Since(
                described.key(),
                described.name(),
                described.noise(),
                size,
                size == 0 ? null : rate(again, size),
                amount(members.stream().mapToDouble(Customer::orders).toArray()),
                amount(revenue),
                DecimalSum.of(members.stream().mapToDouble(Customer::before).toArray()));
    }

    /** Where the customers of a segment begin, who stand sorted by it. */
    private int firstOf(int segment) {
        int low = 0;
        int high = customers.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (customers.get(middle).segment() < segment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Rate rate(long again, int size) {
        Interval interval = Interval.ofProportion(again, size, LEVEL);
        return new Rate(again, (double) again / size, interval.lower(), interval.upper());
    }

    private static Amount amount(double[] values) {
        double total = DecimalSum.of(values);
        Interval interval = Interval.ofMean(values, LEVEL);
        return new Amount(
                total,
                values.length == 0 ? null : Double.valueOf(total / values.length),
                interval == null ? null : interval.lower(),
                interval == null ? null : interval.upper());
    }

    /** Fisher's G1; 0 where nothing differs. */
    private static double skewness(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double second =
                Arrays.stream(values).map(v -> Math.pow(v - mean, 2)).average().orElse(0);
        double third =
                Arrays.stream(values).map(v -> Math.pow(v - mean, 3)).average().orElse(0);
        return second == 0 ? 0 : third / Math.pow(second, 1.5);
    }

    private @Nullable Separation separation(double[] outcome, double done, Progress progress) {
        GroupEffect effect = new GroupEffect(
                outcome, customers.stream().mapToInt(Customer::segment).toArray());
        if (!effect.isDefined()) {
            return null;
        }
        GroupEffect.Chance chance = effect.chance(
                PERMUTATIONS, seed, fraction -> progress.at("comparing with chance", done + fraction / 2));
        Interval interval = Interval.around(effect.estimate(), effect.standardError(), LEVEL);
        return new Separation(
                effect.estimate(),
                interval.lower(),
                interval.upper(),
                chance.mean(),
                chance.p95(),
                chance.pValue(),
                chance.pValue() <= SIGNIFICANT,
                recencyCut(outcome, effect));
    }

    private @Nullable RecencyCut recencyCut(double[] outcome, GroupEffect effect) {
        double[] known = customers.stream()
                .mapToDouble(Customer::recency)
                .filter(days -> !Double.isNaN(days))
                .sorted()
                .toArray();
        if (known.length == 0) {
            return null;
        }
        double median = Quantiles.at(known, 1, 2);
        GroupEffect cut = new GroupEffect(
                outcome,
                customers.stream()
                        .mapToInt(customer -> customer.recency() <= median ? 0 : 1)
                        .toArray());
        if (!cut.isDefined()) {
            return null;
        }
        Interval own = Interval.around(cut.estimate(), cut.standardError(), LEVEL);
        double difference = effect.estimate() - cut.estimate();
        Interval between = Interval.around(difference, effect.standardErrorOfDifference(cut), LEVEL);
        return new RecencyCut(
                median,
                cut.estimate(),
                own.lower(),
                own.upper(),
                difference,
                between.lower(),
                between.upper(),
                between.lower() > 0 ? "better" : between.upper() < 0 ? "worse" : "no-difference");
    }

    private String range(List<Since> since) {
        List<Since> present =
                since.stream().filter(segment -> segment.repeat() != null).toList();
        Comparator<Since> byRate =
                Comparator.comparingDouble(segment -> rateOf(segment).rate());
        Since best = present.stream().max(byRate).orElseThrow();
        Since worst = present.stream().min(byRate).orElseThrow();
        long again = present.stream()
                .mapToLong(segment -> rateOf(segment).customers())
                .sum();
        String all = "Of %s in a segment on %s, %s (%s) bought again within %s"
                .formatted(
                        Figures.customers(customers.size()),
                        start,
                        Figures.count(again),
                        Figures.percent((double) again / customers.size()),
                        period);
        return present.size() < 2
                ? all + "."
                : all
                        + ": from %s of “%s” to %s of “%s”."
                                .formatted(
                                        Figures.percent(rateOf(worst).rate()),
                                        worst.name(),
                                        Figures.percent(rateOf(best).rate()),
                                        best.name());
    }

    private static Rate rateOf(Since segment) {
        return java.util.Objects.requireNonNull(segment.repeat());
    }

    private static String sentence(String what, @Nullable Separation found) {
        if (found == null) {
            return "Whether the segments tell %s can't be said: there are fewer than two segments, or nobody differs."
                    .formatted(what);
        }
        String chance = found.betterThanChance()
                ? "The segments tell %s better than chance: they explain %s of the differences between customers (95 %% interval %s to %s; by chance %s, p = %s)."
                : "The segments do not tell %s better than chance: they explain %s of the differences between customers (95 %% interval %s to %s; by chance %s, p = %s).";
        String start = chance.formatted(
                what,
                Figures.percent(found.explained()),
                Figures.percent(found.lower()),
                Figures.percent(found.upper()),
                Figures.percent(found.chance()),
                String.format(java.util.Locale.ROOT, "%.3f", found.pValue()));
        RecencyCut cut = found.recencyCut();
        if (cut == null) {
            return start + " Recency alone parts nobody, so there is no cut to compare with.";
        }
        String verdict = switch (cut.verdict()) {
            case "better" -> "That is more than";
            case "worse" -> "That is less than";
            default -> "That is not shown to differ from";
        };
        return start
                + " %s what a cut of recency at %s days explains alone, %s (difference %s, 95 %% interval %s to %s)."
                        .formatted(
                                verdict,
                                Figures.number(cut.days()),
                                Figures.percent(cut.explained()),
                                Figures.points(cut.difference()),
                                Figures.points(cut.differenceLower()),
                                Figures.points(cut.differenceUpper()));
    }
}
