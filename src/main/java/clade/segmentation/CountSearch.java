package clade.segmentation;

import clade.clustering.Clustering;
import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Dendrogram;
import clade.clustering.GapStatistic;
import clade.clustering.Hierarchical;
import clade.clustering.KMeans;
import clade.clustering.Knee;
import clade.clustering.Linkage;
import clade.clustering.Progress;
import clade.clustering.Sample;
import clade.clustering.SuggestedComponents;
import clade.clustering.SuggestedK;
import clade.statistics.FittedPreparation;
import clade.statistics.Matrix;
import clade.statistics.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Tries numbers of clusters and suggests one, or says that none is clear. Its cost is bounded: beyond so many customers the
 * candidates are measured on some that are drawn at random, and what decides on 2,000 at most.
 */
final class CountSearch {

    private static final int MOST_ROWS = 20_000;

    /** Of methods whose time or memory would be out of hand on more. */
    private static final int MOST_ROWS_OF_SLOW_METHODS = 5_000;

    private static final int MERGES_SHOWN = 50;

    /** On the deciding customers each number is fitted some 120 times: fewer restarts than a segmentation has must do. */
    private static final int RESTARTS = 4;

    private static final int PASSES = 100;

    private final Matrix features;
    private final Preparation preparation;
    private final FittedPreparation fitted;
    private final long seed;
    private final Progress progress;

    /** {@code features} holds a row each customer, not prepared. */
    CountSearch(Matrix features, Preparation preparation, long seed, Progress progress) {
        this.features = features;
        this.preparation = preparation;
        this.fitted = preparation.fit(features);
        this.seed = seed;
        this.progress = progress;
    }

