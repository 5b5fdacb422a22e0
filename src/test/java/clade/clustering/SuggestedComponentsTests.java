package clade.clustering;

import static org.assertj.core.api.Assertions.assertThat;

import clade.clustering.SuggestedComponents.Candidate;
import clade.statistics.Draws;
import clade.statistics.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuggestedComponentsTests {

    private static SuggestedComponents suggested(Matrix x, int kMin, int kMax) {
        return SuggestedComponents.of(
                IntStream.rangeClosed(kMin, kMax)
                        .mapToObj(k -> GaussianMixture.of(k).fit(x, null, 3, Progress.NONE))
                        .toList(),
                kMin);
    }

    @Test
    void findsThreeNormalHeaps() {
        Draws draws = Draws.of(1, 1);
        double[][] rows = new double[300][];
        // sums of uniform numbers are nearly normal
        Arrays.setAll(rows, i -> {
            double[] row = {i % 3 * 6, i % 3 == 1 ? 5 : 0};
            for (int u = 0; u < 24; u++) {
                row[u % 2] += draws.uniform(24L * i + u) - 0.5;
            }
            return row;
        });
        SuggestedComponents suggested = suggested(Matrix.ofRows(rows), 1, 5);

        assertThat(suggested.components()).isEqualTo(3);
        assertThat(suggested.clear()).isTrue();
        assertThat(suggested.candidates()).extracting(Candidate::components).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void givesFitsAtTheFloorNoVote() {
        assertThat(SuggestedComponents.among(List.of(
                        new Candidate(1, 900, 890, 0),
                        new Candidate(2, 700, 650, 0),
                        new Candidate(3, 750, 640, 0),
                        new Candidate(4, 200, 100, 1))))
                .extracting(SuggestedComponents::components, SuggestedComponents::clear)
                .containsExactly(2, true);
        assertThat(SuggestedComponents.among(List.of(
                        new Candidate(2, 700, 650, 1), new Candidate(3, 600, 550, 1), new Candidate(6, 1, 1, 3))))
                .extracting(SuggestedComponents::components, SuggestedComponents::clear)
                .containsExactly(3, false);
    }
}
