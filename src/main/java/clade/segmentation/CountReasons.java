package clade.segmentation;

import clade.clustering.SuggestedComponents;
import clade.clustering.SuggestedK;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Says why a number of clusters is suggested. */
final class CountReasons {

    private CountReasons() {}

    static String of(SuggestedK suggested) {
        SuggestedK.Candidate taken = suggested.candidates().stream()
                .filter(candidate -> candidate.k() == suggested.k())
                .findFirst()
                .orElseThrow();
        if (suggested.clear()) {
            return text(
                    "%d segments stand out most from data without segments: a silhouette of %.3f against %.3f on average and at most "
                            + "%.3f there. Each holds at least 1 %% of the customers and comes out again in samples (%.2f at least).",
                    taken.k(),
                    taken.separation().silhouette(),
                    taken.separation().nullMean(),
                    taken.separation().nullSilhouettes().stream()
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElseThrow(),
                    taken.stability());
        }
        List<SuggestedK.Candidate> feasible = suggested.candidates().stream()
                .filter(SuggestedK.Candidate::feasible)
                .toList();
        if (feasible.isEmpty()) {
            return text(
                    "No clear k: for every k tried a segment holds less than 1 %% of the customers or would not come out again in "
                            + "samples (below 0.6). %d is only the nearest to 4.",
                    suggested.k());
        }
        SuggestedK.Candidate best = feasible.stream()
                .max(Comparator.comparingDouble(
                        candidate -> candidate.separation().excess()))
                .orElseThrow();
        return text(
                "No clear k: data without segments, but with the same columns and correlations, is parted about as well. At best, k "
                        + "= %d, the silhouette of %.3f exceeds its mean by %.3f, where 0.05 and more than every one of 20 draws (at most "
                        + "%.3f) would count. %d is only the nearest to 4 of those whose segments are large and stable enough.",
                best.k(),
                best.separation().silhouette(),
                best.separation().excess(),
                best.separation().nullSilhouettes().stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElseThrow(),
                suggested.k());
    }

    static String of(SuggestedComponents suggested) {
        if (suggested.clear()) {
            long outvoted = suggested.candidates().stream()
                    .filter(candidate -> candidate.atFloor() > 0)
                    .count();
            return text("%d components have the least BIC", suggested.components())
                    + (outvoted == 0
                            ? "."
                            : text(
                                    " of the fits without a component at its variance floor; %d with one take no vote.",
                                    outvoted));
        }
        return text(
                "No clear k: each fit has a component at its variance floor, so that BIC counts repeated values, not groups. %d is "
                        + "only the nearest to 4.",
                suggested.components());
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
