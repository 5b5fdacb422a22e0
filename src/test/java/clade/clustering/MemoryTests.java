package clade.clustering;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryTests {

    @Test
    void refusesMoreThanTheHeapCanGiveAndSaysHowMuchThatIs() {
        long needed = Runtime.getRuntime().maxMemory() + 1;
        assertThatThrownBy(() -> Memory.require(needed, "k-means of 9 rows"))
                .isInstanceOf(UnsuitableData.class)
                .hasMessageMatching(
                        "k-means of 9 rows needs about " + needed + " bytes of memory but only \\d+ are free")
                .extracting("code")
                .isEqualTo("not-enough-memory");
        assertThatCode(() -> Memory.require(1000, "k-means of 9 rows")).doesNotThrowAnyException();
    }
}