    Evidence kMeans(KMeansSettings settings) {
        Count range = settings.k();
        Matrix x = sample(MOST_ROWS);
        List<Clustering> found = new KMeans(range.least(), settings.restarts(), settings.maxPasses(), 0, null)
                .sweep(range.most(), x, null, seed, part("clustering", 0, 0.2));
        Map<Integer, Double> inertias = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            inertias.put(range.least() + i, quality(found.get(i), "inertia"));
        }
        return bySilhouette(x, range, found, inertias, Map.of(), null, k -> new KMeans(k, RESTARTS, PASSES, 0, null));
    }

    Evidence hierarchical(HierarchicalSettings settings) {
        Count range = settings.k();
        Linkage linkage = settings.linkage();
        boolean slow = linkage == Linkage.COMPLETE || linkage == Linkage.AVERAGE;
        Matrix x = sample(slow ? MOST_ROWS_OF_SLOW_METHODS : MOST_ROWS);
        List<Clustering> found = fits(x, range, k -> new Hierarchical(linkage, k));
        Dendrogram dendrogram = ((Hierarchical.Model) found.get(0).model()).dendrogram();
        Map<Integer, Double> heights = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            int k = range.least() + i;
            int makes = dendrogram.leaves() - k - 1;
            heights.put(k, makes < 0 ? 0 : dendrogram.merge(makes).height());
        }
        return bySilhouette(x, range, found, Map.of(), heights, merges(dendrogram), k -> new Hierarchical(linkage, k));
    }

    Evidence mixture(MixtureSettings settings) {
        Count range = settings.components();
        Matrix x = sample(MOST_ROWS_OF_SLOW_METHODS);
        List<Clustering> found = fits(
                x,
                range,
                k -> new MixtureSettings(
                                range.of(k),
                                settings.covariance(),
                                settings.restarts(),
                                settings.maxPasses(),
                                settings.tolerance(),
                                settings.floor())
                        .algorithm(x.rows()));
        List<Map<String, Double>> measures = measures(x, found, 1);
        SuggestedComponents suggested = SuggestedComponents.of(found, range.least());
        List<Evidence.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            SuggestedComponents.Candidate fit = suggested.candidates().get(i);
            candidates.add(new Evidence.Candidate(
                    fit.components(),
                    null,
                    measures.get(i).get("silhouette"),
                    null,
                    null,
                    measures.get(i).get("calinskiHarabasz"),
                    measures.get(i).get("daviesBouldin"),
                    fit.bic(),
                    fit.aic(),
                    fit.atFloor(),
                    null,
                    null,
                    null,
                    smallestShare(found.get(i)),
                    null));
        }
        return evidence(
                x,
                null,
                candidates,
                OptionalInt.empty(),
                null,
                new Evidence.Suggestion(suggested.components(), null, suggested.clear(), CountReasons.of(suggested)));
    }

    /** Candidates with all that silhouettes, null models, references and bootstraps say of them. */
    private Evidence bySilhouette(
            Matrix x,
            Count range,
            List<Clustering> found,
            Map<Integer, Double> inertias,
            Map<Integer, Double> heights,
            @Nullable List<Evidence.Merge> merges,
            IntFunction<? extends ClusteringAlgorithm> method) {
        int most = range.least() + found.size() - 1;
        List<Map<String, Double>> measures = measures(x, found, 0.3);
        SuggestedK tried =
                SuggestedK.of(features, preparation, method, range.least(), most, seed, part("choosing k", 0.3, 0.8));
        GapStatistic gaps =
                GapStatistic.of(sample(SuggestedK.SAMPLE), method, most, seed, part("gap statistic", 0.8, 1));
        List<SuggestedK.Candidate> deciding = new ArrayList<>();
        List<Evidence.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            int k = range.least() + i;
            Clustering fit = found.get(i);
            double smallestShare = smallestShare(fit);
            SuggestedK.Candidate onSample = find(tried.candidates(), c -> c.k() == k);
            if (onSample != null) {
                // how small the smallest segment is, is seen on all of the sampled customers
                deciding.add(new SuggestedK.Candidate(k, onSample.separation(), smallestShare, onSample.stability()));
            }
            GapStatistic.Point gap = find(gaps.curve(), point -> point.k() == k);
            candidates.add(new Evidence.Candidate(
                    k,
                    inertias.get(k),
                    measures.get(i).get("silhouette"),
                    onSample == null ? null : onSample.separation().nullMean(),
                    onSample == null ? null : onSample.separation().excess(),
                    measures.get(i).get("calinskiHarabasz"),
                    measures.get(i).get("daviesBouldin"),
                    null,
                    null,
                    null,
                    gap == null ? null : gap.gap(),
                    gap == null ? null : gap.standardError(),
                    onSample == null ? null : onSample.stability(),
                    smallestShare,
                    heights.get(k)));
        }
        SuggestedK suggested = SuggestedK.among(deciding);
        return evidence(
                x,
                Math.min(SuggestedK.SAMPLE, features.rows()),
                candidates,
                elbow(inertias.isEmpty() ? heights : inertias),
                merges,
                new Evidence.Suggestion(suggested.k(), null, suggested.clear(), CountReasons.of(suggested)));
    }

    private static Evidence evidence(
            Matrix x,
            @Nullable Integer decidedOn,
            List<Evidence.Candidate> candidates,
            OptionalInt elbow,
            @Nullable List<Evidence.Merge> merges,
            Evidence.Suggestion suggestion) {
        return new Evidence(
                x.rows(),
                decidedOn,
                candidates,
                Evidence.BETTER,
                new Evidence.Elbow(elbow.isPresent() ? elbow.getAsInt() : null),
                merges,
                null,
                null,
                null,
                null,
                suggestion);
    }

    /** The prepared rows of so many customers, drawn at random if there are more; prepared as all of them are. */
    private Matrix sample(int most) {
        return fitted.apply(Sample.rows(features, Sample.of(features, most, seed)));
    }

    /** A fit for each number, as far as there are distinct rows. */
    private List<Clustering> fits(Matrix x, Count range, IntFunction<? extends ClusteringAlgorithm> method) {
        int most = Math.max(range.least(), Math.min(range.most(), Sample.distinctRows(x)));
        List<Clustering> found = new ArrayList<>();
        for (int k = range.least(); k <= most; k++) {
            double each = 0.2 / (most - range.least() + 1);
            double done = each * (k - range.least());
            found.add(method.apply(k).fit(x, null, seed, part("clustering", done, done + each)));
        }
        return found;
    }

    private List<Map<String, Double>> measures(Matrix x, List<Clustering> found, double upTo) {
        List<Map<String, Double>> measures = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            double each = (upTo - 0.2) / found.size();
            measures.add(Quality.of(x, found.get(i), seed, part("measuring", 0.2 + each * i, 0.2 + each * (i + 1))));
        }
        return measures;
    }

    /** The progress of one part of the search, which goes from one fraction of the whole to another. */
    private Progress part(String phase, double from, double to) {
        return (within, fraction) -> progress.at(phase, from + (to - from) * fraction);
    }

    private static List<Evidence.Merge> merges(Dendrogram dendrogram) {
        return IntStream.range(Math.max(0, dendrogram.size() - MERGES_SHOWN), dendrogram.size())
                .mapToObj(i -> new Evidence.Merge(
                        dendrogram.size() - i,
                        dendrogram.merge(i).height(),
                        dendrogram.merge(i).weight()))
                .toList();
    }

    private static OptionalInt elbow(Map<Integer, Double> falling) {
        double[] x = falling.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
        double[] y = falling.values().stream().mapToDouble(Double::doubleValue).toArray();
        OptionalInt knee = Knee.ofFallingCurve(x, y, 1);
        return knee.isPresent() ? OptionalInt.of((int) x[knee.getAsInt()]) : knee;
    }

    private static double smallestShare(Clustering found) {
        long[] sizes = new long[found.clusters()];
        for (int label : found.labels()) {
            sizes[label]++;
        }
        return (double) LongStream.of(sizes).min().orElseThrow() / found.labels().length;
    }

    private static double quality(Clustering found, String measure) {
        return Objects.requireNonNull(found.quality().get(measure));
    }

    private static <T> @Nullable T find(List<T> all, Predicate<T> wanted) {
        return all.stream().filter(wanted).findFirst().orElse(null);
    }
}
