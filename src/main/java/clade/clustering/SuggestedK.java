package clade.clustering;

import clade.statistics.Matrix;
import clade.statistics.Preparation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A number of clusters that the data supports, if there is one: of those whose clusters all hold at least 1 % of the rows and
 * come out again (mean Jaccard coefficient at least 0.6), the one whose silhouette exceeds the null model's most, if that
 * excess is clear. Else the feasible number nearest to 4, which the data does not prefer.
 *
 * @param k the number to take
 * @param clear whether the data prefers it
 * @param candidates every k that was tried, ascending
 */
public record SuggestedK(int k, boolean clear, List<Candidate> candidates) {

    /** Rows that are looked at, drawn at random from more. */
    public static final int SAMPLE = 2_000;

    private static final double LEAST_SHARE = 0.01;
    private static final double LEAST_STABILITY = 0.6;
    private static final int USUAL = 4;

    public SuggestedK {
        candidates = List.copyOf(candidates);
    }

    /**
     * One k.
     *
     * @param separation of its clusters
     * @param smallestShare of the rows that a cluster holds
     * @param stability the lowest mean Jaccard coefficient of its clusters, see {@link Stability}
     */
    public record Candidate(int k, Separation separation, double smallestShare, double stability) {

        /** Whether its clusters are large and stable enough. */
        public boolean feasible() {
            return smallestShare >= LEAST_SHARE && stability >= LEAST_STABILITY;
        }
    }

    /**
     * Tries each k.
     *
     * @param features rows as they were before their preparation
     * @param method for a number of clusters; each is fitted 72 times, so few restarts are wise
     * @param kMin at least 2
     * @param kMax at least {@code kMin}; k above the number of distinct rows is left out
     * @throws UnsuitableData if there are fewer distinct rows than {@code kMin}, or as the method's fit
     */
    public static SuggestedK of(
            Matrix features,
            Preparation preparation,
            IntFunction<? extends ClusteringAlgorithm> method,
            int kMin,
            int kMax,
            long seed,
            Progress progress) {
        if (kMin < 2 || kMax < kMin) {
            throw new IllegalArgumentException("2 <= kMin <= kMax is needed, were %d and %d".formatted(kMin, kMax));
        }
        Matrix sample = Sample.rows(features, Sample.of(features, SAMPLE, seed));
        Matrix prepared = preparation.fit(features).apply(sample);
        int most = Math.min(kMax, Sample.distinctRows(prepared));
        if (most < kMin) {
            throw new UnsuitableData(
                    "k-above-distinct-rows",
                    "k is to be at least %d but there are only %d distinct rows".formatted(kMin, most));
        }
        List<Candidate> candidates = new ArrayList<>();
        for (int k = kMin; k <= most; k++) {
            double tried = k - kMin;
            double all = most - kMin + 1.0;
            ClusteringAlgorithm algorithm = method.apply(k);
            Clustering found =
                    algorithm.fit(prepared, null, seed, (phase, fraction) -> progress.at("choosing k", tried / all));
            Separation separation = Separation.of(
                    prepared, algorithm, seed, (phase, f) -> progress.at("choosing k", (tried + f / 2) / all));
            List<Double> stability = Stability.of(
                    sample,
                    preparation,
                    algorithm,
                    found.labels(),
                    seed,
                    (phase, f) -> progress.at("choosing k", (tried + 0.5 + f / 2) / all));
            candidates.add(new Candidate(k, separation, smallestShare(found), Collections.min(stability)));
        }
        return among(candidates);
    }

    /** Decides between candidates, at least one. */
    public static SuggestedK among(List<Candidate> candidates) {
        List<Candidate> feasible =
                candidates.stream().filter(Candidate::feasible).toList();
        Optional<Candidate> best = feasible.stream()
                .max(Comparator.comparingDouble(c -> c.separation().excess()));
        if (best.isPresent() && best.get().separation().clear()) {
            return new SuggestedK(best.get().k(), true, candidates);
        }
        Candidate usual = (feasible.isEmpty() ? candidates : feasible)
                .stream()
                        .min(Comparator.comparingInt(c -> Math.abs(c.k() - USUAL)))
                        .orElseThrow();
        return new SuggestedK(usual.k(), false, candidates);
    }

    private static double smallestShare(Clustering found) {
        int[] sizes = new int[found.clusters()];
        for (int label : found.labels()) {
            sizes[label]++;
        }
        int smallest = found.labels().length;
        for (int size : sizes) {
            smallest = Math.min(smallest, size);
        }
        return (double) smallest / found.labels().length;
    }
}
