package clade.transactions;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** What a client sends. Failures to read it are told apart from failures to make sense of it. */
final class ClientStream extends FilterInputStream {

    private @Nullable Lost lost;

    ClientStream(InputStream in) {
        super(in);
    }

    /** The connection is gone, or nothing came through it for too long. */
    static final class Lost extends IOException {
        final boolean silent;

        Lost(IOException cause) {
            super(cause.getMessage(), cause);
            silent = cause instanceof SocketTimeoutException || cause.getCause() instanceof SocketTimeoutException;
        }

        String reason() {
            return silent
                    ? "The client sent nothing for too long"
                    : "The connection was lost before the end of the file";
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (IOException e) {
            lost = new Lost(e);
            throw lost;
        }
    }

    /** Fails if a read has failed before, even if a reader in between took that for the end of the file. */
    void check() throws Lost {
        if (lost != null) {
            throw lost;
        }
    }
}
