package clade.clustering;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
     * Decides between fits of {@link GaussianMixture} to the same rows.
     *
     * @param fits at least one: of {@code kMin} components, {@code kMin} + 1, …
     */
    public static SuggestedComponents of(List<Clustering> fits, int kMin) {
        List<Candidate> candidates = new ArrayList<>();
        for (Clustering fit : fits) {
            candidates.add(new Candidate(kMin + candidates.size(), quality(fit, "bic"), quality(fit, "aic"), (int)
                    quality(fit, "componentsAtFloor")));
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
