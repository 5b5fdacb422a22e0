package clade.clustering;

import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A number of mixture components that the data supports, if there is one: that of the least BIC among the fits without a
 * component at its variance floor, where the likelihood measures the floor. If all have one, the number nearest to 4, which
 * the data does not prefer.
 *
 * @param components the number to take
 * @param clear whether the data prefers it
 * @param candidates every number that was tried, ascending
 * @see <a href="https://doi.org/10.1214/aos/1176344136">Schwarz (1978), Estimating the dimension of a model</a>
 */
public record SuggestedComponents(int components, boolean clear, List<Candidate> candidates) {

    private static final int USUAL = 4;

    public SuggestedComponents {
        candidates = List.copyOf(candidates);
    }

    /**
     * One number of components.
     *
     * @param bic lower is better
     * @param aic lower is better
     * @param atFloor how many of the components are at their variance floor; above 0, bic and aic are for show
     */
    public record Candidate(int components, double bic, double aic, int atFloor) {}

    /**
     * Fits each number of components.
     *
     * @param x prepared rows
     * @param mixture for a number of components
     * @param kMin at least 1
     * @param kMax at least {@code kMin}; numbers above that of the distinct rows are left out
     * @throws UnsuitableData if there are fewer distinct rows than {@code kMin}, or as a mixture's fit
     */
    public static SuggestedComponents of(
            Matrix x, IntFunction<GaussianMixture> mixture, int kMin, int kMax, long seed, Progress progress) {
        if (kMin < 1 || kMax < kMin) {
            throw new IllegalArgumentException("1 <= kMin <= kMax is needed, were %d and %d".formatted(kMin, kMax));
        }
        int most = Math.max(kMin, Math.min(kMax, Sample.distinctRows(x)));
        List<Candidate> candidates = new ArrayList<>();
        for (int k = kMin; k <= most; k++) {
            double tried = k - kMin;
            double all = most - kMin + 1.0;
            Clustering found = mixture.apply(k)
                    .fit(x, null, seed, (phase, f) -> progress.at("choosing components", (tried + f) / all));
            candidates.add(new Candidate(
                    k, quality(found, "bic"), quality(found, "aic"), (int) quality(found, "componentsAtFloor")));
        }
        return among(candidates);
    }

    private static double quality(Clustering found, String measure) {
        return Objects.requireNonNull(found.quality().get(measure));
    }

    /** Decides between candidates, at least one. */
    static SuggestedComponents among(List<Candidate> candidates) {
        Optional<Candidate> least =
                candidates.stream().filter(c -> c.atFloor() == 0).min(Comparator.comparingDouble(Candidate::bic));
        Candidate taken = least.orElseGet(() -> candidates.stream()
                .min(Comparator.comparingInt(c -> Math.abs(c.components() - USUAL)))
                .orElseThrow());
        return new SuggestedComponents(taken.components(), least.isPresent(), candidates);
    }
}
