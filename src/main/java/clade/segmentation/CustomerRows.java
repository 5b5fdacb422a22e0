package clade.segmentation;

import clade.rfm.RfmTable;

/** Finds the row of a customer in a run's table: open addressing, 8 to 16 bytes a customer. */
final class CustomerRows {

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final RfmTable table;
    private final int[] slots;
    private final int shift;

    CustomerRows(RfmTable table) {
        this.table = table;
        int bits = 1 + Integer.SIZE - Integer.numberOfLeadingZeros(table.size());
        this.slots = new int[1 << bits];
        this.shift = Long.SIZE - bits;
        for (int row = 0; row < table.size(); row++) {
            slots[slot(table.customer(row))] = row + 1;
        }
    }

    /** Row of the customer of this number, −1 if it has none. */
    int find(long customer) {
        return slots[slot(customer)] - 1;
    }

    /** Where the customer is, or would be. */
    private int slot(long customer) {
        int slot = (int) ((customer * MIX) >>> shift);
        while (slots[slot] != 0 && table.customer(slots[slot] - 1) != customer) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }
}
