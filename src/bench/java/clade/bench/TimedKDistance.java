package clade.bench;

import clade.clustering.KDistance;
import clade.clustering.Progress;
import clade.statistics.Matrix;
import java.util.Map;

/** The sorted distances of all rows to their {@code minpts}-th neighbours, themselves counted. */
final class TimedKDistance implements Timed<KDistance> {

    private final Matrix x;
    private final int minPoints;

    TimedKDistance(Arguments arguments) {
        x = arguments.matrix("data");
        minPoints = arguments.number("minpts", 10);
    }

    @Override
    public KDistance run() {
        return KDistance.of(x, null, minPoints, Progress.NONE);
    }

    @Override
    public void describe(KDistance found, Map<String, Object> answer) {
        int middle = x.rows() / 2; // the peers' median: the upper of two
        answer.put("score", found.quantile((middle + 0.5) / x.rows()));
    }
}
