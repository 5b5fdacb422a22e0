package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import clade.statistics.Matrix;
import clade.statistics.Preparation;
import clade.statistics.Preparation.Column;
import clade.statistics.Preparation.NoCap;
import clade.statistics.Preparation.Scale;
import clade.statistics.Preparation.Transform;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every measure of a clustering keeps to. A new one joins by its line in {@link #measures}. */
class MeasuresTests {

    private static final Preparation AS_IT_IS =
            new Preparation(Collections.nCopies(3, new Column(new NoCap(), Transform.NONE, 1)), Scale.NONE, null);

    record Measure(String name, Of of) {

        interface Of {
            void measure(Matrix x, int[] labels, Progress progress);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Measure> measures() {
        return List.of(
                new Measure("silhouette", (x, labels, progress) -> Silhouette.of(x, null, labels, progress)),
                new Measure(
                        "silhouette of a sample",
                        (x, labels, progress) -> Silhouette.sample(x, null, labels, 300, 5, progress)),
                new Measure(
                        "squared silhouette", (x, labels, progress) -> Silhouette.squared(x, null, labels, progress)),
                new Measure(
                        "Calinski-Harabasz", (x, labels, progress) -> CalinskiHarabasz.of(x, null, labels, progress)),
                new Measure("Davies-Bouldin", (x, labels, progress) -> DaviesBouldin.of(x, null, labels, progress)),
                new Measure("DBCV", (x, labels, progress) -> Dbcv.of(x, labels, progress)),
                new Measure("k-distances", (x, labels, progress) -> KDistance.of(x, null, 5, progress)),
                new Measure("gap statistic", (x, labels, progress) -> GapStatistic.of(x, KMeans::of, 2, 5, progress)),
                new Measure("suggested eps", (x, labels, progress) -> {
                    KDistance distances = KDistance.of(x, null, 5, Progress.NONE);
                    distances.suggestEps(progress);
                }),
                new Measure(
                        "stability",
                        (x, labels, progress) -> Stability.of(x, AS_IT_IS, KMeans.of(3), labels, 5, progress)),
                new Measure("separation", (x, labels, progress) -> Separation.of(x, KMeans.of(3), 5, progress)));
    }

    private final Matrix x = RandomRows.of(1500, 3, 1, new SplittableRandom(9));
    private final int[] labels = KMeans.of(3).fit(x, null, 5, Progress.NONE).labels();

    @ParameterizedTest
    @MethodSource("measures")
    void endsAtWhicheverLookProgressCancels(Measure measure) {
        AtomicInteger looks = new AtomicInteger();
        measure.of().measure(x, labels, (phase, fraction) -> looks.incrementAndGet());
        assertThat(looks).hasPositiveValue();
        for (int last : new int[] {1, 2 + looks.get() / 3, looks.get() * 9 / 10}) {
            CancellationException enough = new CancellationException("enough");
            AtomicInteger left = new AtomicInteger(last);
            Throwable thrown = catchThrowable(() -> measure.of().measure(x, labels, (phase, fraction) -> {
                if (left.decrementAndGet() <= 0) {
                    throw enough;
                }
            }));
            assertThat(thrown).isSameAs(left.get() <= 0 ? enough : null);
        }
    }

    @ParameterizedTest
    @MethodSource("measures")
    void refusesAtOnceWhatTheHeapHasNoRoomFor(Measure measure) {
        Matrix many = RandomRows.of(500_000, 3, 1, new SplittableRandom(9));
        int[] itsLabels = new SplittableRandom(9).ints(many.rows(), 0, 3).toArray();
        AtomicInteger looks = new AtomicInteger();
        Throwable refusal = FullHeap.with(
                40, () -> measure.of().measure(many, itsLabels, (phase, fraction) -> looks.incrementAndGet()));
        assertThat(refusal)
                .isInstanceOf(UnsuitableData.class)
                .hasMessageMatching(".* of 500000 rows needs about \\d+ bytes of memory but only \\d+ are free")
                .extracting("code")
                .isEqualTo("not-enough-memory");
        assertThat(looks).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void refusesNaNByItsRowAndColumn(Measure measure) {
        x.values()[7 * 3 + 2] = Double.NaN;
        assertThat(catchThrowable(() -> measure.of().measure(x, labels, Progress.NONE)))
                .isInstanceOf(UnsuitableData.class)
                .hasMessageContaining("row 7, column 2");
    }
}
