package clade.rfm;

import java.util.Arrays;
import java.util.Objects;

/**
 * Recency, frequency and monetary value of many customers, a column each. Rows stand in the order in which they were added, which
 * means nothing.
 */
public final class RfmTable {

    private static final int FIRST_CAPACITY = 1024;

    private int size;
    private long[] customers = new long[FIRST_CAPACITY];
    private long[] lastPurchases = new long[FIRST_CAPACITY];
    private int[] recencyDays = new int[FIRST_CAPACITY];
    private long[] frequencies = new long[FIRST_CAPACITY];
    private double[] monetary = new double[FIRST_CAPACITY];

    /**
     * Adds a customer.
     *
     * @param customer its number
     * @param lastPurchase local date and time of the last purchase, in microseconds since 1970-01-01T00:00 local
     * @param recency whole days from then on, at least 0
     * @param frequency orders, purchases or days with a purchase, at least 1
     * @param money sum of what it spent, in the dataset's currency
     */
    public void add(long customer, long lastPurchase, int recency, long frequency, double money) {
        if (size == customers.length) {
            grow();
        }
        customers[size] = customer;
        lastPurchases[size] = lastPurchase;
        recencyDays[size] = recency;
        frequencies[size] = frequency;
        monetary[size] = money;
        size++;
    }

    /** Number of customers. */
    public int size() {
        return size;
    }

    public long customer(int row) {
        return customers[Objects.checkIndex(row, size)];
    }

    /** Local date and time of the last purchase, in microseconds since 1970-01-01T00:00 local. */
    public long lastPurchase(int row) {
        return lastPurchases[Objects.checkIndex(row, size)];
    }

    public int recencyDays(int row) {
        return recencyDays[Objects.checkIndex(row, size)];
    }

    public long frequency(int row) {
        return frequencies[Objects.checkIndex(row, size)];
    }

    public double monetary(int row) {
        return monetary[Objects.checkIndex(row, size)];
    }

    private void grow() {
        int capacity = (int) Math.min(Integer.MAX_VALUE - 8L, size * 2L);
        customers = Arrays.copyOf(customers, capacity);
        lastPurchases = Arrays.copyOf(lastPurchases, capacity);
        recencyDays = Arrays.copyOf(recencyDays, capacity);
        frequencies = Arrays.copyOf(frequencies, capacity);
        monetary = Arrays.copyOf(monetary, capacity);
    }
}
