package clade.clustering;

import clade.clustering.kmeans.Partition;
import clade.clustering.kmeans.Restarts;
import clade.clustering.kmeans.RowTree;
import clade.clustering.mixture.Components;
import clade.clustering.mixture.ExpectationMaximisation;
import clade.clustering.mixture.MixtureFit;
import clade.clustering.mixture.Responsibilities;
import clade.clustering.mixture.VarianceFloor;
import clade.clustering.spatial.CanonicalRows;
import clade.statistics.Draws;
import clade.statistics.Matrix;
import clade.statistics.Parallel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of Gaussian components, fitted by expectation and maximisation from k-means starts, the best of several: every row
 * belongs to every component with some probability, and its cluster is the likeliest.
 *
 * <p>Quality of a fit, weights counted and logarithms natural: {@code logLikelihood} of all rows together; {@code bic} and
 * {@code aic}, lower is better; {@code passes}; {@code converged}, 1 or 0; {@code componentsAtFloor}, how many components have
 * less spread of their own than the floor in some column. If that is not 0 the likelihood measures the floor, and BIC and AIC
 * must not choose the number of components. Each member has its {@code probability}.
 *
 * @param components at least 1 and at most the number of distinct rows; one that is no row's likeliest is no cluster
 * @param covariance shape of the components
 * @param restarts k-means starts, at least 1
 * @param maxPasses limit of passes over the rows from one start, at least 1
 * @param tolerance ends the passes when one changes the mean log-likelihood of a row by no more, at least 0
 * @param floor added to every variance
 * @see <a href="https://doi.org/10.1111/j.2517-6161.1977.tb01600.x">Dempster, Laird and Rubin (1977)</a>
 */
