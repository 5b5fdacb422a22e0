package clade.transactions;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Counts different values by 64 bits of each, so that two of a million are taken for one once in 10^7 files. A few are kept in
 * memory, the others in a file, and sorted at the end.
 */
final class DistinctValues {

    private static final int MOST = 2048;

    /** Hashes sorted at a time, 32 MB of them. */
    private static final int SORTED = 1 << 22;

    private final Spool spilled;

    /** Open addressing; 0 is a free place. */
    private long[] table = new long[16];

    private int size;

    DistinctValues(Spool spilled) {
        this.spilled = spilled;
    }

    void add(CharSequence text, int from, int to) throws IOException {
        long hash = 0xcbf29ce484222325L; // FNV-1a, by characters
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        add(mixed(hash));
    }

    /** How many there are. */
    long count() throws IOException {
        if (spilled.length() == 0) {
            return size;
        }
        spill();
        long hashes = spilled.length() / Long.BYTES;
        int passes = Math.toIntExact((hashes + SORTED - 1) / SORTED);
        long count = 0;
        for (int pass = 0; pass < passes; pass++) {
            count += count(pass, passes, Math.toIntExact(Math.min(hashes, 2L * SORTED)));
        }
        return count;
    }

    /** Of those hashes whose share by their size is this of so many. */
    private long count(int pass, int passes, int room) throws IOException {
        long[] sorted = new long[room];
        int kept = 0;
        try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(spilled.read(), 1 << 16))) {
            for (long rest = spilled.length(); rest > 0; rest -= Long.BYTES) {
                long hash = in.readLong();
                if (passes == 1 || Math.floorMod(hash, passes) == pass) {
                    if (kept == sorted.length) {
                        sorted = Arrays.copyOf(sorted, 2 * kept);
                    }
                    sorted[kept++] = hash;
                }
            }
        }
        Arrays.sort(sorted, 0, kept);
        long count = kept == 0 ? 0 : 1;
        for (int i = 1; i < kept; i++) {
            count += sorted[i] == sorted[i - 1] ? 0 : 1;
        }
        return count;
    }

    private void add(long hash) throws IOException {
        if (!put(table, hash)) {
            return;
        }
        size++;
        if (size == MOST) {
            spill();
        } else if (2 * size == table.length) {
            long[] larger = new long[2 * table.length];
            for (long kept : table) {
                if (kept != 0) {
                    put(larger, kept);
                }
            }
            table = larger;
        }
    }

    private void spill() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
        for (long kept : table) {
            if (kept != 0) {
                bytes.putLong(kept);
            }
        }
        spilled.write(bytes.array(), 0, bytes.capacity());
        spilled.spill();
        Arrays.fill(table, 0);
        size = 0;
    }

    private static boolean put(long[] table, long hash) {
        int place = (int) hash & (table.length - 1);
        while (table[place] != 0) {
            if (table[place] == hash) {
                return false;
            }
            place = (place + 1) & (table.length - 1);
        }
        table[place] = hash;
        return true;
    }

    /** The last steps of splitmix64; never 0. */
    private static long mixed(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? 1 : mixed;
    }
}
