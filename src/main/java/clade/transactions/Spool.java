package clade.transactions;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Bytes that are written first and read from the beginning afterwards, in memory until {@link #spill}. */
final class Spool {

    private final SpillFile file;

    /** Where pieces begin in the file and how long they are, in turn. */
    private long[] pieces = new long[8];

    private int pieceCount;
    private byte[] memory = new byte[0];
    private int inMemory;
    private long length;

    Spool(SpillFile file) {
        this.file = file;
    }

    long length() {
        return length;
    }

    void write(byte[] bytes, int offset, int count) {
        if (memory.length - inMemory < count) {
            memory = Arrays.copyOf(memory, Math.max(Math.max(256, 2 * memory.length), inMemory + count));
        }
        System.arraycopy(bytes, offset, memory, inMemory, count);
        inMemory += count;
        length += count;
    }

    /** Moves what is in memory to the file. */
    void spill() throws IOException {
        if (inMemory == 0) {
            return;
        }
        if (pieceCount == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * pieceCount);
        }
        pieces[pieceCount++] = file.append(memory, inMemory);
        if (pieceCount == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * pieceCount);
        }
        pieces[pieceCount++] = inMemory;
        inMemory = 0;
    }

    /** Everything from the beginning; nothing may be written meanwhile. */
    InputStream read() {
        return new InputStream() {
            private int piece;
            private long begin = pieceCount > 0 ? pieces[0] : 0;
            private long left = pieceCount > 0 ? pieces[1] : inMemory;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int wanted) throws IOException {
                while (left == 0) {
                    if (piece >= pieceCount) {
                        return -1;
                    }
                    piece += 2;
                    begin = piece < pieceCount ? pieces[piece] : 0;
                    left = piece < pieceCount ? pieces[piece + 1] : inMemory;
                }
                int count = (int) Math.min(left, wanted);
                if (piece < pieceCount) {
                    file.read(begin, into, offset, count);
                } else {
                    System.arraycopy(memory, (int) begin, into, offset, count);
                }
                begin += count;
                left -= count;
                return count;
            }
        };
    }
}
