package clade.clustering.mixture;

import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Parallel;

/** One reading of all rows under given components. Sums are taken by blocks of canonical rows and joined in their order. */
final class Pass {

    private static final int BLOCK = Responsibilities.BLOCK;

    /** Rows that one set of working arrays serves. */
    private static final int CHUNK = 8 * BLOCK;

    /** A product of sums over components turns into a logarithm beyond this; no factor exceeds their number. */
    private static final double LARGE = 0x1p900;

    private final CanonicalRows rows;
    private final Components components;
    private final double[] logLikelihoods;

    Pass(CanonicalRows rows, Components components) {
        this.rows = rows;
        this.components = components;
        this.logLikelihoods = new double[(rows.size() - 1) / BLOCK + 1];
    }

    /** Of all rows together, weights counted, after one of the readings below. */
    double logLikelihood() {
        double sum = 0;
        for (double part : logLikelihoods) {
            sum += part;
        }
        return sum;
    }

    /**
     * Sums what the next components are made of.
     *
     * @param reference k points of d values to take the sums about
     * @return k times {@link Moments#perComponent} sums
     */
    double[] sums(double[] reference, Runnable tick) {
        int k = components.size();
        int perComponent = Moments.perComponent(components.columns, components.correlated);
        double[][] sums = new double[logLikelihoods.length][k * perComponent];
        Parallel.blocks(rows.size(), CHUNK, (from, to) -> {
            tick.run();
            Responsibilities responsibilities = new Responsibilities(components);
            Moments moments = new Moments(components.columns, components.correlated);
            for (int first = from; first < to; first += BLOCK) {
                int length = Math.min(BLOCK, to - first);
                evaluate(responsibilities, first, length);
                for (int j = 0; j < k; j++) {
                    double[] part = responsibilities.parts[j];
                    for (int i = 0; i < length; i++) {
                        part[i] *= rows.weights()[first + i];
                    }
                    moments.sum(
                            part, rows.byColumn(), first, length, reference, j, sums[first / BLOCK], j * perComponent);
                }
            }
        });
        return joined(sums);
    }

    /** The same sums about the components' means for rows that belong wholly to one component each. */
    double[] sumsOfGroups(int[] groupOf) {
        int k = components.size();
        int perComponent = Moments.perComponent(components.columns, components.correlated);
        double[][] sums = new double[logLikelihoods.length][k * perComponent];
        Parallel.blocks(rows.size(), CHUNK, (from, to) -> {
            double[] part = new double[BLOCK];
            Moments moments = new Moments(components.columns, components.correlated);
            for (int first = from; first < to; first += BLOCK) {
                int length = Math.min(BLOCK, to - first);
                for (int j = 0; j < k; j++) {
                    for (int i = 0; i < length; i++) {
                        part[i] = groupOf[first + i] == j ? rows.weights()[first + i] : 0;
                    }
                    moments.sum(
                            part,
                            rows.byColumn(),
                            first,
                            length,
                            components.means,
                            j,
                            sums[first / BLOCK],
                            j * perComponent);
                }
            }
        });
        return joined(sums);
    }

    private static double[] joined(double[][] sums) {
        double[] joined = sums[0];
        for (int block = 1; block < sums.length; block++) {
            for (int i = 0; i < joined.length; i++) {
                joined[i] += sums[block][i];
            }
        }
        return joined;
    }

    /** Finds each row's likeliest component, ties to the first, and the probability of its belonging there. */
    void assign(int[] componentOf, double[] probability, Runnable tick) {
        Parallel.blocks(rows.size(), CHUNK, (from, to) -> {
            tick.run();
            Responsibilities responsibilities = new Responsibilities(components);
            for (int first = from; first < to; first += BLOCK) {
                int length = Math.min(BLOCK, to - first);
                evaluate(responsibilities, first, length);
                for (int i = 0; i < length; i++) {
                    componentOf[first + i] = responsibilities.likeliest(i);
                    probability[first + i] = responsibilities.part(componentOf[first + i], i);
                }
            }
        });
    }

    private void evaluate(Responsibilities responsibilities, int first, int length) {
        responsibilities.evaluate(rows.byColumn(), first, length);
        double log = 0;
        double product = 1;
        for (int i = 0; i < length; i++) {
            int weight = rows.weights()[first + i];
            log += weight * responsibilities.top[i];
            if (weight == 1) {
                product *= responsibilities.sum[i];
                if (product > LARGE) {
                    log += StrictMath.log(product);
                    product = 1;
                }
            } else {
                log += weight * StrictMath.log(responsibilities.sum[i]);
            }
        }
        logLikelihoods[first / BLOCK] = log + StrictMath.log(product);
    }
}
