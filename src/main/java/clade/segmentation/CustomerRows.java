package clade.segmentation;

import java.util.function.IntToLongFunction;

/** Finds the row of a customer in a run's table: open addressing, 8 to 16 bytes a customer. */
final class CustomerRows {

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final IntToLongFunction customers;
    private final int[] slots;
    private final int shift;

    CustomerRows(FeatureTable table) {
        this(table.size(), table::customer);
    }

    /** {@code customers} tells the number of the customer in each row. */
    CustomerRows(int size, IntToLongFunction customers) {
        this.customers = customers;
        int bits = 1 + Integer.SIZE - Integer.numberOfLeadingZeros(size);
        this.slots = new int[1 << bits];
        this.shift = Long.SIZE - bits;
        for (int row = 0; row < size; row++) {
            slots[slot(customers.applyAsLong(row))] = row + 1;
        }
    }

    /** Row of the customer of this number, −1 if it has none. */
    int find(long customer) {
        return slots[slot(customer)] - 1;
    }

    /** Where the customer is, or would be. */
    private int slot(long customer) {
        int slot = (int) ((customer * MIX) >>> shift);
        while (slots[slot] != 0 && customers.applyAsLong(slots[slot] - 1) != customer) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }
}
