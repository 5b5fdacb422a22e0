package clade.bench;

import clade.clustering.Progress;
import clade.clustering.Silhouette;
import clade.statistics.Matrix;
import java.util.Map;

/**
 * The silhouette of the rows labelled by their nearest centre in {@code init}; {@code variant=squared} of squared distances,
 * {@code variant=sample} of 2,000 rows.
 */
final class TimedSilhouette implements Timed<Silhouette> {

    private final Matrix x;
    private final int[] labels;
    private final String variant;

    TimedSilhouette(Arguments arguments) {
        x = arguments.matrix("data");
        variant = arguments.text("variant", "");
        Matrix centres = arguments.matrix("init");
        labels = new int[x.rows()];
        for (int i = 0; i < labels.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < centres.rows(); j++) {
                double square = 0;
                for (int c = 0; c < x.columns(); c++) {
                    square += Math.pow(x.get(i, c) - centres.get(j, c), 2);
                }
                if (square < least) {
                    least = square;
                    labels[i] = j;
                }
            }
        }
    }

    @Override
    public Silhouette run() {
        return switch (variant) {
            case "" -> Silhouette.of(x, null, labels, Progress.NONE);
            case "squared" -> Silhouette.squared(x, null, labels, Progress.NONE);
            case "sample" -> Silhouette.sample(x, null, labels, 2000, 42, Progress.NONE);
            default -> throw new IllegalArgumentException("no variant " + variant);
        };
    }

    @Override
    public void describe(Silhouette silhouette, Map<String, Object> answer) {
        answer.put("score", silhouette.mean());
    }
}
