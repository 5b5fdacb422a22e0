package clade.bench;

import clade.clustering.Clustering;
import clade.clustering.KMeans;
import clade.clustering.Progress;
import clade.statistics.Matrix;
import java.util.List;
import java.util.Map;

/**
 * k-means from the centres in {@code init}, at most {@code maxiter} passes; {@code variant=restarts} from {@code restarts}
 * starts of its own; {@code variant=sweep} these for each k from 2 to {@code k}.
 */
final class TimedKMeans implements Timed<List<Clustering>> {

    private final Matrix x;
    private final KMeans algorithm;
    private final int lastOfSweep;

    TimedKMeans(Arguments arguments) {
        x = arguments.matrix("data");
        int maxPasses = arguments.number("maxiter", 300);
        int k = arguments.number("k", 8);
        int restarts = arguments.number("restarts", 10);
        String variant = arguments.text("variant", "");
        lastOfSweep = variant.equals("sweep") ? k : 0;
        algorithm = switch (variant) {
            case "" -> new KMeans(k, 1, maxPasses, 0, arguments.matrix("init"));
            case "restarts" -> new KMeans(k, restarts, maxPasses, 0, null);
            case "sweep" -> new KMeans(2, restarts, maxPasses, 0, null);
            default -> throw new IllegalArgumentException("no variant " + variant);
        };
    }

    @Override
    public List<Clustering> run() {
        return lastOfSweep > 0
                ? algorithm.sweep(lastOfSweep, x, null, 42, Progress.NONE)
                : List.of(algorithm.fit(x, null, 42, Progress.NONE));
    }

    @Override
    public void describe(List<Clustering> found, Map<String, Object> answer) {
        Clustering last = found.get(found.size() - 1);
        answer.put("clusters", last.clusters());
        answer.putAll(last.quality());
    }
}
