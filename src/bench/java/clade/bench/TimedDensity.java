package clade.bench;

import clade.clustering.Clustering;
import clade.clustering.ClusteringAlgorithm;
import clade.clustering.Dbscan;
import clade.clustering.Hdbscan;
import clade.clustering.Progress;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.Map;

/** Clusters by density: {@code eps}, {@code minpts} and {@code mincluster} as the peers have them. */
final class TimedDensity implements Timed<Clustering> {

    private final Matrix x;
    private final ClusteringAlgorithm algorithm;

    private TimedDensity(Arguments arguments, ClusteringAlgorithm algorithm) {
        this.x = arguments.matrix("data");
        this.algorithm = algorithm;
    }

    static TimedDensity dbscan(Arguments arguments) {
        return new TimedDensity(arguments, new Dbscan(arguments.decimal("eps", 0.3), arguments.number("minpts", 10)));
    }

    static TimedDensity hdbscan(Arguments arguments) {
        return new TimedDensity(
                arguments, Hdbscan.of(arguments.number("mincluster", 50), arguments.number("minpts", 10)));
    }

    @Override
    public Clustering run() {
        return algorithm.fit(x, null, 0, Progress.NONE);
    }

    @Override
    public void describe(Clustering found, Map<String, Object> answer) {
        answer.put("clusters", found.clusters());
        answer.put(
                "noise",
                Arrays.stream(found.labels()).filter(label -> label < 0).count());
    }
}
