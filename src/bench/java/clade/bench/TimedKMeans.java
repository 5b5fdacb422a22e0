package clade.bench;

import clade.clustering.Clustering;
import clade.clustering.KMeans;
import clade.clustering.Progress;
import clade.clustering.Sample;
import clade.clustering.Silhouette;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * k-means from the centres in {@code init}, at most {@code maxiter} passes; {@code variant=restarts} from {@code restarts}
 * starts of its own; {@code variant=sweep} these for each k from 2 to {@code k}, and of each the silhouette of
 * {@code silhouette} rows among themselves, at equal distances in the data. {@code src/bench/peers/sweep.py} does the same.
 */
final class TimedKMeans implements Timed<List<Clustering>> {

    private final Matrix x;
    private final KMeans algorithm;
    private final int lastOfSweep;
    private final int[] sample;

    /** The best of the last sweep. */
    private double silhouette;

    TimedKMeans(Arguments arguments) {
        x = arguments.matrix("data");
        int maxPasses = arguments.number("maxiter", 300);
        int k = arguments.number("k", 8);
        int restarts = arguments.number("restarts", 10);
        String variant = arguments.text("variant", "");
        int sampled = Math.min(x.rows(), arguments.number("silhouette", 0));
        sample = new int[sampled];
        Arrays.setAll(sample, i -> i * (x.rows() / sampled));
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
        if (lastOfSweep == 0) {
            return List.of(algorithm.fit(x, null, 42, Progress.NONE));
        }
        List<Clustering> found = algorithm.sweep(lastOfSweep, x, null, 42, Progress.NONE);
        Matrix rows = Sample.rows(x, sample);
        silhouette = sample.length == 0 ? 0 : Double.NEGATIVE_INFINITY;
        for (Clustering clustering : sample.length == 0 ? List.<Clustering>of() : found) {
            int[] labels =
                    Arrays.stream(sample).map(i -> clustering.labels()[i]).toArray();
            silhouette = Math.max(
                    silhouette, Silhouette.of(rows, null, labels, Progress.NONE).mean());
        }
        return found;
    }

    @Override
    public void describe(List<Clustering> found, Map<String, Object> answer) {
        Clustering last = found.get(found.size() - 1);
        answer.put("clusters", last.clusters());
        answer.putAll(last.quality());
        answer.put("score", silhouette);
    }
}