public record GaussianMixture(
        int components, Covariance covariance, int restarts, int maxPasses, double tolerance, Floor floor)
        implements ClusteringAlgorithm {

    private static final int START_PASSES = 300;

    public GaussianMixture {
        requireAtLeastOne("components", components);
        requireAtLeastOne("restarts", restarts);
        requireAtLeastOne("maxPasses", maxPasses);
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance must be a number of at least 0, was " + tolerance);
        }
    }

    private static void requireAtLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, was %d".formatted(what, value));
        }
    }

    /** Full covariance, 3 restarts of at most 200 passes, tolerance 1e-4, floor by the data. */
    public static GaussianMixture of(int components) {
        return new GaussianMixture(components, Covariance.FULL, 3, 200, 1e-4, Floor.BY_DATA);
    }

    @Override
    public Clustering fit(Matrix x, int @Nullable [] weights, long seed, Progress progress) {
        Progress steady = new SteadyProgress(progress);
        Memory.require(memoryNeeded(x.rows(), x.columns()), "a mixture of %d rows".formatted(x.rows()));
        CanonicalRows rows = CanonicalRows.of(x, weights, steady);
        Magnitude.require(x);
        if (components > rows.size()) {
            throw new UnsuitableData(
                    "k-above-distinct-rows",
                    "there are %d components but only %d distinct rows; choose at most %d"
                            .formatted(components, rows.size(), rows.size()));
        }
        double[] floors = floors(rows, steady);
        MixtureFit best = best(rows, floors, seed, steady);
        steady.at("done", 1);
        return clustering(best, rows, floors);
    }

    private double[] floors(CanonicalRows rows, Progress progress) {
        if (floor.constant() == null) {
            return VarianceFloor.byData(rows, progress);
        }
        double[] floors = new double[rows.columns()];
        Arrays.fill(floors, floor.constant());
        return floors;
    }

    private MixtureFit best(CanonicalRows rows, double[] floors, long seed, Progress progress) {
        progress.at("building a tree", 0.05);
        RowTree tree = new RowTree(rows);
        ExpectationMaximisation passes = new ExpectationMaximisation(rows, covariance, floors, maxPasses, tolerance);
        MixtureFit best = fromKMeans(tree, passes, seed, 0, progress);
        for (int restart = 1; restart < restarts; restart++) {
            MixtureFit found = fromKMeans(tree, passes, seed, restart, progress);
            best = found.logLikelihood() > best.logLikelihood() ? found : best;
        }
        return best;
    }

    private MixtureFit fromKMeans(
            RowTree tree, ExpectationMaximisation passes, long seed, int restart, Progress progress) {
        double share = 0.95 / restarts;
        Progress part = progress.part(0.05 + restart * share, share);
        long startSeed = Draws.of(seed, restart).bits(0);
        Partition start =
                new Restarts(1, START_PASSES, 0, startSeed).best(tree, components, components, part.part(0, 0.2))[0];
        return passes.fromGroups(start.labels(), start.centres(), components, part.part(0.2, 0.8));
    }

    private Clustering clustering(MixtureFit best, CanonicalRows rows, double[] floors) {
        int[] order = Numbering.order(best.componentOf(), components, rows.weights());
        int[] clusterOf = Numbering.inverse(order);
        int[] labels = new int[rows.size()];
        long[] members = new long[components];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = clusterOf[best.componentOf()[i]];
            members[labels[i]] += rows.weights()[i];
        }
        int clusters = (int) Arrays.stream(members).filter(size -> size > 0).count();
        double[] centres = new double[clusters * rows.columns()];
        for (int cluster = 0; cluster < clusters; cluster++) {
            double[] mean = best.components().mean(order[cluster]);
            System.arraycopy(mean, 0, centres, cluster * mean.length, mean.length);
        }
        List<String> warnings = new ArrayList<>();
        if (!best.converged()) {
            warnings.add("The mixture had not converged after %d passes: allow more, or a greater tolerance."
                    .formatted(best.passes()));
        }
        if (clusters < components) {
            warnings.add("Only %d of %d components are the likeliest of any row: fewer components would do."
                    .formatted(clusters, components));
        }
        int atFloor = warnOfFloors(best, rows, floors, order, members, warnings);
        return new Clustering(
                rows.toInput(labels),
                clusters,
                Matrix.of(clusters, rows.columns(), centres),
                new Model(best.components(), order, clusters),
                quality(best, rows, atFloor),
                Map.of("probability", rows.toInput(best.probability())),
                warnings);
    }

    private Map<String, Double> quality(MixtureFit best, CanonicalRows rows, int atFloor) {
        int d = rows.columns();
        double parameters = components - 1.0 + (double) components * d + covariance.parameters(components, d);
        Map<String, Double> quality = new LinkedHashMap<>();
        quality.put("logLikelihood", best.logLikelihood());
        quality.put("bic", -2 * best.logLikelihood() + parameters * StrictMath.log((double) rows.totalWeight()));
        quality.put("aic", -2 * best.logLikelihood() + 2 * parameters);
        quality.put("passes", (double) best.passes());
        quality.put("converged", best.converged() ? 1.0 : 0.0);
        quality.put("componentsAtFloor", (double) atFloor);
        return quality;
    }

    /** Says which components have no more spread than the floor, in which columns and around which values; counts them. */
    private static int warnOfFloors(
            MixtureFit best, CanonicalRows rows, double[] floors, int[] order, long[] members, List<String> warnings) {
        int count = 0;
        for (int cluster = 0; cluster < order.length; cluster++) {
            int component = order[cluster];
            StringJoiner columns = new StringJoiner(" and ");
            for (int w = 0; w < floors.length; w++) {
                if (best.variance(component, w) <= floors[w] && !isConstant(rows.byColumn()[w])) {
                    columns.add(
                            "{column %d} near %s".formatted(w, best.components().mean(component)[w]));
                }
            }
            if (columns.length() > 0) {
                count++;
                warnings.add(("A component of %d members has no more spread than the floor in %s: the likelihood then"
                                + " measures the floor, and BIC and AIC can't choose the number of components.")
                        .formatted(members[cluster], columns));
            }
        }
        return count;
    }

    private static boolean isConstant(double[] column) {
        return Arrays.stream(column).allMatch(value -> value == column[0]);
    }

    /** The sort, the index of the start, and the passes. */
    @Override
    public long memoryNeeded(int rows, int columns) {
        return KMeans.of(components).memoryNeeded(rows, columns)
                + ExpectationMaximisation.bytes(rows, columns, components);
    }

    /** The components, and which cluster each is. */
    public static final class Model implements ClusteringModel {

        static final String KIND = "gaussian-mixture";

        private final Components components;
        /** The component of each cluster, then those that are no cluster. */
        private final int[] order;

        private final int clusters;

        private Model(Components components, int[] order, int clusters) {
            this.components = components;
            this.order = order;
            this.clusters = clusters;
        }

        /** Share of cluster or component {@code cluster} in the mixture, in [0, 1]. */
        public double share(int cluster) {
            return components.share(order[cluster]);
        }

        /** Covariance of columns {@code a} and {@code b} in cluster or component {@code cluster}, the floor included. */
        public double covariance(int cluster, int a, int b) {
            return components.covariance(order[cluster], a, b);
        }

        /**
         * The probability of each row belonging to each component.
         *
         * @param x n rows
         * @return n x k values whose rows sum to 1: clusters in their order, then components that are no cluster
         * @throws UnsuitableData if a value is not finite
         */
        public Matrix memberships(Matrix x) {
            int k = order.length;
            double[] memberships = new double[Math.multiplyExact(x.rows(), k)];
            evaluate(x, (row, responsibilities, at) -> {
                for (int cluster = 0; cluster < k; cluster++) {
                    memberships[row * k + cluster] = responsibilities.part(order[cluster], at);
                }
            });
            return Matrix.of(x.rows(), k, memberships);
        }

        /** The likeliest among the clusters; of equally likely ones the first component. */
        @Override
        public int[] assign(Matrix x) {
            int[] labels = new int[x.rows()];
            evaluate(x, (row, responsibilities, at) -> {
                int likeliest = 0;
                for (int cluster = 1; cluster < clusters; cluster++) {
                    double more =
                            responsibilities.part(order[cluster], at) - responsibilities.part(order[likeliest], at);
                    if (more > 0 || (more == 0 && order[cluster] < order[likeliest])) {
                        likeliest = cluster;
                    }
                }
                labels[row] = likeliest;
            });
            return labels;
        }

        @Override
        public String measure() {
            return "improbability";
        }

        @Override
        public double[] distances(double[] row) {
            double[] probabilities = memberships(Matrix.ofRows(row)).row(0);
            double[] distances = new double[clusters];
            for (int cluster = 0; cluster < clusters; cluster++) {
                // a probability too small for a double still is one
                distances[cluster] = Math.max(0, -StrictMath.log(Math.max(Double.MIN_VALUE, probabilities[cluster])));
            }
            return distances;
        }

        private interface RowVisitor {
            /** Visits a row, which stands at place {@code at} of the block that was evaluated. */
            void visit(int row, Responsibilities responsibilities, int at);
        }

        private void evaluate(Matrix x, RowVisitor visitor) {
            if (x.columns() != components.columns()) {
                throw new IllegalArgumentException(
                        "the model has %d columns, the rows %d".formatted(components.columns(), x.columns()));
            }
            CanonicalRows.requireFinite(x);
            Parallel.blocks(x.rows(), Responsibilities.BLOCK, (from, to) -> {
                double[][] byColumn = new double[x.columns()][to - from];
                for (int i = from; i < to; i++) {
                    for (int w = 0; w < x.columns(); w++) {
                        byColumn[w][i - from] = x.get(i, w);
                    }
                }
                Responsibilities responsibilities = new Responsibilities(components);
                responsibilities.evaluate(byColumn, 0, to - from);
                for (int i = from; i < to; i++) {
                    visitor.visit(i, responsibilities, i - from);
                }
            });
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeUTF(KIND);
            components.write(out);
            for (int component : order) {
                out.writeInt(component);
            }
            out.writeInt(clusters);
        }

        static Model read(DataInput in) throws IOException {
            Components components = Components.read(in);
            int[] order = new int[components.size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = in.readInt();
            }
            return new Model(components, order, in.readInt());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Model that
                    && components.equals(that.components)
                    && Arrays.equals(order, that.order)
                    && clusters == that.clusters;
        }

        @Override
        public int hashCode() {
            return 31 * components.hashCode() + Arrays.hashCode(order);
        }
    }
}
