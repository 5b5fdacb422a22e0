package clade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelTests {

    @Test
    void visitsEveryIndexOnceInBlocksOfTheGivenSize() {
        for (int n : new int[] {0, 1, 9, 10, 11, 1000}) {
            AtomicIntegerArray visits = new AtomicIntegerArray(n);
            Parallel.blocks(n, 10, (from, to) -> {
                assertThat(from % 10).isZero();
                assertThat(to - from).isBetween(1, 10);
                for (int i = from; i < to; i++) {
                    visits.incrementAndGet(i);
                }
            });
            for (int i = 0; i < n; i++) {
                assertThat(visits.get(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void throwsTheSameObjectThatABlockThrewAndBeginsNoMoreBlocks() {
        ForkJoinPool pool = new ForkJoinPool(4);
        CancellationException thrown = new CancellationException("enough");
        AtomicInteger begun = new AtomicInteger();
        Throwable caught = catchThrowable(() -> pool.submit(() -> {
                    Throwable inside = catchThrowable(() -> Parallel.blocks(1_000_000, 1, (from, to) -> {
                        begun.incrementAndGet();
                        throw thrown;
                    }));
                    assertThat(inside).isSameAs(thrown);
                })
                .get());
        pool.shutdown();
        assertThat(caught).isNull();
        assertThat(begun.get()).isLessThanOrEqualTo(5);
    }
}
