package clade.bench;

import clade.clustering.Covariance;
import clade.clustering.Progress;
import clade.clustering.mixture.ExpectationMaximisation;
import clade.clustering.mixture.MixtureFit;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code maxiter} passes of a mixture of full covariance from the means in {@code init}, with scikit-learn's floor; its score
 * is the mean log-likelihood of a row. Sorting and merging of equal rows count.
 */
final class TimedMixture implements Timed<MixtureFit> {

    private final Matrix x;
    private final Matrix means;
    private final int passes;

    TimedMixture(Arguments arguments) {
        x = arguments.matrix("data");
        means = arguments.matrix("init");
        passes = arguments.number("maxiter", 100);
    }

    @Override
    public MixtureFit run() {
        double[] floor = new double[x.columns()];
        Arrays.fill(floor, 1e-6);
        CanonicalRows rows = CanonicalRows.of(x, null, Progress.NONE);
        return new ExpectationMaximisation(rows, Covariance.FULL, floor, passes, 0)
                .fromMeans(means.values().clone(), means.rows(), Progress.NONE);
    }

    @Override
    public void describe(MixtureFit found, Map<String, Object> answer) {
        answer.put("iters", found.passes());
        answer.put("score", found.logLikelihood() / x.rows());
    }
}
