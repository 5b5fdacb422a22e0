package clade.bench;

import clade.clustering.Clustering;
import clade.clustering.Dbscan;
import clade.clustering.KMeans;
import clade.clustering.Progress;
import clade.statistics.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.Cluster;
import org.apache.commons.math3.ml.clustering.DBSCANClusterer;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.Well19937c;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole fits of customers in three columns, beside Commons Math. Its k-means starts from other centres than ours, so their
 * passes differ in number. Its DBSCAN does not count the customer itself in minPoints.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class ClusteringBenchmark {

    private static final int K = 8;
    private static final int MOST_PASSES = 100;
    private static final double EPS = 0.25;
    private static final int MIN_POINTS = 10;

    @Param("10000")
    int rows;

    private Matrix x = Matrix.of(0, 3, new double[0]);
    private final List<DoublePoint> points = new ArrayList<>();

    /** Recency in days, log orders and log spent, each over its standard deviation or near it. */
    @Setup
    public void makeCustomers() {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = new double[3 * rows];
        for (int i = 0; i < rows; i++) {
            int orders = (int) (1 / (1 - 0.99 * random.nextDouble()));
            double spent = 0;
            for (int order = 0; order < orders; order++) {
                spent += Math.rint(100 * Math.exp(2 + 2 * random.nextDouble())) / 100;
            }
            values[3 * i] = random.nextInt(1 + 365 / orders) / 100.0;
            values[3 * i + 1] = Math.log(orders);
            values[3 * i + 2] = Math.log(spent);
        }
        x = Matrix.of(rows, 3, values);
        for (int i = 0; i < rows; i++) {
            points.add(new DoublePoint(x.row(i)));
        }
    }

    @Benchmark
    public Clustering kMeans() {
        return new KMeans(K, 1, MOST_PASSES, 0, null).fit(x, null, 1, Progress.NONE);
    }

    @Benchmark
    public List<CentroidCluster<DoublePoint>> kMeansOfCommonsMath() {
        return new KMeansPlusPlusClusterer<DoublePoint>(K, MOST_PASSES, new EuclideanDistance(), new Well19937c(1))
                .cluster(points);
    }

    @Benchmark
    public Clustering dbscan() {
        return new Dbscan(EPS, MIN_POINTS).fit(x, null, 1, Progress.NONE);
    }

    @Benchmark
    public List<Cluster<DoublePoint>> dbscanOfCommonsMath() {
        return new DBSCANClusterer<DoublePoint>(EPS, MIN_POINTS - 1).cluster(points);
    }
}
