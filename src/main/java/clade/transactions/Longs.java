package clade.transactions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers of customers, as many as come. */
final class Longs {

    private long[] numbers = new long[64];
    private int size;

    void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number;
    }

    /** Each number once, ascending. */
    long[] distinct() {
        return Arrays.stream(numbers, 0, size).sorted().distinct().toArray();
    }

    /** The numbers in their order, at most so many together. */
    static List<long[]> split(long[] numbers, int atMost) {
        List<long[]> parts = new ArrayList<>();
        for (int from = 0; from < numbers.length; from += atMost) {
            parts.add(Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + atMost)));
        }
        return parts;
    }
}
