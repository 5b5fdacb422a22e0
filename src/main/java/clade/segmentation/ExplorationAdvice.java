package clade.segmentation;

import clade.statistics.Distribution;
import clade.statistics.Preparation;
import clade.statistics.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what features mean for a segmentation, each sentence with the figures that it rests on. */
final class ExplorationAdvice {

    private static final double SKEWED = 0.2;
    private static final double STRONGLY_SKEWED = 0.4;

    /** Part of the customers that share one value, from which on it is worth a sentence. */
    private static final double TIED = 0.2;

    private static final double TOP_HEAVY = 0.2;
    private static final double TOGETHER = 0.8;
    private static final int SCORES = 5;
    private static final int FEW = 50;
    private static final int MANY = 100_000;

    private final List<Exploration.Column> columns;
    private final int customers;

    /** {@code columns} may come to hold more until advice is asked for. */
    ExplorationAdvice(List<Exploration.Column> columns, int customers) {
        this.columns = columns;
        this.customers = customers;
    }

    List<String> of(Exploration.Column column) {
        Distribution found = column.distribution();
        String name = column.feature().apiName();
        List<String> advice = new ArrayList<>();
        if (found.distinct() == 1) {
            advice.add("%s is %s for everybody and separates nothing: leave it out."
                    .formatted(name, figure(found.mode())));
            return advice;
        }
        addSkewness(advice, name, found, isLog1p(column));
        if (isTied(found)) {
            advice.add("%,d of %,d customers (%s) have %s %s; of %d quantile bins %d are used."
                    .formatted(
                            found.modeCount(),
                            customers,
                            percent((double) found.modeCount() / customers),
                            name,
                            figure(found.mode()),
                            SCORES,
                            usedBins(column)));
        }
        if (isLog1p(column) && found.negative() > 0) {
            advice.add("%,d customers have negative %s; log1p counts it as 0.".formatted(found.negative(), name));
        }
        Distribution.Fences fences = found.outliers();
        if (fences != null && fences.count() > 0) {
            advice.add("%,d customers (%s) lie outside %s to %s, the fences%s: look at them, or cap."
                    .formatted(
                            fences.count(),
                            percent((double) fences.count() / customers),
                            figure(fences.lower()),
                            figure(fences.upper()),
                            isLog1p(column) ? " after log1p" : ""));
        }
        if (column.feature().equals(Feature.MONETARY) && isTopHeavy(found)) {
            advice.add("The highest 1 %% of the customers bring %s of the sum.".formatted(percent(topShare(found))));
        }
        return advice;
    }

    private static void addSkewness(List<String> advice, String name, Distribution found, boolean log1p) {
        double before = Math.abs(found.medcouple());
        double after = Math.abs(found.medcoupleAfterLog1p());
        String figures =
                "(medcouple %s, moment skewness %s)".formatted(figure(found.medcouple()), figure(found.skewness()));
        String figuresAfter =
                "%s (%s)".formatted(figure(found.medcoupleAfterLog1p()), figure(found.skewnessAfterLog1p()));
        if (found.percentile(0) == found.percentile(50)) {
            advice.add("At least half of the customers have the least %s, so no transform makes it symmetric."
                    .formatted(name));
        } else if (before >= SKEWED && 2 * after <= before) {
            advice.add("%s is %s %s; after log1p %s: %s the transform log1p."
                    .formatted(
                            name,
                            before >= STRONGLY_SKEWED ? "strongly skewed" : "skewed",
                            figures,
                            figuresAfter,
                            log1p ? "keep" : "set"));
        } else if (before >= SKEWED) {
            advice.add("%s is %s %s, and log1p does not halve that: %s. Try the transform yeo-johnson."
                    .formatted(name, before >= STRONGLY_SKEWED ? "strongly skewed" : "skewed", figures, figuresAfter));
        } else if (log1p && after >= SKEWED && after >= 2 * before) {
            advice.add("%s is hardly skewed %s, and log1p would make it so: %s. Set the transform none for it."
                    .formatted(name, figures, figuresAfter));
        }
    }

    List<String> ofMethods(ExplorationView.@Nullable CorrelationsView correlations) {
        List<String> advice = new ArrayList<>();
        if (customers < FEW) {
            advice.add("With %,d customers clusters would be chance: use rfm with 3 scores, or look at each customer."
                    .formatted(customers));
            return advice;
        }
        addRfm(advice);
        addKMeans(advice);
        addDensity(advice);
        addTies(advice);
        if (correlations != null) {
            addTogether(advice, correlations);
        }
        addSize(advice);
        return advice;
    }

