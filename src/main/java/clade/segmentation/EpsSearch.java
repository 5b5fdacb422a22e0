package clade.segmentation;

import clade.clustering.KDistance;
import clade.clustering.Progress;
import clade.statistics.Matrix;
import java.util.List;
import java.util.Locale;

/** Suggests an eps by the distances of all customers: how dense they lie depends on their number, so no sample will do. */
final class EpsSearch {

    private static final int CURVE = 1_000;

    private EpsSearch() {}

    /** {@code x} holds prepared rows. */
    static Evidence of(Matrix x, int minPoints, Progress progress) {
        KDistance distances = KDistance.of(x, null, minPoints, progress);
        KDistance.Suggestion suggested = distances.suggestEps(progress);
        List<KDistance.Point> curve = distances.curve(CURVE);
        return new Evidence(
                null,
                null,
                null,
                null,
                null,
                null,
                minPoints,
                curve.stream().map(KDistance.Point::distance).toList(),
                curve.stream().map(KDistance.Point::share).toList(),
                suggested.trials().stream().map(trial -> trial(trial, x.rows())).toList(),
                new Evidence.Suggestion(null, suggested.eps(), suggested.clear(), reason(suggested, minPoints)));
    }

    private static Evidence.Trial trial(KDistance.Trial trial, int customers) {
        return new Evidence.Trial(
                trial.eps(),
                trial.clusters(),
                Math.round(trial.noiseShare() * customers),
                trial.noiseShare(),
                Double.isNaN(trial.agreement()) ? null : trial.agreement());
    }

    private static String reason(KDistance.Suggestion suggested, int minPoints) {
        if (!suggested.clear()) {
            return String.format(
                    Locale.ROOT,
                    "No clear eps: at none of the %d tried does DBSCAN find two or more clusters that hardly change at the next "
                            + "(adjusted Rand index of at least 0.9). %.4g is just wide enough for 95 %% of the customers to have "
                            + "%d customers, themselves counted, within it.",
                    suggested.trials().size(),
                    suggested.eps(),
                    minPoints);
        }
        KDistance.Trial taken = suggested.trials().stream()
                .filter(trial -> trial.eps() == suggested.eps())
                .findFirst()
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "Around eps %.4g the clusters change least: %d clusters and %.1f %% noise, with a mean adjusted Rand index of %.3f "
                        + "to what the next smaller and the next larger eps find.",
                taken.eps(),
                taken.clusters(),
                100 * taken.noiseShare(),
                taken.agreement());
    }
}
