package clade.transactions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file for what an upload does not keep in memory. It is made when it is needed first and has no name from then on, where the
 * system allows that: nothing of it outlives the process.
 */
final class SpillFile implements AutoCloseable {

    /** With less room on the disk a failed write is for want of it. */
    private static final long FULL = 1 << 20;

    private final Path directory;
    private @Nullable FileChannel file;
    private long length;

    SpillFile(Path directory) {
        this.directory = directory;
    }

    /** The disk has no room for more. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1;

        Full(Path directory, IOException cause) {
            super("The disk that holds %s is full".formatted(directory), cause);
        }
    }

    /** Writes bytes behind those that are there, and tells where they begin. */
    synchronized long append(byte[] bytes, int count) throws IOException {
        FileChannel open = file == null ? open() : file;
        long begin = length;
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (rest.hasRemaining()) {
                open.write(rest, begin + rest.position());
            }
        } catch (IOException e) {
            throw Files.getFileStore(directory).getUsableSpace() < FULL ? new Full(directory, e) : e;
        }
        length = begin + count;
        return begin;
    }

    /** Reads so many bytes from that place. */
    void read(long begin, byte[] into, int offset, int count) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(into, offset, count);
        FileChannel open;
        synchronized (this) {
            open = file == null ? open() : file;
        }
        while (rest.hasRemaining()) {
            if (open.read(rest, begin + rest.position() - offset) < 0) {
                throw new IOException("The file of an upload under way has become shorter");
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private FileChannel open() throws IOException {
        Path path = Files.createTempFile(directory, "clade-upload-", ".rows");
        FileChannel open = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        file = open;
        return open;
    }
}