    private void addRfm(List<String> advice) {
        List<Exploration.Column> scored = columns.stream()
                .filter(column -> Feature.RFM.contains(column.feature()))
                .toList();
        if (scored.isEmpty()) {
            return;
        }
        List<String> shorter = scored.stream()
                .filter(column -> usedBins(column) < SCORES)
                .map(column -> "%s only %d of %d".formatted(column.feature().apiName(), usedBins(column), SCORES))
                .toList();
        advice.add(
                shorter.isEmpty()
                        ? "rfm suits: each feature fills all %d quantile bins, and everybody understands it."
                                .formatted(SCORES)
                        : "rfm suits with fewer scores, or binning natural-breaks or fixed: of the quantile bins ties leave %s."
                                .formatted(String.join(" and ", shorter)));
    }

    private void addKMeans(List<String> advice) {
        List<String> heavy = columns.stream()
                .filter(column -> column.feature().equals(Feature.MONETARY) && isTopHeavy(column.distribution()))
                .map(column -> "the highest 1 %% of the customers bring %s of %s"
                        .formatted(
                                percent(topShare(column.distribution())),
                                column.feature().apiName()))
                .toList();
        advice.add(
                heavy.isEmpty()
                        ? "k-means suits %d features of %,d customers with the default preparation (log1p, standard scale)."
                                .formatted(columns.size(), customers)
                        : ("k-means needs the default preparation (log1p, standard scale): %s, and on raw values would take"
                                        + " clusters of their own.")
                                .formatted(String.join(", ", heavy)));
    }

    private void addDensity(List<String> advice) {
        List<String> tails = columns.stream()
                .filter(column -> {
                    Distribution.Fences fences = column.distribution().outliers();
                    return fences != null && fences.count() > 0;
                })
                .map(column -> {
                    Distribution.Fences fences = column.distribution().outliers();
                    return "%,d of %s"
                            .formatted(
                                    fences == null ? 0 : fences.count(),
                                    column.feature().apiName());
                })
                .toList();
        if (!tails.isEmpty()) {
            advice.add(
                    ("hdbscan and dbscan find the unusual customers and leave them as noise; beyond the fences lie %s. In %d"
                                    + " dimensions density still means something.")
                            .formatted(String.join(", ", tails), columns.size()));
        }
    }

    private void addTies(List<String> advice) {
        columns.stream()
                .filter(column -> isTied(column.distribution()))
                .forEach(column -> advice.add(
                        ("gaussian-mixture and the density methods see the %,d customers with %s %s as a plane: mind the"
                                        + " warnings about floors and core distances of 0.")
                                .formatted(
                                        column.distribution().modeCount(),
                                        column.feature().apiName(),
                                        figure(column.distribution().mode()))));
    }

    private void addTogether(List<String> advice, ExplorationView.CorrelationsView correlations) {
        for (int i = 0; i < columns.size(); i++) {
            for (int j = i + 1; j < columns.size(); j++) {
                Double together = correlations.spearman().get(i).get(j);
                if (together != null && Math.abs(together) >= TOGETHER) {
                    advice.add(
                            ("%s and %s go together (Spearman %s) and count nearly twice in distances: lower the weight of"
                                            + " one, keep %d principal components, or use rfm with a map over recency and value.")
                                    .formatted(
                                            columns.get(i).feature().apiName(),
                                            columns.get(j).feature().apiName(),
                                            figure(together),
                                            columns.size() - 1));
                }
            }
        }
    }

    private void addSize(List<String> advice) {
        if (customers >= MANY) {
            advice.add(
                    ("With %,d customers rfm, k-means and dbscan stay quick; hierarchical with linkage complete or average"
                                    + " needs memory that grows with the square of the distinct customers.")
                            .formatted(customers));
        }
    }

    private static boolean isLog1p(Exploration.Column column) {
        return column.feature().kind().transform() == Preparation.Transform.LOG1P;
    }

    private boolean isTied(Distribution found) {
        return found.modeCount() >= TIED * customers;
    }

    private static boolean isTopHeavy(Distribution found) {
        return topShare(found) >= TOP_HEAVY;
    }

    private static double topShare(Distribution found) {
        return found.topShare() == null ? 0 : found.topShare();
    }

    /** How many of the quantile bins hold a customer. */
    private static int usedBins(Exploration.Column column) {
        double[] cuts = Quantiles.cuts(column.sorted(), SCORES);
        int used = 0;
        int last = -1;
        for (double value : column.sorted()) {
            int bin = 0;
            while (bin < cuts.length && cuts[bin] < value) {
                bin++;
            }
            used += bin == last ? 0 : 1;
            last = bin;
        }
        return used;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String figure(@Nullable Double value) {
        if (value == null) {
            return "none";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole
                ? String.format(Locale.ROOT, "%,d", value.longValue())
                : String.format(Locale.ROOT, "%,.2f", value);
    }
}
